// The surface on the graphics card: the only file that imports three. It draws when told to and frees what it took.
import {
  BufferAttribute,
  BufferGeometry,
  Color,
  ConeGeometry,
  DirectionalLight,
  DoubleSide,
  Group,
  HemisphereLight,
  LineBasicMaterial,
  LineSegments,
  Mesh,
  MeshBasicMaterial,
  MeshLambertMaterial,
  MeshStandardMaterial,
  type Object3D,
  PerspectiveCamera,
  Plane,
  Raycaster,
  Scene,
  SphereGeometry,
  SRGBColorSpace,
  Vector2,
  Vector3,
  WebGLRenderer,
} from "three";
import type { Colour, SurfaceDescription } from "../../runtime/index.ts";
import { isolines } from "./isolines.ts";
import { chooseLevels } from "./levels.ts";
import { rampSteps } from "./ramp.ts";
import {
  boxPath,
  eye,
  fitBox,
  gridMesh,
  gridNet,
  halfAngle,
  halfHeight,
  leftCorner,
  outline,
  pointAt,
  progressAt,
  tube,
  type BoxPath,
  type Fit,
  type SurfaceModel,
  type Vector,
  type View,
} from "./surface-model.ts";

/** The theme's colours as `rgb(…)`. */
export interface SceneColours {
  /** From low to high. */
  ramp: string[];
  ink: string;
  faint: string;
  paper: string;
  series: (colour: Colour) => string;
}

const tubeRadius = 0.017;
const ballRadius = 0.058;
const tubeSides = 8;

interface DrawnPath {
  path: BoxPath;
  tube: BufferGeometry;
  ball: Mesh;
}

export class SurfaceScene {
  private readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly camera = new PerspectiveCamera((2 * halfAngle * 180) / Math.PI, 1, 0.1, 60);
  private readonly light = new DirectionalLight(0xffffff, 1.9);
  /** From the sky more than from the ground: slopes stay readable where the lamp does not reach. */
  private readonly sky = new HemisphereLight(0xffffff, 0xd8d4e0, 1.75);
  private readonly content = new Group();
  private readonly frame = new Group();
  private readonly raycaster = new Raycaster();
  private readonly clipping = [
    new Plane(new Vector3(0, 0, -1), halfHeight * 1.001),
    new Plane(new Vector3(0, 0, 1), halfHeight * 1.001),
  ];
  private surface: Mesh | null = null;
  private paths: DrawnPath[] = [];
  private handle: Mesh | null = null;
  private model: SurfaceModel;
  private outlined: Vector[] = [];
  private fit: (Fit & { key: string; outlined: Vector[] }) | null = null;
  private colours: SceneColours;
  private width = 1;
  private height = 1;
  private frameCorner = "";

  /** @throws Error when the browser gives no WebGL context */
  constructor(canvas: HTMLCanvasElement, model: SurfaceModel, colours: SceneColours) {
    this.renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true, powerPreference: "low-power" });
    this.renderer.localClippingEnabled = true;
    this.renderer.setClearColor(0, 0);
    this.model = model;
    this.colours = colours;
    this.camera.up.set(0, 0, 1);
    this.sky.position.set(0, 0, 1);
    this.scene.add(this.sky, this.light, this.content, this.frame);
  }

  /** Builds everything anew: other data, or another theme. */
  show(surface: SurfaceDescription, model: SurfaceModel, colours: SceneColours): void {
    this.model = model;
    this.outlined = outline(model);
    this.colours = colours;
    this.frameCorner = "";
    empty(this.content);
    this.surface = this.addSurface();
    this.addIsolines();
    this.addOverlay();
    this.paths = surface.trajectories.map((trajectory) =>
      this.addPath(boxPath(trajectory, model, tubeRadius), trajectory.colour ?? "red"),
    );
    for (const { from, to, colour } of surface.arrows ?? []) this.addArrow(from, to, colour ?? "orange");
    this.handle = null;
    if (surface.handle) {
      this.handle = new Mesh(new SphereGeometry(ballRadius * 1.25, 24, 16), this.material("orange"));
      this.content.add(this.handle);
    }
  }

  resize(width: number, height: number, pixelRatio: number): void {
    this.width = width;
    this.height = height;
    this.renderer.setPixelRatio(Math.min(2, pixelRatio));
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
  }

  /** Draws one picture. `handle` is the movable point in data coordinates. */
  render(view: View, time: number, handle: [number, number] | null): void {
    const [x, y, z] = eye(view);
    const fit = this.fitted(view);
    const distance = fit.distance / view.zoom;
    this.camera.position.set(x * distance, y * distance, z * distance);
    this.camera.lookAt(0, 0, 0);
    this.camera.setViewOffset(
      this.width,
      this.height,
      (-fit.shift[0] * this.width) / 2,
      (fit.shift[1] * this.height) / 2,
      this.width,
      this.height,
    );
    this.camera.updateMatrixWorld();
    // A lamp over the reader's left shoulder, which turns with the view.
    this.light.position.set(x * 3 + y * 2.6, y * 3 - x * 2.6, 4.2);
    this.drawFrame(view);
    for (const { path, tube, ball } of this.paths) {
      const progress = progressAt(path, time);
      const at = pointAt(path, progress);
      ball.visible = at !== null;
      if (at) ball.position.set(at[0], at[1], at[2] + ballRadius * 0.6);
      tube.setDrawRange(0, Math.floor(progress) * tubeSides * 6);
    }
    if (this.handle && handle) {
      const at = this.handleAt(...handle);
      this.handle.visible = at !== null;
      if (at) this.handle.position.set(...at);
    }
    this.renderer.render(this.scene, this.camera);
  }

  /** Worked out once for each view, not for each frame of a path that is played. */
  private fitted(view: View): Fit {
    const key = `${view.azimuth} ${view.elevation} ${this.width} ${this.height}`;
    if (this.fit?.key !== key || this.fit.outlined !== this.outlined) {
      const { outlined } = this;
      this.fit = { key, outlined, ...fitBox(outlined, view, this.width, this.height) };
    }
    return this.fit;
  }

  /** Where a point of the box stands in the picture, in CSS pixels. */
  project([x, y, z]: Vector): [number, number] {
    const point = new Vector3(x, y, z).project(this.camera);
    return [((point.x + 1) / 2) * this.width, ((1 - point.y) / 2) * this.height];
  }

  /** The middle of the movable ball that lies on the surface, in the box. */
  handleAt(x: number, y: number): Vector | null {
    const at = this.onSurface(x, y);
    return at && [at[0], at[1], at[2] + ballRadius * 0.7];
  }

  private onSurface(x: number, y: number): Vector | null {
    const z = this.model.height(x, y);
    if (z === null) return null;
    const at = this.model.place(x, y, z);
    at[2] = Math.min(halfHeight, Math.max(-halfHeight, at[2]));
    return at.every(Number.isFinite) ? at : null;
  }

  /** The point of the surface below a place in the picture, in data coordinates; beside the surface, of its floor. */
  pick(pixelX: number, pixelY: number): [number, number] | null {
    this.raycaster.setFromCamera(
      new Vector2((pixelX / this.width) * 2 - 1, 1 - (pixelY / this.height) * 2),
      this.camera,
    );
    const hits = this.surface ? this.raycaster.intersectObject(this.surface, false) : [];
    const hit = hits.find(({ point }) => Math.abs(point.z) <= halfHeight * 1.01)?.point;
    const floor = hit ?? this.raycaster.ray.intersectPlane(new Plane(new Vector3(0, 0, 1), 0), new Vector3());
    return floor ? [this.model.x.scale.value(floor.x), this.model.y.scale.value(floor.y)] : null;
  }

  dispose(): void {
    empty(this.content);
    empty(this.frame);
    this.renderer.dispose();
    this.renderer.forceContextLoss();
  }

  private material(colour: Colour): MeshStandardMaterial {
    return new MeshStandardMaterial({
      color: toColour(this.colours.series(colour)),
      roughness: 0.38,
      metalness: 0,
    });
  }

  private addSurface(): Mesh {
    const { positions, shares, index } = gridMesh(this.model.grid, this.model);
    const ramp = this.colours.ramp.map(toColour);
    const colours = new Float32Array(shares.length * 3);
    const mixed = new Color();
    shares.forEach((share, at) => {
      const step = Math.min(rampSteps - 1, Math.floor(share * rampSteps));
      const [low, high] = [ramp[step], ramp[step + 1]];
      if (low && high) mixed.lerpColors(low, high, share * rampSteps - step).toArray(colours, at * 3);
    });
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(positions, 3));
    geometry.setAttribute("color", new BufferAttribute(colours, 3));
    geometry.setIndex(new BufferAttribute(index, 1));
    geometry.computeVertexNormals();
    const mesh = new Mesh(
      geometry,
      new MeshStandardMaterial({
        vertexColors: true,
        side: DoubleSide,
        roughness: 0.62,
        metalness: 0,
        clippingPlanes: this.clipping,
        polygonOffset: true,
        polygonOffsetFactor: 1,
        polygonOffsetUnits: 1,
      }),
    );
    this.content.add(mesh);
    return mesh;
  }

  private addIsolines(): void {
    const { grid } = this.model;
    const positions: number[] = [];
    for (const { level, rings } of isolines(grid, chooseLevels(grid.values, 14)))
      for (const ring of rings)
        for (let index = 1; index < ring.length; index++) {
          const [from, to] = [ring[index - 1], ring[index]];
          if (!from || !to || (isOutside(from, grid) && isOutside(to, grid))) continue;
          const ends = [from, to].flatMap((end) => this.model.place(...within(end, grid), level));
          if (ends.every(Number.isFinite)) positions.push(...ends);
        }
    this.content.add(this.segments(positions, this.colours.ink, 0.34, this.clipping));
  }

  private addOverlay(): void {
    const { overlay } = this.model;
    if (!overlay) return;
    const mesh = gridMesh(overlay, this.model);
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(mesh.positions, 3));
    geometry.setIndex(new BufferAttribute(mesh.index, 1));
    geometry.computeVertexNormals();
    const sheet = new Mesh(
      geometry,
      new MeshLambertMaterial({
        color: toColour(this.colours.series("orange")),
        side: DoubleSide,
        transparent: true,
        opacity: 0.38,
        depthWrite: false,
        clippingPlanes: this.clipping,
      }),
    );
    sheet.renderOrder = 2;
    this.content.add(sheet);
    // A sparse net shows the bend that a plain translucent sheet hides.
    const lines = this.segments(gridNet(overlay, mesh), this.colours.series("orange"), 0.7, this.clipping);
    lines.renderOrder = 3;
    this.content.add(lines);
  }

  private addPath(path: BoxPath, colour: Colour): DrawnPath {
    const { positions, normals, index } = tube(path.points, tubeRadius, tubeSides);
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(positions, 3));
    geometry.setAttribute("normal", new BufferAttribute(normals, 3));
    geometry.setIndex(new BufferAttribute(index, 1));
    const ball = new Mesh(new SphereGeometry(ballRadius, 24, 16), this.material(colour));
    this.content.add(
      new Mesh(geometry, this.material(colour)),
      ball,
      ghost(geometry, toColour(this.colours.series(colour))),
    );
    return { path, tube: geometry, ball };
  }

  private addArrow(from: Vector, to: Vector, colour: Colour): void {
    const [a, b] = [this.model.place(...from), this.model.place(...to)];
    if (![...a, ...b].every(Number.isFinite)) return;
    const start = new Vector3(...a);
    const way = new Vector3(...b).sub(start);
    const length = way.length();
    if (length < 1e-6) return;
    const headLength = Math.min(0.13, length * 0.5);
    const neck = start.clone().addScaledVector(way, 1 - headLength / length);
    const shaft = new BufferGeometry();
    const data = tube([a, [neck.x, neck.y, neck.z]], 0.016);
    shaft.setAttribute("position", new BufferAttribute(data.positions, 3));
    shaft.setAttribute("normal", new BufferAttribute(data.normals, 3));
    shaft.setIndex(new BufferAttribute(data.index, 1));
    const head = new ConeGeometry(headLength * 0.36, headLength, 20);
    const toWay = new Vector3(0, 1, 0);
    const cone = new Mesh(head, this.material(colour));
    const placeCone = (object: Object3D): void => {
      object.quaternion.setFromUnitVectors(toWay, way.clone().normalize());
      object.position.copy(neck).addScaledVector(way.clone().normalize(), headLength / 2);
    };
    placeCone(cone);
    const tint = toColour(this.colours.series(colour));
    const coneGhost = ghost(head, tint);
    placeCone(coneGhost);
    this.content.add(new Mesh(shaft, this.material(colour)), cone, ghost(shaft, tint), coneGhost);
  }

  private segments(positions: number[], colour: string, opacity: number, clipping: Plane[]): LineSegments {
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(Float32Array.from(positions), 3));
    return new LineSegments(
      geometry,
      new LineBasicMaterial({
        color: toColour(colour),
        transparent: true,
        opacity,
        clippingPlanes: clipping,
      }),
    );
  }

  /** The floor and the two far walls' edges, with lines at the ticks; rebuilt only when other walls become the far ones. */
  private drawFrame(view: View): void {
    const [ex, ey] = eye(view);
    const [nearX, nearY] = [ex >= 0 ? 1 : -1, ey >= 0 ? 1 : -1];
    const [cornerX, cornerY] = leftCorner(view);
    const corner = `${nearX} ${nearY} ${cornerX} ${cornerY}`;
    if (corner === this.frameCorner) return;
    this.frameCorner = corner;
    empty(this.frame);
    const floor = -halfHeight;
    const strong: number[] = [];
    const faint: number[] = [];
    strong.push(-1, nearY, floor, 1, nearY, floor, nearX, -1, floor, nearX, 1, floor);
    strong.push(cornerX, cornerY, floor, cornerX, cornerY, halfHeight);
    faint.push(-1, -nearY, floor, 1, -nearY, floor, -nearX, -1, floor, -nearX, 1, floor);
    const { x, y, z } = this.model;
    for (const { value } of x.ticks) {
      const at = x.scale.place(value);
      faint.push(at, -1, floor, at, 1, floor);
      strong.push(at, nearY, floor, at, nearY * 1.04, floor);
    }
    for (const { value } of y.ticks) {
      const at = y.scale.place(value);
      faint.push(-1, at, floor, 1, at, floor);
      strong.push(nearX, at, floor, nearX * 1.04, at, floor);
    }
    for (const { value } of z.ticks) {
      const at = z.scale.place(value);
      strong.push(cornerX, cornerY, at, cornerX * 1.03, cornerY * 1.03, at);
    }
    this.frame.add(
      this.segments(faint, this.colours.faint, 0.35, []),
      this.segments(strong, this.colours.faint, 1, []),
    );
  }
}

/** The part of a mark behind the surface, seen faintly through it. */
function ghost(geometry: BufferGeometry, colour: Color): Mesh {
  const mesh = new Mesh(
    geometry,
    new MeshBasicMaterial({
      color: colour,
      transparent: true,
      opacity: 0.22,
      depthTest: false,
      depthWrite: false,
    }),
  );
  mesh.renderOrder = 1;
  return mesh;
}

function isOutside([x, y]: [number, number], grid: SurfaceModel["grid"]): boolean {
  return x < grid.x[0] || x > grid.x[1] || y < grid.y[0] || y > grid.y[1];
}

/** d3 closes its rings half a cell outside the grid. */
function within([x, y]: [number, number], grid: SurfaceModel["grid"]): [number, number] {
  return [Math.min(grid.x[1], Math.max(grid.x[0], x)), Math.min(grid.y[1], Math.max(grid.y[0], y))];
}

function toColour(css: string): Color {
  const [red = 0, green = 0, blue = 0] = (css.match(/[\d.]+/g) ?? []).map(Number);
  return new Color().setRGB(red / 255, green / 255, blue / 255, SRGBColorSpace);
}

/** Takes everything out of a group and frees its buffers. */
function empty(group: Group): void {
  group.traverse((object) => {
    if (!(object instanceof Mesh) && !(object instanceof LineSegments)) return;
    const { geometry, material } = object as { geometry: BufferGeometry; material: unknown };
    geometry.dispose();
    for (const one of Array.isArray(material) ? material : [material])
      if (
        one instanceof MeshBasicMaterial ||
        one instanceof MeshLambertMaterial ||
        one instanceof MeshStandardMaterial ||
        one instanceof LineBasicMaterial
      )
        one.dispose();
  });
  group.clear();
}

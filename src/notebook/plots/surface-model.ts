// A surface in the coordinates of its box: x and y from −1 to 1, z from −`half` to `half`. Pure arithmetic; nothing of the screen.
import { bisectLeft, bisectRight, max, min, quantileSorted } from "d3-array";
import type { Axis, Grid, SurfaceDescription } from "../../runtime/index.ts";
import { axisScale, type AxisScale, type Tick } from "./axis-scale.ts";
import { gridX, gridY, interpolate, isRange, usable, usableExtent, usableGrid } from "./numbers-in.ts";

export type Vector = [number, number, number];

/** Half the height of the box, where half its width is 1. */
export const halfHeight = 0.62;
/** How far data beyond the box is followed, in box heights; the rest is cut off by the picture. */
const reach = 4;

export interface BoxAxis {
  label: string;
  scale: AxisScale;
  ticks: Tick[];
}

export interface SurfaceModel {
  x: BoxAxis;
  y: BoxAxis;
  z: BoxAxis;
  /** From data to the box; coordinates are NaN where there is no place. */
  place(x: number, y: number, z: number): Vector;
  /** The height of the surface at a point, in data units. */
  height(x: number, y: number): number | null;
  /**
   * The colour of a height: the share of the surface in view that lies below it, from 0 to 1. By rank, so that one
   * steep wall does not take all the colours away from the valley.
   */
  share(z: number): number;
  /** The height below which this share of the surface in view lies. */
  quantile(share: number): number;
  grid: Grid;
  overlay: Grid | null;
}

/** `null` when the grid cannot be drawn. */
export function surfaceModel(surface: SurfaceDescription): SurfaceModel | null {
  const { grid } = surface;
  if (!usableGrid(grid)) return null;
  const zKind = surface.z?.scale ?? "linear";
  const zDomain = heightDomain(surface, zKind);
  if (!zDomain) return null;
  const x = boxAxis(surface.x, grid.x, [-1, 1], "x");
  const y = boxAxis(surface.y, grid.y, [-1, 1], "y");
  const z = boxAxis({ ...surface.z, domain: zDomain }, zDomain, [-halfHeight, halfHeight], "z");
  const limit = halfHeight * reach;
  const lift = (value: number): number => {
    if (zKind === "log" && value <= 0) return -limit;
    return Math.min(limit, Math.max(-limit, z.scale.place(value)));
  };
  const ranks = ranksWithin(grid, zDomain);
  return {
    x,
    y,
    z,
    ...ranks,
    place: (a, b, c) => [x.scale.place(a), y.scale.place(b), usable(c) ? lift(c) : NaN],
    height: (a, b) => interpolate(grid, a, b),
    grid,
    overlay: surface.overlay && usableGrid(surface.overlay) ? surface.overlay : null,
  };
}

function ranksWithin(
  { values }: Grid,
  [low, high]: [number, number],
): Pick<SurfaceModel, "share" | "quantile"> {
  const sorted = Array.from(values)
    .filter((value) => usable(value) && value >= low && value <= high)
    .sort((left, right) => left - right);
  const last = sorted.length - 1;
  return {
    share(z) {
      if (last < 1 || !(z > (sorted[0] ?? NaN))) return 0;
      if (z >= (sorted[last] ?? NaN)) return 1;
      const above = bisectRight(sorted, z);
      const [from = z, to = z] = [sorted[above - 1], sorted[above]];
      // The middle of equal values: a plateau has one colour, and no edge where it ends.
      const rank =
        from === z ? (bisectLeft(sorted, z) + above - 1) / 2 : above - 1 + (z - from) / (to - from);
      return rank / last;
    },
    quantile: (share) => quantileSorted(sorted, share) ?? low,
  };
}

function heightDomain(
  { grid, z, trajectories }: SurfaceDescription,
  kind: "linear" | "log" | "symlog",
): [number, number] | null {
  const fits = (value: number): boolean => usable(value) && (kind !== "log" || value > 1e-150);
  if (z?.domain?.every(fits)) {
    const [low, high] = [Math.min(...z.domain), Math.max(...z.domain)];
    if (isRange(low, high)) return [low, high];
  }
  const values = Array.from(grid.values).filter(fits);
  const found = usableExtent(values);
  if (!found) return null;
  const paths = trajectories.flatMap((path) => path.z.filter(fits));
  // A path may reach below the coarse grid, but one that explodes must not flatten the surface.
  const low = Math.min(found[0], min(paths) ?? Infinity);
  const high = Math.max(found[1], Math.min(max(paths) ?? -Infinity, found[1]));
  if (kind === "log") return isRange(low, high) ? [Math.max(low, high * 1e-12), high] : [low / 2, low * 2];
  if (isRange(low, high)) return [low, high];
  const room = Math.abs(low) > 1e-100 ? Math.abs(low) / 2 : 1;
  return [low - room, low + room];
}

function boxAxis(
  axis: Axis | undefined,
  domain: [number, number],
  range: [number, number],
  name: string,
): BoxAxis {
  const kind = name === "z" ? (axis?.scale ?? "linear") : "linear";
  const scale = axisScale({ kind, domain }, range);
  return {
    label: axis?.label ?? name,
    scale,
    ticks: scale.ticks(4).filter(({ label }) => label !== ""),
  };
}

export interface MeshData {
  positions: Float32Array;
  /** For each vertex the share of the surface below it, for its colour. */
  shares: Float32Array;
  index: Uint32Array;
  /** 1 for each vertex that has a place; the others belong to no triangle. */
  whole: Uint8Array;
}

/** Triangles over a grid; those that touch a value that is not finite are left out. */
export function gridMesh(grid: Grid, model: SurfaceModel): MeshData {
  const { columns, rows, values } = grid;
  const positions = new Float32Array(columns * rows * 3);
  const shares = new Float32Array(columns * rows);
  const whole = new Uint8Array(columns * rows);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      const point = model.place(gridX(grid, column), gridY(grid, row), values[at] ?? NaN);
      whole[at] = point.every(Number.isFinite) ? 1 : 0;
      positions.set(whole[at] ? point : [0, 0, 0], at * 3);
      shares[at] = whole[at] ? model.share(values[at] ?? NaN) : 0;
    }
  const index: number[] = [];
  const triangle = (a: number, b: number, c: number): void => {
    if (whole[a] && whole[b] && whole[c]) index.push(a, b, c);
  };
  for (let row = 0; row + 1 < rows; row++)
    for (let column = 0; column + 1 < columns; column++) {
      const a = row * columns + column;
      const [b, c, d] = [a + 1, a + columns, a + columns + 1];
      // Split along the diagonal that is flatter, so that ridges stay sharp.
      const flat =
        Math.abs((values[a] ?? 0) - (values[d] ?? 0)) <= Math.abs((values[b] ?? 0) - (values[c] ?? 0));
      if (flat) {
        triangle(a, b, d);
        triangle(a, d, c);
      } else {
        triangle(a, b, c);
        triangle(b, d, c);
      }
    }
  return { positions, shares, index: Uint32Array.from(index), whole };
}

/** Lines along every few rows and columns of a grid, as pairs of ends; none leads to a vertex without a place. */
export function gridNet({ columns, rows }: Grid, { positions, whole }: MeshData): number[] {
  const ends: number[] = [];
  const every = Math.max(1, Math.round((Math.min(columns, rows) - 1) / 16));
  const join = (from: number, to: number): void => {
    if (!whole[from] || !whole[to]) return;
    for (const at of [from, to]) ends.push(...positions.subarray(at * 3, at * 3 + 3));
  };
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      if (column + 1 < columns && row % every === 0) join(at, at + 1);
      if (row + 1 < rows && column % every === 0) join(at, at + columns);
    }
  return ends;
}

/** A path in the box, without the steps that have no place; `times` are the steps of the points kept. */
export interface BoxPath {
  points: Vector[];
  times: number[];
}

const mostPathPoints = 600;

export function boxPath(
  { x, y, z }: { x: number[]; y: number[]; z: number[] },
  model: SurfaceModel,
  lift: number,
): BoxPath {
  const points: Vector[] = [];
  const times: number[] = [];
  const length = Math.min(x.length, y.length, z.length);
  const every = Math.max(1, Math.ceil(length / mostPathPoints));
  for (let step = 0; step < length; step++) {
    if (step % every !== 0 && step !== length - 1) continue;
    const [a, b, c] = model.place(x[step] ?? NaN, y[step] ?? NaN, z[step] ?? NaN);
    if (!Number.isFinite(a + b + c) || Math.abs(a) > 1.0001 || Math.abs(b) > 1.0001) continue;
    points.push([a, b, c + lift]);
    times.push(step);
  }
  return { points, times };
}

/** Where on a path the time is: the number of points passed, with the share of the way to the next. */
export function progressAt({ times }: BoxPath, time: number): number {
  if (times.length === 0) return 0;
  let index = 0;
  while (index + 1 < times.length && (times[index + 1] ?? Infinity) <= time) index++;
  const [from = 0, to] = [times[index], times[index + 1]];
  if (to === undefined || time <= from) return index;
  return index + (time - from) / (to - from);
}

export function pointAt({ points }: BoxPath, progress: number): Vector | null {
  const index = Math.min(points.length - 1, Math.max(0, Math.floor(progress)));
  const [from, to] = [points[index], points[index + 1]];
  if (!from) return null;
  if (!to) return from;
  const share = progress - index;
  return [0, 1, 2].map((axis) => (from[axis] ?? 0) + ((to[axis] ?? 0) - (from[axis] ?? 0)) * share) as Vector;
}

/** Rings of a tube around a path: positions, normals and triangles, `sides` × 6 indices for each stretch between two points. */
export function tube(
  points: readonly Vector[],
  radius: number,
  sides = 8,
): { positions: Float32Array; normals: Float32Array; index: Uint32Array } {
  const positions = new Float32Array(points.length * sides * 3);
  const normals = new Float32Array(points.length * sides * 3);
  const index: number[] = [];
  let side: Vector = [1, 0, 0];
  points.forEach((point, at) => {
    const before = points[Math.max(0, at - 1)] ?? point;
    const after = points[Math.min(points.length - 1, at + 1)] ?? point;
    const along = unit([after[0] - before[0], after[1] - before[1], after[2] - before[2]]) ?? [0, 1, 0];
    // The side stays as it was as far as it can, so that the tube does not twist.
    const part = dot(side, along);
    side =
      unit([side[0] - part * along[0], side[1] - part * along[1], side[2] - part * along[2]]) ??
      perpendicular(along);
    const up = cross(along, side);
    for (let turn = 0; turn < sides; turn++) {
      const angle = (2 * Math.PI * turn) / sides;
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      const normal = [0, 1, 2].map((axis) => cos * (side[axis] ?? 0) + sin * (up[axis] ?? 0));
      normals.set(normal, (at * sides + turn) * 3);
      positions.set(
        normal.map((value, axis) => (point[axis] ?? 0) + radius * value),
        (at * sides + turn) * 3,
      );
      if (at + 1 < points.length) {
        const next = (turn + 1) % sides;
        const [a, b, c, d] = [
          at * sides + turn,
          at * sides + next,
          (at + 1) * sides + turn,
          (at + 1) * sides + next,
        ];
        index.push(a, b, c, b, d, c);
      }
    }
  });
  return { positions, normals, index: Uint32Array.from(index) };
}

function unit([x, y, z]: Vector): Vector | null {
  const length = Math.hypot(x, y, z);
  return length < 1e-9 ? null : [x / length, y / length, z / length];
}

function cross([a, b, c]: Vector, [x, y, z]: Vector): Vector {
  return [b * z - c * y, c * x - a * z, a * y - b * x];
}

function dot([a, b, c]: Vector, [x, y, z]: Vector): number {
  return a * x + b * y + c * z;
}

function perpendicular(along: Vector): Vector {
  return unit(cross(along, [0, 0, 1])) ?? unit(cross(along, [0, 1, 0])) ?? [1, 0, 0];
}

export interface View {
  /** Radians around the vertical axis; 0 looks along +y. */
  azimuth: number;
  /** Radians above the floor. */
  elevation: number;
  /** 1 shows the whole box; larger is nearer. */
  zoom: number;
}

export const firstView: View = { azimuth: 2 * Math.PI - 0.6, elevation: 0.52, zoom: 1 };

/** A view turned and zoomed, within what is useful to see. */
export function turned(view: View, azimuth: number, elevation: number, zoom = 1): View {
  const round = 2 * Math.PI;
  return {
    azimuth: (((view.azimuth + azimuth) % round) + round) % round,
    elevation: Math.min(1.5, Math.max(-0.2, view.elevation + elevation)),
    zoom: Math.min(3, Math.max(0.7, view.zoom * zoom)),
  };
}

/** A direction from the middle of the box to the eye. */
export function eye({ azimuth, elevation }: View): Vector {
  const flat = Math.cos(elevation);
  return [flat * Math.sin(azimuth), -flat * Math.cos(azimuth), Math.sin(elevation)];
}

/** Where a camera stands so that the box with its labels fills a picture. */
export interface Fit {
  /** From the middle of the box. */
  distance: number;
  /** The middle of the box in the picture, in halves of its width and height: right and up are positive. */
  shift: [number, number];
}

/** Half the camera's upright angle, in radians. */
export const halfAngle = (13 * Math.PI) / 180;

/** Places that a picture of the surface must show, whatever the view: the floor with its labels, and the surface itself. */
export function outline(model: SurfaceModel): Vector[] {
  const { grid } = model;
  const points: Vector[] = [];
  for (const x of [-1.1, 1.1]) for (const y of [-1.1, 1.1]) points.push([x, y, -halfHeight]);
  const samples = 12;
  for (let row = 0; row <= samples; row++)
    for (let column = 0; column <= samples; column++) {
      const [a, b] = [
        grid.x[0] + ((grid.x[1] - grid.x[0]) * column) / samples,
        grid.y[0] + ((grid.y[1] - grid.y[0]) * row) / samples,
      ];
      const [x, y, z] = model.place(a, b, model.height(a, b) ?? NaN);
      if (Number.isFinite(x + y + z)) points.push([x, y, Math.min(halfHeight, Math.max(-halfHeight, z))]);
    }
  return points;
}

/** The least distance from which everything fits into a picture of so many CSS pixels. */
export function fitBox(outlined: readonly Vector[], view: View, width: number, height: number): Fit {
  const toEye = eye(view);
  const right: Vector = [Math.cos(view.azimuth), Math.sin(view.azimuth), 0];
  const up = cross(toEye, right);
  const axisTop: Vector = [...leftCorner(view), halfHeight + 0.12];
  const points = [...outlined, axisTop, ...nameSpots(view)];
  const tangent = Math.tan(halfAngle);
  // Texts keep their size in a small picture: they need more of it.
  const [roomX, roomY] = [1 - 44 / width, 1 - 20 / height];
  const extent = (distance: number): { x: [number, number]; y: [number, number] } => {
    const places = points.map((point) => {
      const depth = distance - dot(point, toEye);
      return [dot(point, right) / (depth * tangent * (width / height)), dot(point, up) / (depth * tangent)];
    });
    const range = (axis: 0 | 1): [number, number] => {
      const values = places.map((place) => place[axis] ?? 0);
      return [Math.min(...values), Math.max(...values)];
    };
    return { x: range(0), y: range(1) };
  };
  let [near, far] = [2.4, 40];
  for (let round = 0; round < 24; round++) {
    const middle = (near + far) / 2;
    const { x, y } = extent(middle);
    if (x[1] - x[0] <= 2 * roomX && y[1] - y[0] <= 2 * roomY) far = middle;
    else near = middle;
  }
  const { x, y } = extent(far);
  return { distance: far, shift: [-(x[0] + x[1]) / 2, -(y[0] + y[1]) / 2] };
}

export interface BoxLabel {
  key: string;
  text: string;
  at: Vector;
  kind: "tick" | "name";
}

/** Ticks and names at the edges of the box nearest to the eye. Keys and their order do not depend on the view. */
export function boxLabels(model: SurfaceModel, view: View): BoxLabel[] {
  const [ex, ey] = eye(view);
  const nearX = ex >= 0 ? 1 : -1;
  const nearY = ey >= 0 ? 1 : -1;
  const floor = -halfHeight;
  // The z axis stands at the corner that is at the left of the picture.
  const corner: [number, number] = leftCorner(view);
  const out = 1.13;
  const labels: BoxLabel[] = [];
  for (const { value, label } of model.x.ticks)
    labels.push({
      key: `x${label}`,
      text: label,
      at: [model.x.scale.place(value), nearY * out, floor],
      kind: "tick",
    });
  for (const { value, label } of model.y.ticks)
    labels.push({
      key: `y${label}`,
      text: label,
      at: [nearX * out, model.y.scale.place(value), floor],
      kind: "tick",
    });
  for (const { value, label } of model.z.ticks)
    labels.push({
      key: `z${label}`,
      text: label,
      at: [corner[0] * 1.09, corner[1] * 1.09, model.z.scale.place(value)],
      kind: "tick",
    });
  labels.push(
    { key: "x", text: model.x.label, at: nameSpots(view)[0], kind: "name" },
    { key: "y", text: model.y.label, at: nameSpots(view)[1], kind: "name" },
    {
      key: "z",
      text: model.z.label,
      at: [corner[0] * 1.04, corner[1] * 1.04, halfHeight + 0.14],
      kind: "name",
    },
  );
  return labels;
}

/** Where the names of the x and the y axis stand: beside the edges of the floor nearest to the eye. */
function nameSpots(view: View): [Vector, Vector] {
  const [ex, ey] = eye(view);
  return [
    [0, ey >= 0 ? 1.36 : -1.36, -halfHeight],
    [ex >= 0 ? 1.36 : -1.36, 0, -halfHeight],
  ];
}

/** The upright edge of the box that stands furthest left in the picture. */
export function leftCorner({ azimuth }: View): [number, number] {
  const right = [Math.cos(azimuth), Math.sin(azimuth)];
  const corners: [number, number][] = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ];
  return corners.reduce((best, corner) =>
    corner[0] * (right[0] ?? 0) + corner[1] * (right[1] ?? 0) <
    best[0] * (right[0] ?? 0) + best[1] * (right[1] ?? 0)
      ? corner
      : best,
  );
}

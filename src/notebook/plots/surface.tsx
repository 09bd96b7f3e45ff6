// A surface over the plane, to be turned, played and touched. Its graphics code arrives when the picture comes near the screen;
// where there is no WebGL the same data are a filled contour plot.
import type { HTMLAttributes, JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { SurfaceDescription } from "../../runtime/index.ts";
import { LazyModule, useLazy } from "../outputs/lazy.ts";
import type { PointHandling } from "../outputs/outputs.tsx";
import { surfaceTables } from "./data-tables.ts";
import { Figure } from "./figure.tsx";
import { Handle, usePointDrag, type Point } from "./handle.tsx";
import { SurfaceLegend } from "./legend.tsx";
import { usePlayback } from "./playback.ts";
import { Player } from "./player.tsx";
import { Plot, usePlayOnceInView } from "./plot.tsx";
import { summariseSurface } from "./summary.ts";
import { asPlot } from "./surface-as-plot.ts";
import { boxLabels, firstView, surfaceModel, turned, type SurfaceModel, type View } from "./surface-model.ts";
import type { SurfaceScene } from "./surface-scene.ts";
import { SurfaceTools } from "./surface-tools.tsx";
import { readColours, useThemeVersion } from "./theme.ts";
import { useWidth } from "./use-size.ts";
import "./plots.css";

const sceneCode = new LazyModule(() => import("./surface-scene.ts"));

export function Surface({
  surface,
  ...handling
}: PointHandling & { surface: SurfaceDescription }): JSX.Element {
  const model = useMemo(() => surfaceModel(surface), [surface]);
  const [broken, setBroken] = useState(false);
  useEffect(() => setBroken(!hasWebGl()), []);
  if (!model || broken) return <Plot plot={asPlot(surface)} {...handling} />;
  return <SurfaceFigure surface={surface} model={model} onBroken={() => setBroken(true)} {...handling} />;
}

/** The height of the picture of a surface, for its width; both in CSS pixels. */
export function surfaceHeight(width: number): number {
  return Math.round(Math.min(540, Math.max(260, width * 0.8)));
}

let webGl: boolean | null = null;

function hasWebGl(): boolean {
  webGl ??= document.createElement("canvas").getContext("webgl2") !== null;
  return webGl;
}

interface SurfaceFigureProps extends PointHandling {
  surface: SurfaceDescription;
  model: SurfaceModel;
  onBroken: () => void;
}

function SurfaceFigure({
  surface,
  model,
  onBroken,
  points,
  inputValues,
  onInput,
  onInputEnd,
}: SurfaceFigureProps): JSX.Element {
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const labels = useRef<HTMLDivElement>(null);
  const scene = useRef<SurfaceScene | null>(null);
  const [view, setView] = useState<View>(firstView);
  const [handlePixel, setHandlePixel] = useState<Point>([NaN, NaN]);
  const [contexts, setContexts] = useState(0);
  const near = useNearScreen(stage);
  const code = useLazy(sceneCode, near);
  const width = useWidth(stage, 640);
  const height = surfaceHeight(width);
  const theme = useThemeVersion();

  const steps = Math.max(
    0,
    ...surface.trajectories.map(({ x, y, z }) => Math.min(x.length, y.length, z.length) - 1),
  );
  const playback = usePlayback(steps);
  usePlayOnceInView(stage, steps > 0, playback.restart);

  const key = surface.handle?.input ?? "";
  const input = points.get(key);
  const stored = inputValues[key];
  const range = {
    x: input?.x ?? surface.grid.x,
    y: input?.y ?? surface.grid.y,
    xLabel: model.x.label,
    yLabel: model.y.label,
  };
  const drag = usePointDrag(
    Array.isArray(stored) ? stored : [surface.handle?.x ?? 0, surface.handle?.y ?? 0],
    range,
    (point) => onInput(key, point),
    (point) => onInputEnd?.(key, point),
  );
  const handle = surface.handle ? drag.point : null;

  // Each scene holds one of the few graphics contexts a page may have: it lives while the picture is near the screen.
  // These are layout effects so that the picture below is drawn in the same turn.
  useLayoutEffect(() => {
    const target = canvas.current;
    if (code.status !== "ready" || !near || !target || !stage.current) return;
    let made: SurfaceScene;
    try {
      made = new code.module.SurfaceScene(target, model, readColours(stage.current));
    } catch {
      onBroken();
      return;
    }
    scene.current = made;
    const lost = (event: Event): void => event.preventDefault();
    const restored = (): void => setContexts((now) => now + 1);
    target.addEventListener("webglcontextlost", lost);
    target.addEventListener("webglcontextrestored", restored);
    return () => {
      target.removeEventListener("webglcontextlost", lost);
      target.removeEventListener("webglcontextrestored", restored);
      scene.current = null;
      made.dispose();
    };
  }, [code, near, contexts]);

  useLayoutEffect(() => {
    if (stage.current) scene.current?.show(surface, model, readColours(stage.current));
  }, [surface, model, theme, code, near, contexts]);

  useLayoutEffect(() => {
    scene.current?.resize(width, height, devicePixelRatio);
  }, [width, height, code, near, contexts]);

  const boxTexts = boxLabels(model, view);
  const arrows = (surface.arrows ?? []).filter((arrow) => arrow.label !== undefined && arrow.label !== "");
  useLayoutEffect(() => {
    const drawn = scene.current;
    if (!drawn) return;
    drawn.render(view, playback.time, handle);
    const elements = labels.current?.children ?? [];
    [...boxTexts.map((label) => label.at), ...arrows.map(({ to }) => model.place(...to))].forEach(
      (at, index) => {
        const element = elements[index];
        if (!(element instanceof HTMLElement)) return;
        const [x, y] = drawn.project(at);
        element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, ${index < boxTexts.length ? "-50%" : "-150%"})`;
        element.style.visibility = Number.isFinite(x + y) ? "visible" : "hidden";
      },
    );
    const at = handle && drawn.handleAt(...handle);
    const pixel: Point = at ? drawn.project(at) : [NaN, NaN];
    if (!Object.is(pixel[0], handlePixel[0]) || !Object.is(pixel[1], handlePixel[1])) setHandlePixel(pixel);
  });

  const turn = (azimuth: number, elevation: number, zoom = 1): void =>
    setView((now) => turned(now, azimuth, elevation, zoom));
  const pointers = useOrbit(turn);

  return (
    <Figure title={surface.title} summary={summariseSurface(surface)} tables={() => surfaceTables(surface)}>
      {(ids) => (
        <>
          <SurfaceLegend surface={surface} model={model} />
          <div
            ref={stage}
            class="surface-stage"
            style={{ height: `${height}px` }}
            role="group"
            tabIndex={0}
            aria-label={`3D view of ${surface.title}. Arrow keys turn it, plus and minus zoom, 0 resets.`}
            onKeyDown={(event) => {
              if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey)
                return;
              const turns: Record<string, () => void> = {
                ArrowLeft: () => turn(-0.15, 0),
                ArrowRight: () => turn(0.15, 0),
                ArrowUp: () => turn(0, 0.1),
                ArrowDown: () => turn(0, -0.1),
                "+": () => turn(0, 0, 1.15),
                "=": () => turn(0, 0, 1.15),
                "-": () => turn(0, 0, 1 / 1.15),
                "0": () => setView(firstView),
              };
              const act = turns[event.key];
              if (!act) return;
              event.preventDefault();
              act();
            }}
            {...pointers}
          >
            {/* A canvas never gets a second context: each scene has a canvas of its own. */}
            <canvas
              ref={canvas}
              key={`${contexts} ${near}`}
              role="img"
              aria-labelledby={ids.title}
              aria-describedby={ids.summary}
            />
            <div ref={labels} aria-hidden="true">
              {boxTexts.map((label) => (
                <span key={label.key} class={`surface-label surface-label-${label.kind}`}>
                  {label.text}
                </span>
              ))}
              {arrows.map((arrow, index) => (
                <span
                  key={`arrow-${index}`}
                  class="surface-label surface-label-arrow"
                  style={{ "--series": `var(--series-${arrow.colour ?? "orange"})` }}
                >
                  {arrow.label}
                </span>
              ))}
            </div>
            {surface.handle && (
              <Handle
                label={input?.label ?? key}
                drag={drag}
                range={range}
                pixel={handlePixel}
                colour="orange"
                pointAt={(clientX, clientY) => {
                  const box = stage.current?.getBoundingClientRect();
                  return (box && scene.current?.pick(clientX - box.left, clientY - box.top)) ?? null;
                }}
              />
            )}
          </div>
          <div class="surface-foot">
            {steps > 0 && (
              <Player
                playback={playback}
                name={
                  surface.trajectories.length === 1
                    ? (surface.trajectories[0]?.label ?? surface.title)
                    : surface.title
                }
              />
            )}
            <SurfaceTools turn={turn} reset={() => setView(firstView)} />
          </div>
          {code.status === "failed" && (
            <p class="output-note">
              The code for surfaces did not arrive. Run the cell again when you are online.
            </p>
          )}
        </>
      )}
    </Figure>
  );
}

/** Whether an element is on the screen or within a screen's height of it. */
function useNearScreen(element: { readonly current: HTMLElement | null }): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (!element.current) return;
    const observer = new IntersectionObserver((entries) => setNear(entries.at(-1)?.isIntersecting ?? false), {
      rootMargin: "100%",
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return near;
}

type Pointers = Pick<
  HTMLAttributes<HTMLDivElement>,
  "onPointerDown" | "onPointerMove" | "onPointerUp" | "onPointerCancel" | "onWheel"
>;

/** One pointer turns, two pinch; a wheel zooms only with Ctrl or Command, so that the page still scrolls over the picture. */
function useOrbit(turn: (azimuth: number, elevation: number, zoom?: number) => void): Pointers {
  const down = useRef(new Map<number, Point>());
  const spread = (): number => {
    const [a, b] = down.current.values();
    return a && b ? Math.hypot(a[0] - b[0], a[1] - b[1]) : 0;
  };
  const up = (event: PointerEvent): void => {
    down.current.delete(event.pointerId);
  };
  return {
    onPointerDown: (event) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      down.current.set(event.pointerId, [event.clientX, event.clientY]);
    },
    onPointerMove: (event) => {
      const before = down.current.get(event.pointerId);
      if (!before) return;
      const distance = spread();
      down.current.set(event.pointerId, [event.clientX, event.clientY]);
      if (down.current.size === 2 && distance > 0) return turn(0, 0, spread() / distance);
      if (down.current.size === 1)
        turn((before[0] - event.clientX) * 0.008, (event.clientY - before[1]) * 0.006);
    },
    onPointerUp: up,
    onPointerCancel: up,
    onWheel: (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      turn(0, 0, Math.exp(-event.deltaY * 0.003));
    },
  };
}

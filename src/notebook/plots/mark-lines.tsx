// Marks that are paths: lines, and trajectories drawn up to a moment in time.
import { line as linePath } from "d3-shape";
import type { JSX } from "preact";
import type { LineMark, TrajectoryMark } from "../../runtime/index.ts";
import { downsampleFrom, keepVisible } from "./downsample.ts";
import type { Layout } from "./layout.ts";
import { round } from "./mark-shapes.tsx";
import type { Series } from "./prepare.ts";

type Placed = [number, number];

const pathOf = linePath()
  .defined(([x, y]) => Number.isFinite(x) && Number.isFinite(y))
  .x(([x]) => Math.round(x * 10) / 10)
  .y(([, y]) => Math.round(y * 10) / 10);

/** Pixels far outside the frame are brought near to it: browsers draw paths with huge coordinates wrongly. */
function near(pixel: number): number {
  return Math.min(20_000, Math.max(-20_000, pixel));
}

function placedPoints({ x, y }: { x: number[]; y: number[] }, layout: Layout, upTo = Infinity): Placed[] {
  const length = Math.min(x.length, y.length, upTo);
  const place = (index: number): Placed => [
    near(layout.x.place(x[index] ?? NaN)),
    near(layout.y.place(y[index] ?? NaN)),
  ];
  if (length < downsampleFrom) return Array.from({ length }, (_, index) => place(index));
  const heights = length === y.length ? y : y.slice(0, length);
  return keepVisible(heights, (index) => Math.floor(layout.x.place(x[index] ?? NaN))).map(place);
}

export function Line({ series, layout }: { series: Series<LineMark>; layout: Layout }): JSX.Element {
  const points = placedPoints(series.mark, layout);
  const drawn = points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  if (drawn.length === 1) return <circle class="plot-dot" cx={drawn[0]?.[0]} cy={drawn[0]?.[1]} r={3} />;
  return <path class={series.mark.dash ? "plot-line plot-dashed" : "plot-line"} d={pathOf(points) ?? ""} />;
}

/** The whole path faintly, the part up to `time` (a place between two steps) strongly, and the ball; without a trail the ball alone. */
export function Trajectory({
  series,
  layout,
  time,
}: {
  series: Series<TrajectoryMark>;
  layout: Layout;
  time: number;
}): JSX.Element | null {
  const { mark } = series;
  const length = Math.min(mark.x.length, mark.y.length);
  if (length === 0) return null;
  const now = positionAt(mark, time);
  const ball: Placed = [near(layout.x.place(now[0])), near(layout.y.place(now[1]))];
  if (mark.trail === false) {
    return Number.isFinite(ball[0] + ball[1]) ? (
      <circle class="plot-dots" cx={round(ball[0])} cy={round(ball[1])} r={3.5} />
    ) : null;
  }
  const done = placedPoints(mark, layout, Math.floor(Math.min(time, length - 1)) + 1);
  const whole = placedPoints(mark, layout);
  const [startX, startY] = whole[0] ?? [NaN, NaN];
  return (
    <>
      <path class="plot-path-rest" d={pathOf(whole) ?? ""} />
      <path class="plot-path" d={pathOf([...done, ball]) ?? ""} />
      {length <= 60 &&
        done.map(([x, y], index) =>
          Number.isFinite(x + y) ? <circle key={index} class="plot-step" cx={x} cy={y} r={2} /> : null,
        )}
      {Number.isFinite(startX + startY) && <circle class="plot-start" cx={startX} cy={startY} r={4} />}
      {Number.isFinite(ball[0] + ball[1]) && <circle class="plot-ball" cx={ball[0]} cy={ball[1]} r={6} />}
    </>
  );
}

/** Where a trajectory is at a time, between two steps on the straight line. */
export function positionAt({ x, y }: { x: number[]; y: number[] }, time: number): [number, number] {
  const last = Math.min(x.length, y.length) - 1;
  const inside = Math.min(last, Math.max(0, time));
  const step = Math.min(Math.max(0, last - 1), Math.floor(inside));
  const share = inside - step;
  const at = (values: number[]): number => {
    const [from = NaN, to = from] = [values[step], values[Math.min(last, step + 1)]];
    return share === 0 ? from : from + (to - from) * share;
  };
  return [at(x), at(y)];
}

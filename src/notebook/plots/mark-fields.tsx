// Marks over a grid: contour lines, filled contours, heat maps. A heat map is one path per colour step, so it stays light and scales.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { formatNumber } from "../outputs/numbers.ts";
import type { ContourMark, Grid, HeatMark } from "../../runtime/index.ts";
import { isolines, type Isoline } from "./isolines.ts";
import type { Layout } from "./layout.ts";
import { chooseLevels } from "./levels.ts";
import { round } from "./mark-shapes.tsx";
import { usable, usableExtent } from "./numbers-in.ts";
import type { Series } from "./prepare.ts";
import { rampColour, rampSteps, type Palette } from "./ramp.ts";

export function contourLevels({ levels, grid }: ContourMark): number[] {
  return levels ? levels.filter(usable).sort((left, right) => left - right) : chooseLevels(grid.values);
}

export function Contour({ series, layout }: { series: Series<ContourMark>; layout: Layout }): JSX.Element {
  const { mark } = series;
  const levels = useMemo(() => contourLevels(mark), [mark]);
  const lines = useMemo(() => isolines(mark.grid, levels), [mark, levels]);
  const labels = useMemo(() => lineLabels(lines, mark.grid, layout), [lines, mark, layout]);
  const share = (index: number): number => (index + 1) / Math.max(1, levels.length);
  const colour = mark.colour === undefined ? "plot-contour" : "plot-contour plot-contour-series";
  return (
    <g class={mark.filled ? `${colour} plot-contour-filled` : colour}>
      {mark.filled && (
        <>
          <path d={fillPath(frameOf(mark.grid), mark.grid, layout)} style={{ fill: rampColour(0, "wash") }} />
          {lines.map(({ level, rings }, index) => (
            <path
              key={level}
              d={fillPath(rings, mark.grid, layout)}
              style={{ fill: rampColour(share(index), "wash") }}
            />
          ))}
        </>
      )}
      {lines.map(({ level, rings }, index) => (
        <path
          key={level}
          class="plot-isoline"
          d={linePath(rings, mark.grid, layout)}
          {...(mark.filled || mark.colour !== undefined
            ? {}
            : { style: { stroke: rampColour(0.25 + 0.7 * share(index), "sequential") } })}
        />
      ))}
      {labels.map(({ level, x, y, angle }) => (
        <text
          key={level}
          class="plot-isoline-label"
          transform={`translate(${round(x)},${round(y)}) rotate(${round(angle)})`}
          dy="0.32em"
        >
          {formatNumber(level, 3)}
        </text>
      ))}
    </g>
  );
}

function frameOf({ x, y }: Grid): [number, number][][] {
  return [
    [
      [x[0], y[0]],
      [x[1], y[0]],
      [x[1], y[1]],
      [x[0], y[1]],
    ],
  ];
}

/** Rings brought into the grid's rectangle: d3 closes them half a cell outside. */
function fillPath(rings: Isoline["rings"], { x, y }: Grid, layout: Layout): string {
  const clamp = (value: number, [low, high]: [number, number]): number =>
    Math.min(high, Math.max(low, value));
  let path = "";
  for (const ring of rings) {
    let command = "M";
    for (const [a, b] of ring) {
      const [px, py] = [layout.x.place(clamp(a, x)), layout.y.place(clamp(b, y))];
      if (!Number.isFinite(px + py)) continue;
      path += `${command}${round(px)},${round(py)}`;
      command = "L";
    }
    if (command === "L") path += "Z";
  }
  return path;
}

/** The rings without the stretches along the border of the grid, which are no contour. */
function linePath(rings: Isoline["rings"], grid: Grid, layout: Layout): string {
  const outside = ([a, b]: [number, number]): boolean =>
    a < grid.x[0] || a > grid.x[1] || b < grid.y[0] || b > grid.y[1];
  let path = "";
  for (const ring of rings) {
    let pen = false;
    for (let index = 1; index < ring.length; index++) {
      const [from, to] = [ring[index - 1], ring[index]];
      if (!from || !to || (outside(from) && outside(to))) {
        pen = false;
        continue;
      }
      const [ax, ay] = [layout.x.place(from[0]), layout.y.place(from[1])];
      const [bx, by] = [layout.x.place(to[0]), layout.y.place(to[1])];
      if (!Number.isFinite(ax + ay + bx + by)) {
        pen = false;
        continue;
      }
      path += `${pen ? "" : `M${round(ax)},${round(ay)}`}L${round(bx)},${round(by)}`;
      pen = true;
    }
  }
  return path;
}

interface LineLabel {
  level: number;
  x: number;
  y: number;
  angle: number;
}

/** One label per level where it has room: well inside the frame, on a long ring, far from the labels before it. */
export function lineLabels(lines: readonly Isoline[], grid: Grid, layout: Layout): LineLabel[] {
  const { frame } = layout;
  const placed: LineLabel[] = [];
  if (frame.right - frame.left < 240) return placed;
  for (const { level, rings } of lines) {
    const ring = rings.reduce<[number, number][]>(
      (longest, ring) => (ring.length > longest.length ? ring : longest),
      [],
    );
    let best: (LineLabel & { score: number }) | null = null;
    for (let index = 2; index < ring.length - 2; index += Math.max(1, Math.floor(ring.length / 80))) {
      const [before, here, after] = [ring[index - 2], ring[index], ring[index + 2]];
      if (!before || !here || !after) continue;
      const [x, y] = [layout.x.place(here[0]), layout.y.place(here[1])];
      const inside = Math.min(x - frame.left, frame.right - x, y - frame.top, frame.bottom - y);
      if (!(inside > 24)) continue;
      const [ax, ay] = [layout.x.place(before[0]), layout.y.place(before[1])];
      const [bx, by] = [layout.x.place(after[0]), layout.y.place(after[1])];
      let angle = (Math.atan2(by - ay, bx - ax) * 180) / Math.PI;
      if (angle > 90) angle -= 180;
      if (angle < -90) angle += 180;
      const distance = Math.min(400, ...placed.map((label) => Math.hypot(label.x - x, label.y - y)));
      // Bent stretches read badly, and so does text that stands upright.
      const bend = Math.hypot(ax + bx - 2 * x, ay + by - 2 * y);
      const score = distance - 8 * bend - Math.abs(angle) * 0.6;
      if (distance > 40 && (!best || score > best.score)) best = { level, x, y, angle, score };
    }
    if (best) placed.push({ level: best.level, x: best.x, y: best.y, angle: best.angle });
  }
  return placed;
}

export function heatPalette(mark: HeatMark): Palette {
  return mark.palette === "diverging" ? "diverging" : "sequential";
}

/** Smallest and largest value that the colours span; for a diverging palette it is symmetric about 0. */
export function heatExtent(mark: HeatMark): [number, number] {
  const [low, high] = usableExtent(mark.grid.values) ?? [0, 1];
  if (mark.palette !== "diverging") return [low, high];
  const reach = Math.max(Math.abs(low), Math.abs(high)) || 1;
  return [-reach, reach];
}

const mostCells = 160;

export function Heat({ series, layout }: { series: Series<HeatMark>; layout: Layout }): JSX.Element {
  const { mark } = series;
  const paths = useMemo(() => heatPaths(mark, layout), [mark, layout]);
  return (
    <g class="plot-heat">
      {paths.map(({ share, path }) => (
        <path key={share} d={path} style={{ fill: rampColour(share, heatPalette(mark)) }} />
      ))}
    </g>
  );
}

/** The cells of each colour step as one path; runs of equal colour in a row are one rectangle. */
export function heatPaths(mark: HeatMark, layout: Layout): { share: number; path: string }[] {
  const { grid } = mark;
  const [low, high] = heatExtent(mark);
  // Cells smaller than two pixels are averaged in blocks.
  const blockX = Math.ceil(grid.columns / mostCells);
  const blockY = Math.ceil(grid.rows / mostCells);
  const columns = Math.ceil(grid.columns / blockX);
  const rows = Math.ceil(grid.rows / blockY);
  const edge = (index: number, block: number, size: number, [from, to]: [number, number]): number =>
    from + (to - from) * Math.min(1, Math.max(0, (index * block - 0.5) / (size - 1)));
  const paths = new Map<number, string>();
  for (let row = 0; row < rows; row++) {
    const bottom = layout.y.place(edge(row, blockY, grid.rows, grid.y));
    const top = layout.y.place(edge(row + 1, blockY, grid.rows, grid.y));
    let start = 0;
    let current = stepOf(blockMean(grid, 0, row, blockX, blockY), low, high);
    for (let column = 1; column <= columns; column++) {
      const next = column < columns ? stepOf(blockMean(grid, column, row, blockX, blockY), low, high) : null;
      if (next === current && column < columns) continue;
      if (current !== null) {
        const left = layout.x.place(edge(start, blockX, grid.columns, grid.x));
        const right = layout.x.place(edge(column, blockX, grid.columns, grid.x));
        if (Number.isFinite(left + right + top + bottom))
          paths.set(
            current,
            `${paths.get(current) ?? ""}M${round(left)},${round(top)}H${round(right)}V${round(bottom)}H${round(left)}Z`,
          );
      }
      start = column;
      current = next;
    }
  }
  return [...paths]
    .sort(([left], [right]) => left - right)
    .map(([step, path]) => ({ share: step / rampSteps, path }));
}

function stepOf(value: number | null, low: number, high: number): number | null {
  if (value === null) return null;
  if (!(high > low)) return rampSteps / 2;
  return Math.round(Math.min(1, Math.max(0, (value - low) / (high - low))) * rampSteps);
}

function blockMean(grid: Grid, column: number, row: number, blockX: number, blockY: number): number | null {
  let sum = 0;
  let found = 0;
  for (let r = row * blockY; r < Math.min(grid.rows, (row + 1) * blockY); r++)
    for (let c = column * blockX; c < Math.min(grid.columns, (column + 1) * blockX); c++) {
      const value = grid.values[r * grid.columns + c];
      if (!usable(value)) continue;
      sum += value;
      found++;
    }
  return found === 0 ? null : sum / found;
}

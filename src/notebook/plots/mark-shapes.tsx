// Marks that are single shapes: dots, bars, arrows, rules, texts.
import type { JSX } from "preact";
import type { ArrowMark, BarMark, DotMark, RuleMark, TextMark } from "../../runtime/index.ts";
import { textWidth, type Layout } from "./layout.ts";
import { usable, usableExtent } from "./numbers-in.ts";
import { barStep, type Series } from "./prepare.ts";
import { rampColour, rampSteps } from "./ramp.ts";

export function Dots({ series, layout }: { series: Series<DotMark>; layout: Layout }): JSX.Element {
  const { x, y, value, radius } = series.mark;
  const extent = value && usableExtent(value);
  const size = usable(radius) ? Math.min(40, Math.max(0.5, radius)) : 3;
  const many = x.length > 300;
  const shown: JSX.Element[] = [];
  for (let index = 0; index < Math.min(x.length, y.length); index++) {
    const [cx, cy] = [layout.x.place(x[index] ?? NaN), layout.y.place(y[index] ?? NaN)];
    if (!Number.isFinite(cx) || !Number.isFinite(cy) || !inFrame(cx, cy, layout, size)) continue;
    const share = extent && value ? shareOf(value[index], extent) : null;
    shown.push(
      <circle
        key={index}
        cx={round(cx)}
        cy={round(cy)}
        r={size}
        {...(share === null ? {} : { style: { fill: rampColour(share, "sequential") } })}
      />,
    );
  }
  return <g class={many ? "plot-dots plot-dots-many" : "plot-dots"}>{shown}</g>;
}

/** A value's place between the extremes, in the steps that colours can tell apart. */
export function shareOf(value: number | undefined, [low, high]: [number, number]): number | null {
  if (!usable(value)) return null;
  if (!(high > low)) return 0.5;
  return Math.round(((value - low) / (high - low)) * rampSteps) / rampSteps;
}

export function Bars({
  series,
  layout,
  place,
  of,
}: {
  series: Series<BarMark>;
  layout: Layout;
  /** Which of the `of` bar series side by side this is. */
  place: number;
  of: number;
}): JSX.Element {
  const { x, y } = series.mark;
  const { x: scaleX, y: scaleY } = layout;
  const isCategory = scaleX.kind === "category";
  const step = isCategory ? 1 : barStep(x.map(Number));
  const zero = scaleY.kind === "log" ? layout.frame.bottom : scaleY.place(0);
  const bars: JSX.Element[] = [];
  for (let index = 0; index < Math.min(x.length, y.length); index++) {
    const key = x[index];
    const middle = isCategory ? scaleX.categories.indexOf(String(key)) : Number(key);
    const [from, to] = [scaleX.place(middle - step / 2), scaleX.place(middle + step / 2)];
    const top = scaleY.place(y[index] ?? NaN);
    if (!Number.isFinite(from + to + top)) continue;
    const padding = isCategory || of > 1 ? Math.min(12, (to - from) * 0.15) : Math.min(1, (to - from) * 0.1);
    const gap = of > 1 ? 1.5 : 0;
    const width = Math.max(1, (to - from - 2 * padding - gap * (of - 1)) / of);
    bars.push(
      <rect
        key={index}
        x={round(from + padding + place * (width + gap))}
        y={round(Math.min(top, zero))}
        width={round(width)}
        height={round(Math.max(0.5, Math.abs(zero - top)))}
      />,
    );
  }
  return <g class="plot-bars">{bars}</g>;
}

const headLength = 9;
const shortestArrow = 7;

export function Arrows({ series, layout }: { series: Series<ArrowMark>; layout: Layout }): JSX.Element {
  const { x, y, dx, dy } = series.mark;
  const shapes: JSX.Element[] = [];
  let tip: [number, number, number] | null = null;
  const count = Math.min(x.length, y.length, dx.length, dy.length);
  for (let index = 0; index < count; index++) {
    const [x0 = NaN, y0 = NaN] = [x[index], y[index]];
    const from = [layout.x.place(x0), layout.y.place(y0)] as const;
    const to = [layout.x.place(x0 + (dx[index] ?? NaN)), layout.y.place(y0 + (dy[index] ?? NaN))] as const;
    const shape = arrowShape(from, to);
    if (!shape) continue;
    shapes.push(
      <g key={index}>
        {shape.shaft !== "" && <path class="plot-arrow-shaft" d={shape.shaft} />}
        <path class="plot-arrow-head" d={shape.head} />
      </g>,
    );
    tip = [shape.tip[0], shape.tip[1], Math.sign(to[0] - from[0]) || 1];
  }
  return (
    <g class="plot-arrows">
      {shapes}
      {count <= 2 && series.label !== null && tip && (
        <ArrowName text={series.label} tip={tip} layout={layout} />
      )}
    </g>
  );
}

function ArrowName({
  text,
  tip: [x, y, side],
  layout: { frame },
}: {
  text: string;
  tip: [number, number, number];
  layout: Layout;
}): JSX.Element {
  const width = textWidth(text);
  const wanted = x + side * 8;
  const end = side < 0;
  const left = Math.min(frame.right - width - 4, Math.max(frame.left + 4, end ? wanted - width : wanted));
  const top = Math.min(frame.bottom - 6, Math.max(frame.top + 14, y + (y < frame.top + 20 ? 14 : -6)));
  return (
    <text class="plot-note plot-note-series" x={round(left)} y={round(top)}>
      {text}
    </text>
  );
}

/** An arrow in pixels; one too short to see keeps its direction and gets a least length, one of no length is a point. */
export function arrowShape(
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
): { shaft: string; head: string; tip: [number, number] } | null {
  if (!Number.isFinite(x0 + y0 + x1 + y1)) return null;
  const true_ = Math.hypot(x1 - x0, y1 - y0);
  if (true_ < 0.01)
    return { shaft: "", head: `M${round(x0 - 2)},${round(y0)}a2,2 0 1 0 4,0a2,2 0 1 0 -4,0`, tip: [x0, y0] };
  const length = Math.max(shortestArrow, true_);
  const [ux, uy] = [(x1 - x0) / true_, (y1 - y0) / true_];
  const head = Math.min(headLength, length * 0.6);
  const half = head * 0.48;
  const tip: [number, number] = [x0 + ux * length, y0 + uy * length];
  const neck = [tip[0] - ux * head, tip[1] - uy * head] as const;
  const at = (x: number, y: number): string => `${round(x)},${round(y)}`;
  return {
    shaft: `M${at(x0, y0)}L${at(neck[0] + ux, neck[1] + uy)}`,
    head: `M${at(...tip)}L${at(neck[0] - uy * half, neck[1] + ux * half)}L${at(neck[0] + ux * head * 0.2, neck[1] + uy * head * 0.2)}L${at(neck[0] + uy * half, neck[1] - ux * half)}Z`,
    tip,
  };
}

export function Rule({ series, layout }: { series: Series<RuleMark>; layout: Layout }): JSX.Element {
  const { x, y, dash } = series.mark;
  const { frame } = layout;
  const kind = dash === false ? "plot-rule" : "plot-rule plot-dashed";
  const [px, py] = [layout.x.place(x ?? NaN), layout.y.place(y ?? NaN)];
  const atRight = px > frame.right - textWidth(series.label ?? "") - 10;
  return (
    <>
      {Number.isFinite(px) && (
        <line class={kind} x1={round(px)} x2={round(px)} y1={frame.top} y2={frame.bottom} />
      )}
      {Number.isFinite(py) && (
        <line class={kind} x1={frame.left} x2={frame.right} y1={round(py)} y2={round(py)} />
      )}
      {series.label !== null && Number.isFinite(px) && (
        <text
          class="plot-note plot-note-series"
          x={round(px + (atRight ? -6 : 6))}
          y={frame.top + 13}
          text-anchor={atRight ? "end" : "start"}
        >
          {series.label}
        </text>
      )}
      {series.label !== null && Number.isFinite(py) && (
        <text
          class="plot-note plot-note-series"
          x={frame.right - 4}
          y={round(py < frame.top + 18 ? py + 14 : py - 6)}
          text-anchor="end"
        >
          {series.label}
        </text>
      )}
    </>
  );
}

export function TextNote({
  series,
  layout,
}: {
  series: Series<TextMark>;
  layout: Layout;
}): JSX.Element | null {
  const { frame } = layout;
  const [x, y] = [layout.x.place(series.mark.x), layout.y.place(series.mark.y)];
  if (!Number.isFinite(x) || !Number.isFinite(y)) return null;
  const width = textWidth(series.mark.text);
  const left = Math.max(frame.left + 3, Math.min(x - width / 2, frame.right - width - 3));
  return (
    <text class="plot-note plot-note-series" x={round(left)} y={round(y)} dy="0.32em">
      {series.mark.text}
    </text>
  );
}

function inFrame(x: number, y: number, { frame }: Layout, room: number): boolean {
  return (
    x >= frame.left - room && x <= frame.right + room && y >= frame.top - room && y <= frame.bottom + room
  );
}

export function round(pixel: number): number {
  return Math.round(pixel * 10) / 10;
}

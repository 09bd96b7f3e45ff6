// Where things stand: room for the axes' texts, the frame of the data, and the two scales.
import { axisScale, type AxisScale, type Tick } from "./axis-scale.ts";
import { nameOf, type Picture, type Series } from "./prepare.ts";

export interface Layout {
  width: number;
  height: number;
  frame: { left: number; right: number; top: number; bottom: number };
  x: AxisScale;
  y: AxisScale;
  xTicks: Tick[];
  yTicks: Tick[];
  /** Names written beside the ends of their lines, in pixels; the others stand in the legend. */
  endLabels: EndLabel[];
}

export interface EndLabel {
  series: Series;
  text: string;
  /** The last value of the line. */
  value: number;
  y: number;
}

const characterWidth = 6.8;
const lineHeight = 16;
const tallest = 620;

export function textWidth(text: string): number {
  return text.length * characterWidth;
}

/** A name this far from the end of its line is taken for another line's. */
const furthestName = 20;

export function layOut(picture: Picture, width: number): Layout {
  const layout = layOutWith(picture, width, endNames(picture, width));
  const astray = layout.endLabels.some(({ y, value }) => Math.abs(y - layout.y.place(value)) > furthestName);
  return astray ? layOutWith(picture, width, []) : layout;
}

function layOutWith(
  picture: Picture,
  width: number,
  named: EndName[],
  left = roomFor(axisScale(picture.y, [300, 0]).ticks(6)),
): Layout {
  const top = picture.y.label === "" ? 12 : 30;
  const bottomRoom = picture.x.label === "" ? 28 : 46;
  const rightRoom = named.length > 0 ? Math.max(...named.map((name) => textWidth(name.text))) + 14 : 14;

  const room = Math.max(40, width - left - rightRoom);
  const span = (axis: { domain: [number, number] }): number => axis.domain[1] - axis.domain[0];
  const equal = picture.equal && picture.x.kind === "linear" && picture.y.kind === "linear";
  const ratio = equal ? span(picture.y) / span(picture.x) : 0;
  const limit = Math.min(tallest, Math.max(260, width * 1.3));
  const innerHeight = equal
    ? Math.min(limit, Math.max(60, room * ratio))
    : Math.min(limit, Math.max(150, width * picture.aspect) - top - bottomRoom);
  const innerWidth = equal ? Math.min(room, innerHeight / ratio) : room;
  const frame = { left, right: left + innerWidth, top, bottom: top + innerHeight };

  const x = axisScale(picture.x, [frame.left, frame.right]);
  const y = axisScale(picture.y, [frame.bottom, frame.top]);
  const xTicks = fitTicks(x, innerWidth);
  const yTicks = y.ticks(Math.min(8, Math.max(2, Math.round(innerHeight / 52))));
  // The room on the left was a guess, made before it was known how many ticks the height has room for.
  const needed = roomFor(yTicks);
  if (needed > left) return layOutWith(picture, width, named, needed);
  const wanted = named.map(({ series, text, value }) => ({ series, text, value, y: y.place(value) }));
  const endLabels = spread(wanted, frame);
  return {
    width,
    height: frame.bottom + bottomRoom,
    frame,
    x,
    y,
    xTicks,
    yTicks,
    endLabels,
  };
}

/** What the labels beside the vertical axis take. */
function roomFor(ticks: Tick[]): number {
  return Math.max(26, ...ticks.map(({ label }) => textWidth(label) + 14));
}

/** As many ticks as leave their labels apart. */
function fitTicks(scale: AxisScale, width: number): Tick[] {
  for (let count = Math.min(10, Math.max(2, Math.round(width / 76))); count > 1; count--) {
    const ticks = scale.ticks(count);
    const named = ticks.filter((tick) => tick.label !== "");
    if (apart(named, scale) || scale.kind === "category")
      return scale.kind === "category" ? thinOut(ticks, scale) : ticks;
  }
  return scale.ticks(2);
}

function apart(ticks: Tick[], scale: AxisScale): boolean {
  let end = -Infinity;
  for (const tick of ticks) {
    const [middle, half] = [scale.place(tick.value), textWidth(tick.label) / 2];
    if (middle - half < end + 8) return false;
    end = middle + half;
  }
  return true;
}

function thinOut(ticks: Tick[], scale: AxisScale): Tick[] {
  for (let every = 1; every < ticks.length; every++) {
    const kept = ticks.filter((_, index) => index % every === 0);
    if (apart(kept, scale))
      return ticks.map((tick, index) => (index % every === 0 ? tick : { ...tick, label: "" }));
  }
  return ticks;
}

interface EndName {
  series: Series;
  text: string;
  value: number;
}

/** Lines that can carry their names at their right ends: few, short names, a wide picture. */
function endNames(picture: Picture, width: number): EndName[] {
  if (width < 460 || picture.isMap || picture.x.kind === "category") return [];
  const lines = picture.series.filter((series) => series.mark.type === "line" && series.label !== null);
  if (lines.length === 0 || lines.length > 6) return [];
  // Measured along the axis, since the last tenth of a log axis is not the last tenth of its values.
  const scale = axisScale(picture.x, [0, 1]);
  const names: EndName[] = [];
  for (const series of lines) {
    if (series.mark.type !== "line") continue;
    const { x, y } = series.mark;
    let last = -1;
    for (let index = 0; index < Math.min(x.length, y.length); index++) {
      const [a = NaN, b = NaN] = [x[index], y[index]];
      if (a <= picture.x.domain[1] && Number.isFinite(b) && (last < 0 || a >= (x[last] ?? -Infinity)))
        last = index;
    }
    const [a = NaN, b = NaN] = [x[last], y[last]];
    const text = nameOf(series);
    if (!(scale.place(a) >= 0.9) || text.length > 22 || b < picture.y.domain[0] || b > picture.y.domain[1])
      return [];
    names.push({ series, text, value: b });
  }
  return names;
}

/** Moves labels apart along the right edge, as little as needed, and keeps them within the frame. */
export function spread<Label extends { y: number }>(
  labels: readonly Label[],
  { top, bottom }: { top: number; bottom: number },
): Label[] {
  const sorted = labels
    .filter((label) => Number.isFinite(label.y))
    .map((label) => Object.assign({}, label))
    .sort((left, right) => left.y - right.y);
  let floor = top + 4;
  for (const label of sorted) {
    label.y = Math.max(label.y, floor);
    floor = label.y + lineHeight;
  }
  let ceiling = bottom - 2;
  for (const label of sorted.toReversed()) {
    label.y = Math.min(label.y, ceiling);
    ceiling = label.y - lineHeight;
  }
  return sorted;
}

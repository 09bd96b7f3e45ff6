// A point that the reader moves by pointer, touch or arrow keys. It follows the hand at once; the cell is told once per frame.
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { useFrameThrottle } from "../outputs/frame-throttle.ts";
import { formatNumber } from "../outputs/numbers.ts";

export type Point = [number, number];

/** Names of the axes and the box a point may not leave. */
export interface PointRange {
  x: Point;
  y: Point;
  xLabel: string;
  yLabel: string;
}

export interface PointDrag {
  /** Where the point is now: at the hand while it is dragged, otherwise where the cell has it. */
  point: Point;
  dragging: boolean;
  move(point: Point): void;
  end(): void;
}

/** The point, ahead of the cell: what the hand does shows before the cell has run again. */
export function usePointDrag(
  value: Point,
  range: PointRange,
  onInput: (point: Point) => void,
  onEnd: (point: Point) => void,
): PointDrag {
  const [local, setLocal] = useState<Point | null>(null);
  const throttle = useFrameThrottle(onInput);
  const latest = useRef<Point>(value);
  if (!local) latest.current = value;
  const limit = (at: number, [low, high]: Point): number => Math.min(high, Math.max(low, at));
  return {
    point: local ?? value,
    dragging: local !== null,
    move: ([x, y]) => {
      if (!Number.isFinite(x) || !Number.isFinite(y)) return;
      const next: Point = [roundTo(limit(x, range.x), range.x), roundTo(limit(y, range.y), range.y)];
      latest.current = next;
      setLocal(next);
      throttle.push(next);
    },
    end: () => {
      throttle.flush();
      setLocal(null);
      onEnd(latest.current);
    },
  };
}

/** Rounds to a thousandth of the range: more digits say nothing and are unpleasant to read. */
function roundTo(value: number, [low, high]: Point): number {
  const span = high - low;
  if (!(span > 0)) return value;
  const decimals = Math.min(12, Math.max(0, 3 - Math.floor(Math.log10(span))));
  return Number(value.toFixed(decimals));
}

interface HandleProps {
  label: string;
  drag: PointDrag;
  range: PointRange;
  /** Where the handle stands in the picture, in CSS pixels. */
  pixel: Point;
  colour: string;
  /** The point below a place on the screen, or `null` where there is none. */
  pointAt: (clientX: number, clientY: number) => Point | null;
}

export function Handle({ label, drag, range, pixel, colour, pointAt }: HandleProps): JSX.Element | null {
  const [x, y] = drag.point;
  const grip = useRef<Point>([0, 0]);
  const moved = useRef(false);
  if (!Number.isFinite(pixel[0]) || !Number.isFinite(pixel[1])) return null;

  const step = (event: KeyboardEvent): Point | null => {
    const size = event.shiftKey ? 0.1 : 0.01;
    const [dx, dy] = [(range.x[1] - range.x[0]) * size, (range.y[1] - range.y[0]) * size];
    const moves: Record<string, Point> = {
      ArrowLeft: [x - dx, y],
      ArrowRight: [x + dx, y],
      ArrowUp: [x, y + dy],
      ArrowDown: [x, y - dy],
      PageUp: [x, y + (range.y[1] - range.y[0]) * 0.1],
      PageDown: [x, y - (range.y[1] - range.y[0]) * 0.1],
    };
    return moves[event.key] ?? null;
  };

  return (
    <div
      class={drag.dragging ? "plot-handle plot-handle-dragging" : "plot-handle"}
      style={{ transform: `translate(${pixel[0]}px, ${pixel[1]}px)`, "--series": `var(--series-${colour})` }}
      tabIndex={0}
      role="slider"
      aria-roledescription="movable point"
      aria-label={label}
      aria-valuemin={range.x[0]}
      aria-valuemax={range.x[1]}
      aria-valuenow={x}
      aria-valuetext={`${range.xLabel} ${formatNumber(x)}, ${range.yLabel} ${formatNumber(y)}`}
      onKeyDown={(event) => {
        const next = step(event);
        if (!next) return;
        event.preventDefault();
        event.stopPropagation();
        moved.current = true;
        drag.move(next);
      }}
      onKeyUp={(event) => {
        if (!step(event) || !moved.current) return;
        moved.current = false;
        drag.end();
      }}
      onBlur={() => {
        if (!moved.current) return;
        moved.current = false;
        drag.end();
      }}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        // The point keeps its distance from the finger, so that it does not jump on the first touch.
        const box = event.currentTarget.getBoundingClientRect();
        grip.current = [
          event.clientX - (box.left + box.width / 2),
          event.clientY - (box.top + box.height / 2),
        ];
        drag.move([x, y]);
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        event.stopPropagation();
        const next = pointAt(event.clientX - grip.current[0], event.clientY - grip.current[1]);
        if (next) drag.move(next);
      }}
      onLostPointerCapture={() => drag.end()}
    >
      <span class="plot-handle-ball" />
    </div>
  );
}

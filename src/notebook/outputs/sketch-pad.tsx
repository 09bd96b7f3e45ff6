// A pad to draw a curve on before the real one is shown: by pointer, or column by column with the arrow keys.
import { ticks } from "d3-array";
import type { JSX } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { formatNumber } from "./numbers.ts";
import {
  columnAt,
  columnX,
  curveOf,
  filled,
  heightsOf,
  sketchColumns,
  stroke,
  type Curve,
  type SketchAxis,
} from "./sketch-curve.ts";
import "./outputs.css";

export interface SketchPadProps {
  x: SketchAxis;
  y: SketchAxis;
  guess: Curve | null;
  /** What really happened; once it is there the guess can no longer be changed. */
  actual: Curve | null;
  onChange: (guess: Curve) => void;
}

const margin = { top: 28, right: 16, bottom: 44, left: 48 };

export function SketchPad({ x, y, guess, actual, onChange }: SketchPadProps): JSX.Element {
  const id = useId();
  const stage = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(560);
  const [column, setColumn] = useState(0);
  const last = useRef<{ column: number; y: number } | null>(null);
  const heights = useRef(heightsOf(guess, x.domain));
  heights.current = heightsOf(guess, x.domain);

  useLayoutEffect(() => {
    const element = stage.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(Math.max(240, element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const height = Math.round(Math.min(340, Math.max(220, width * 0.55)));
  const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
  const scaleX = (value: number): number =>
    margin.left + (inner.width * (value - x.domain[0])) / (x.domain[1] - x.domain[0] || 1);
  const scaleY = (value: number): number =>
    margin.top + inner.height * (1 - (value - y.domain[0]) / (y.domain[1] - y.domain[0] || 1));
  const locked = actual !== null;

  const change = (next: readonly (number | null)[]): void => {
    heights.current = [...next];
    onChange(curveOf(next, x.domain));
  };
  const pointAt = (event: PointerEvent): { column: number; y: number } => {
    const box = stage.current?.getBoundingClientRect();
    const share = 1 - (event.clientY - (box?.top ?? 0) - margin.top) / inner.height;
    return {
      column: columnAt((event.clientX - (box?.left ?? 0) - margin.left) / inner.width),
      y: y.domain[0] + Math.min(1, Math.max(0, share)) * (y.domain[1] - y.domain[0]),
    };
  };
  const draw = (event: PointerEvent): void => {
    const point = pointAt(event);
    change(stroke(heights.current, last.current ?? point, point));
    last.current = point;
    setColumn(point.column);
  };

  const currentY = filled(heights.current, (y.domain[0] + y.domain[1]) / 2)[column] ?? 0;
  const onKeyDown = (event: KeyboardEvent): void => {
    const stepY = ((y.domain[1] - y.domain[0]) / 50) * (event.shiftKey ? 5 : 1);
    const moves: Record<string, () => void> = {
      ArrowLeft: () => setColumn(Math.max(0, column - (event.shiftKey ? 5 : 1))),
      ArrowRight: () => setColumn(Math.min(sketchColumns - 1, column + (event.shiftKey ? 5 : 1))),
      Home: () => setColumn(0),
      End: () => setColumn(sketchColumns - 1),
      ArrowUp: () => raise(stepY),
      ArrowDown: () => raise(-stepY),
      PageUp: () => raise(stepY * 5),
      PageDown: () => raise(-stepY * 5),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  };
  const raise = (by: number): void => {
    if (locked) return;
    // A curve drawn with keys starts as a level line, so that every column has a height.
    const level = filled(heights.current, (y.domain[0] + y.domain[1]) / 2);
    level[column] = Math.min(y.domain[1], Math.max(y.domain[0], (level[column] ?? 0) + by));
    change(level);
  };

  const path = (curve: Curve): string =>
    curve
      .filter(([, value]) => Number.isFinite(value))
      .map(
        ([a, b], index) =>
          `${index === 0 ? "M" : "L"}${scaleX(a).toFixed(1)},${Math.min(height, Math.max(0, scaleY(b))).toFixed(1)}`,
      )
      .join("");
  const drawn = curveOf(heights.current, x.domain);

  return (
    <div class="sketch">
      <div
        ref={stage}
        class={locked ? "sketch-stage sketch-locked" : "sketch-stage"}
        style={{ height: `${height}px` }}
        tabIndex={0}
        role="slider"
        aria-orientation="vertical"
        aria-label={locked ? `Your guess and the actual ${y.label}` : `Draw your guess of ${y.label}`}
        aria-describedby={`${id}-help`}
        aria-valuemin={y.domain[0]}
        aria-valuemax={y.domain[1]}
        aria-valuenow={Number(currentY.toPrecision(6))}
        aria-valuetext={`${x.label} ${formatNumber(columnX(column, x.domain), 3)}: ${y.label} ${formatNumber(currentY, 3)}`}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          if (locked || event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          last.current = null;
          draw(event);
        }}
        onPointerMove={(event) => {
          if (locked || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
          draw(event);
        }}
      >
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
          <g class="sketch-grid">
            {ticks(y.domain[0], y.domain[1], 4).map((tick) => (
              <g key={tick}>
                <line x1={margin.left} x2={width - margin.right} y1={scaleY(tick)} y2={scaleY(tick)} />
                <text x={margin.left - 8} y={scaleY(tick)} dy="0.32em" text-anchor="end">
                  {formatNumber(tick, 3)}
                </text>
              </g>
            ))}
            {ticks(x.domain[0], x.domain[1], width < 420 ? 4 : 7).map((tick) => (
              <g key={tick}>
                <line x1={scaleX(tick)} x2={scaleX(tick)} y1={margin.top} y2={height - margin.bottom} />
                <text x={scaleX(tick)} y={height - margin.bottom + 16} text-anchor="middle">
                  {formatNumber(tick, 3)}
                </text>
              </g>
            ))}
            <text class="sketch-label" x={4} y={14}>
              ↑ {y.label}
            </text>
            <text class="sketch-label" x={width - margin.right} y={height - 8} text-anchor="end">
              {x.label} →
            </text>
          </g>
          {drawn.length === 0 && !locked && (
            <text class="sketch-hint" x={margin.left + inner.width / 2} y={margin.top + inner.height / 2}>
              Draw your guess here
            </text>
          )}
          {actual && <path class="sketch-actual" d={path(actual)} />}
          <path class="sketch-guess" d={path(drawn)} />
          {!locked && (
            <circle
              class="sketch-cursor"
              cx={scaleX(columnX(column, x.domain))}
              cy={Math.min(height, Math.max(0, scaleY(currentY)))}
              r={5}
            />
          )}
        </svg>
      </div>
      <div class="sketch-foot">
        <div class="sketch-legend">
          {drawn.length > 0 && <span class="sketch-key sketch-key-guess">your guess</span>}
          {actual && <span class="sketch-key sketch-key-actual">what happened</span>}
        </div>
        {!locked && drawn.length > 0 && (
          <button type="button" class="output-more" onClick={() => onChange([])}>
            Clear
          </button>
        )}
      </div>
      <p class="visually-hidden" id={`${id}-help`}>
        {locked
          ? "Left and right arrow keys read the guess."
          : "Left and right arrow keys choose a place, up and down change the height; with Shift in larger steps."}
      </p>
    </div>
  );
}

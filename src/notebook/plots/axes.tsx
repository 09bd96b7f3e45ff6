// Axes: quiet lines, labels at the ends where they cost no room, small ticks between the powers of ten.
import type { JSX } from "preact";
import type { Layout } from "./layout.ts";
import { round } from "./mark-shapes.tsx";
import type { Picture } from "./prepare.ts";

export function Axes({ picture, layout }: { picture: Picture; layout: Layout }): JSX.Element {
  const { frame, x, y, xTicks, yTicks } = layout;
  const baseline = y.kind !== "log" && y.domain[0] < 0 && y.domain[1] > 0 ? y.place(0) : null;
  return (
    <g class="plot-axes" aria-hidden="true">
      {!picture.isMap &&
        yTicks.map(({ value, label }) =>
          label === "" ? null : (
            <line
              key={value}
              class="plot-gridline"
              x1={frame.left}
              x2={frame.right}
              y1={round(y.place(value))}
              y2={round(y.place(value))}
            />
          ),
        )}
      {!picture.isMap && baseline !== null && (
        <line class="plot-zero" x1={frame.left} x2={frame.right} y1={round(baseline)} y2={round(baseline)} />
      )}
      {picture.isMap ? (
        <rect
          class="plot-frame"
          x={frame.left}
          y={frame.top}
          width={round(frame.right - frame.left)}
          height={round(frame.bottom - frame.top)}
        />
      ) : (
        <line class="plot-baseline" x1={frame.left} x2={frame.right} y1={frame.bottom} y2={frame.bottom} />
      )}
      {xTicks.map(({ value, label }) => (
        <g key={value} transform={`translate(${round(x.place(value))},${round(frame.bottom)})`}>
          {x.kind !== "category" && <line class="plot-tick" y2={label === "" ? 3 : 5} />}
          {label !== "" && (
            <text class="plot-tick-label" y={18} text-anchor="middle">
              {label}
            </text>
          )}
        </g>
      ))}
      {yTicks.map(({ value, label }) => (
        <g key={value} transform={`translate(${frame.left},${round(y.place(value))})`}>
          {(picture.isMap || y.kind === "log") && <line class="plot-tick" x2={label === "" ? -3 : -5} />}
          {label !== "" && (
            <text class="plot-tick-label" x={-8} dy="0.32em" text-anchor="end">
              {label}
            </text>
          )}
        </g>
      ))}
      {picture.x.label !== "" && (
        <text class="plot-axis-label" x={round(frame.right)} y={round(frame.bottom + 38)} text-anchor="end">
          {picture.x.label} →
        </text>
      )}
      {picture.y.label !== "" && (
        <text class="plot-axis-label" x={2} y={14}>
          ↑ {picture.y.label}
        </text>
      )}
    </g>
  );
}

// Reading values off a picture: a tool tip that follows the pointer, and a cursor that the arrow keys move and a screen reader speaks.
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Layout } from "./layout.ts";
import { Swatch } from "./legend.tsx";
import type { Picture } from "./prepare.ts";
import { readAt, readingText, stops, type Reading } from "./readings.ts";

export function Reader({
  picture,
  layout,
  title,
}: {
  picture: Picture;
  layout: Layout;
  title: string;
}): JSX.Element | null {
  const [place, setPlace] = useState<{ x: number; y: number; by: "pointer" | "keys" } | null>(null);
  const walk = useMemo(() => stops(picture, layout), [picture, layout]);
  const reading = place ? readAt(picture, layout, place.x, place.y) : null;
  const { frame } = layout;
  if (walk.length === 0 && !picture.isMap) return null;
  const current = place ? nearestStop(walk, place) : 0;

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") return setPlace(null);
    const next =
      picture.isMap && walk.length === 0
        ? mapMove(event, place, layout)
        : walkMove(event, walk, place ? current : -1);
    if (!next) return;
    event.preventDefault();
    setPlace({ x: next[0], y: next[1], by: "keys" });
  };

  return (
    <div
      class="plot-reader"
      style={{
        left: `${frame.left}px`,
        top: `${frame.top}px`,
        width: `${frame.right - frame.left}px`,
        height: `${frame.bottom - frame.top}px`,
      }}
      tabIndex={0}
      role="slider"
      aria-roledescription="value reader"
      aria-label={`Read values of ${title}`}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, walk.length - 1)}
      aria-valuenow={current}
      aria-valuetext={reading ? readingText(reading) : "Use the arrow keys"}
      onKeyDown={onKeyDown}
      onBlur={() => setPlace(null)}
      onPointerMove={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        setPlace({
          x: event.clientX - box.left + frame.left,
          y: event.clientY - box.top + frame.top,
          by: "pointer",
        });
      }}
      onPointerLeave={() => setPlace((now) => (now?.by === "pointer" ? null : now))}
    >
      {reading && <Tip reading={reading} layout={layout} curves={isCurves(picture)} />}
    </div>
  );
}

function isCurves(picture: Picture): boolean {
  return picture.series.some(({ mark }) => mark.type === "line" || mark.type === "bar");
}

function Tip({
  reading,
  layout,
  curves,
}: {
  reading: Reading;
  layout: Layout;
  curves: boolean;
}): JSX.Element {
  const { frame } = layout;
  const left = reading.x - frame.left;
  const top = reading.y - frame.top;
  const toLeft = reading.x > (frame.left + frame.right) / 2;
  return (
    <>
      {curves && <span class="plot-crosshair" style={{ left: `${left}px` }} />}
      {reading.values.map((value) =>
        value.pixel ? (
          <span
            key={value.series.index}
            class="plot-tip-dot"
            style={{
              left: `${value.pixel[0] - frame.left}px`,
              top: `${value.pixel[1] - frame.top}px`,
              "--series": `var(--series-${value.series.colour})`,
            }}
          />
        ) : null,
      )}
      <div
        class={toLeft ? "plot-tip plot-tip-left" : "plot-tip"}
        style={{ left: `${left}px`, top: `${Math.max(0, Math.min(top, frame.bottom - frame.top - 40))}px` }}
        aria-hidden="true"
      >
        {reading.head !== "" && <div class="plot-tip-head">{reading.head}</div>}
        {reading.values.slice(0, 10).map((value) => (
          <div key={value.series.index} class="plot-tip-row">
            <Swatch series={value.series} />
            <span class="plot-tip-name">{value.name}</span>
            <span class="plot-tip-value">{value.text}</span>
          </div>
        ))}
      </div>
    </>
  );
}

function nearestStop(walk: readonly [number, number][], { x, y }: { x: number; y: number }): number {
  let best = 0;
  let distance = Infinity;
  walk.forEach(([a, b], index) => {
    const next = Math.abs(a - x) * 1000 + Math.abs(b - y);
    if (next < distance) [best, distance] = [index, next];
  });
  return best;
}

function walkMove(
  event: KeyboardEvent,
  walk: readonly [number, number][],
  current: number,
): [number, number] | null {
  const far = Math.max(1, Math.round(walk.length / 10));
  const by = event.shiftKey ? far : 1;
  const moves: Record<string, number> = {
    ArrowRight: current + by,
    ArrowUp: current + by,
    ArrowLeft: current - by,
    ArrowDown: current - by,
    PageUp: current + far,
    PageDown: current - far,
    Home: 0,
    End: walk.length - 1,
  };
  const next = moves[event.key];
  return next === undefined ? null : (walk[Math.min(walk.length - 1, Math.max(0, next))] ?? null);
}

function mapMove(
  event: KeyboardEvent,
  place: { x: number; y: number } | null,
  { frame }: Layout,
): [number, number] | null {
  const { x, y } = place ?? { x: (frame.left + frame.right) / 2, y: (frame.top + frame.bottom) / 2 };
  const share = event.shiftKey ? 8 : 40;
  const [dx, dy] = [(frame.right - frame.left) / share, (frame.bottom - frame.top) / share];
  const moves: Record<string, [number, number]> = {
    ArrowRight: [x + dx, y],
    ArrowLeft: [x - dx, y],
    ArrowUp: [x, y - dy],
    ArrowDown: [x, y + dy],
  };
  const next = moves[event.key];
  if (!next) return null;
  return [
    Math.min(frame.right, Math.max(frame.left, next[0])),
    Math.min(frame.bottom, Math.max(frame.top, next[1])),
  ];
}

// How far a long computation has come.
import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { formatNumber } from "./numbers.ts";

export function ProgressView({
  label,
  value,
  max,
}: {
  label: string;
  value: number;
  max: number;
}): JSX.Element {
  const id = useId();
  const whole = Number.isFinite(max) && max > 0 ? max : 1;
  const done = Number.isFinite(value) ? Math.min(whole, Math.max(0, value)) : 0;
  const percent = Math.floor((100 * done) / whole);
  return (
    <div class={done >= whole ? "progress progress-done" : "progress"}>
      <span class="progress-label" id={id}>
        {label || "Progress"}
      </span>
      <span class="progress-count">
        {formatNumber(done)} / {formatNumber(whole)}
      </span>
      <div
        class="progress-track"
        role="progressbar"
        aria-labelledby={id}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <div class="progress-bar" style={{ width: `${(100 * done) / whole}%` }} />
      </div>
    </div>
  );
}

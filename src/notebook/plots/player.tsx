// The controls of a trajectory: play or pause, back to the start, and a slider over its steps.
import type { JSX } from "preact";
import { formatNumber } from "../outputs/numbers.ts";
import type { Playback } from "./playback.ts";

export function Player({ playback, name }: { playback: Playback; name: string }): JSX.Element {
  const { time, end, playing } = playback;
  const step = Math.round(time);
  return (
    <div class="player" role="group" aria-label={`Playback of ${name}`}>
      <button
        type="button"
        class="plot-button player-play"
        aria-label={playing ? "Pause" : "Play"}
        title={playing ? "Pause" : "Play"}
        onClick={playing ? playback.pause : playback.play}
      >
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          {playing ? <path d="M4 3h3v10H4zM9 3h3v10H9z" /> : <path d="M4.5 2.5v11l9-5.5z" />}
        </svg>
      </button>
      <button
        type="button"
        class="plot-button"
        aria-label="Restart"
        title="Restart"
        onClick={playback.restart}
      >
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <path d="M3 3h2v10H3zM13.5 2.5v11L6 8z" />
        </svg>
      </button>
      <input
        type="range"
        min={0}
        max={end}
        step={1}
        value={step}
        aria-label="Step"
        aria-valuetext={`step ${step} of ${end}`}
        style={{ "--filled": `${end === 0 ? 100 : (100 * time) / end}%` }}
        onInput={(event) => playback.seek(event.currentTarget.valueAsNumber)}
      />
      <span class="player-step">
        step {formatNumber(step)} / {formatNumber(end)}
      </span>
    </div>
  );
}

// What a cell is doing, in a few quiet words.
import { useRef } from "preact/hooks";
import type { CellModel } from "../store/cell-model.ts";
import type { NotebookStore } from "../store/store.ts";
import { formatDuration } from "../store/words.ts";
import { useLasting } from "./lasting.ts";

export function CellStatus({ cell, store }: { cell: CellModel; store: NotebookStore }) {
  const activity = cell.activity.value;
  const state = cell.state.value;
  const busy = activity === "running" || activity === "queued";
  const lasting = useLasting(busy);
  // A run of a few milliseconds, as while a slider is dragged, leaves the words as they were until the next ones.
  const settled = useRef({ state, activity });
  if (!busy) settled.current = { state, activity };
  if (busy && (lasting || settled.current.activity === "idle")) {
    return (
      <span class="cell-status" data-activity={activity}>
        {activity === "running" ? (
          <Running key="running" cell={cell} store={store} />
        ) : (
          <span key="waiting" class="status-waiting">
            Waiting to run
          </span>
        )}
      </span>
    );
  }
  const shown = settled.current;
  return (
    <span class="cell-status" data-activity={shown.activity}>
      {shown.activity === "ok" && (
        <span key="ok" class="status-ok">
          {shown.state.executionCount !== null && (
            <span class="status-count" title="How many runs there have been up to this one">
              [{shown.state.executionCount}]{" "}
            </span>
          )}
          {shown.state.durationMs !== null && formatDuration(shown.state.durationMs)}
        </span>
      )}
      {shown.activity === "error" && (
        <span key="error" class="status-error">
          Error
        </span>
      )}
      {shown.activity === "stopped" && (
        <span key="stopped" class="status-stopped">
          Stopped
        </span>
      )}
      {state.stale && !busy && (
        <span key="stale" class="status-stale" title="Something that this result was made from has changed">
          {cell.source.value === state.source || activity === "idle"
            ? "Needs re-run: an input changed"
            : "Needs re-run"}
        </span>
      )}
    </span>
  );
}

function Running({ cell, store }: { cell: CellModel; store: NotebookStore }) {
  const startedAt = cell.startedAt.value;
  const elapsed = startedAt === null ? 0 : Math.max(0, store.now.value - startedAt);
  return (
    <span class="status-running">
      <span class="spinner" aria-hidden="true" />
      Running
      {elapsed >= 500 && <span aria-hidden="true"> {formatDuration(elapsed)}</span>}
    </span>
  );
}

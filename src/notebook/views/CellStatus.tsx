// What a cell is doing, in a few quiet words.
import type { CellModel } from "../store/cell-model.ts";
import type { NotebookStore } from "../store/store.ts";
import { formatDuration } from "../store/words.ts";

export function CellStatus({ cell, store }: { cell: CellModel; store: NotebookStore }) {
  const state = cell.state.value;
  const activity = cell.activity.value;
  return (
    <span class="cell-status" data-activity={activity}>
      {activity === "running" && <Running cell={cell} store={store} />}
      {activity === "queued" && <span class="status-waiting">Waiting to run</span>}
      {activity === "ok" && (
        <span class="status-ok">
          {state.executionCount !== null && (
            <span class="status-count" title="How many runs there have been up to this one">
              [{state.executionCount}]{" "}
            </span>
          )}
          {state.durationMs !== null && formatDuration(state.durationMs)}
        </span>
      )}
      {activity === "error" && <span class="status-error">Error</span>}
      {activity === "stopped" && <span class="status-stopped">Stopped</span>}
      {state.stale && activity !== "running" && activity !== "queued" && (
        <span class="status-stale" title="Something that this result was made from has changed">
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

// Everything a run shows: outputs first, then what went wrong.
import type { Output } from "../../runtime/index.ts";
import type { CellModel } from "../store/cell-model.ts";
import type { NotebookStore } from "../store/store.ts";
import { awaitedHeight } from "./awaited.ts";
import { drawing, loadDrawing } from "./drawing.ts";
import { goToPlace } from "./go-to.ts";

export function CellResult({ cell, store, title }: { cell: CellModel; store: NotebookStore; title: string }) {
  const { outputs, inputValues, error, status } = cell.state.value;
  const shown = outputs.length > 0 || error !== null;
  const awaited = !shown && comesByItself(cell, store) ? awaitedHeight(cell.source.value) : null;
  if (awaited !== null) {
    return (
      <div key="awaited" class="cell-result cell-awaited" style={{ minHeight: awaited }}>
        <p class="faint">The picture comes when the code has run.</p>
      </div>
    );
  }
  if (!shown && status !== "running") return null;
  const view = store.live.value ? drawing.value : null;
  if (view === null) {
    void loadDrawing();
    return null;
  }
  return (
    <div
      key="result"
      class="cell-result"
      role="group"
      aria-label={`Output of ${title}`}
      hidden={!shown && status !== "running"}
    >
      <view.Outputs
        cell={cell.id}
        outputs={outputs as Output[]}
        inputValues={inputValues}
        running={status === "running"}
        error={error}
        onInput={(key, value) => store.setInput(cell.id, key, value)}
        onGoTo={(place) => goToPlace(store, place)}
      />
    </div>
  );
}

/** A cell that the page is about to run, for the first time. */
function comesByItself(cell: CellModel, store: NotebookStore): boolean {
  const { status, executionCount } = cell.state.value;
  return (
    cell.author.value.run === "load" &&
    cell.copyOf === null &&
    executionCount === null &&
    (status === "idle" || status === "queued" || status === "running") &&
    store.gateOf(cell.id) === null
  );
}

// Everything a run shows: outputs first, then what went wrong.
import type { Output } from "../../runtime/index.ts";
import type { CellModel } from "../store/cell-model.ts";
import type { NotebookStore } from "../store/store.ts";
import { drawing, loadDrawing } from "./drawing.ts";
import { goToPlace } from "./go-to.ts";

export function CellResult({ cell, store, title }: { cell: CellModel; store: NotebookStore; title: string }) {
  const { outputs, inputValues, error, status } = cell.state.value;
  const shown = outputs.length > 0 || error !== null;
  if (!shown && status !== "running") return null;
  const view = store.live.value ? drawing.value : null;
  if (view === null) {
    void loadDrawing();
    return null;
  }
  return (
    <div
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

// Back to the author's text, and back again.
import type { CellModel } from "../store/cell-model.ts";
import type { NotebookStore } from "../store/store.ts";
import { moveFocus } from "./go-to.ts";
import { Icon } from "./icons.tsx";

export interface ResetButtonsProps {
  cell: CellModel;
  store: NotebookStore;
  /** What the button says, and what it is called where its surroundings are not seen. */
  word: string;
  label: string;
}

export function ResetButtons({ cell, store, word, label }: ResetButtonsProps) {
  const locked = store.readOnly.value;
  return (
    <>
      {cell.beforeReset.value !== null && (
        <button
          key="undo"
          data-action="undo"
          type="button"
          class="quiet"
          disabled={locked}
          onClick={() => {
            store.undoReset(cell.id);
            moveFocus(cell.id, "[data-action=reset]");
          }}
        >
          Undo reset
        </button>
      )}
      {cell.edited.value && (
        <button
          key="reset"
          data-action="reset"
          type="button"
          class="quiet"
          disabled={locked}
          aria-label={label}
          title="Back to the author's text"
          onClick={() => {
            store.reset(cell.id);
            moveFocus(cell.id, "[data-action=undo]");
          }}
        >
          <Icon name="reset" />
          <span class="button-word">{word}</span>
        </button>
      )}
    </>
  );
}

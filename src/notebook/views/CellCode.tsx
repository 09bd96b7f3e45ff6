// The code of one cell: the model on one side, the view of code on the other.
import type { Highlights } from "../code/highlights.ts";
import { CodeView } from "../code/CodeView.tsx";
import { errorRange } from "../code/mark.ts";
import type { CellModel } from "../store/cell-model.ts";
import type { NotebookStore } from "../store/store.ts";
import { destination, focusNextCell } from "./go-to.ts";

export interface CellCodeProps {
  cell: CellModel;
  store: NotebookStore;
  highlights: Highlights;
  title: string;
}

export function CellCode({ cell, store, highlights, title }: CellCodeProps) {
  const source = cell.source.value;
  const { error, source: knownSource, stale } = cell.state.value;
  // Places of an error are places in the text that ran; in another text they mark something innocent.
  const marked = error?.place?.cell === cell.id && knownSource === source && !stale ? error.place : null;
  const goTo = destination.value;
  return (
    <CodeView
      id={`code-${cell.id}`}
      label={
        cell.author.value.standalone ? title : `Code of ${title.charAt(0).toLowerCase()}${title.slice(1)}`
      }
      source={source}
      newest={() => cell.source.peek()}
      html={highlights.html(source)}
      readOnly={store.readOnly.value || (cell.author.value.readonly && cell.copyOf === null)}
      lineNumbers={store.settings.value.lineNumbers}
      error={marked === null ? null : errorRange(source, marked)}
      goTo={goTo?.cell === cell.id ? goTo : undefined}
      loadNames={() => store.services.loadNames()}
      onChange={(text) => store.edit(cell.id, text)}
      onRun={(move) => {
        void store.run(cell.id);
        if (move) focusNextCell(store, cell.id);
      }}
    />
  );
}

// Bringing the reader to a place: a line of some cell, or the next cell.
import { type Signal, signal } from "@preact/signals";
import type { CellPlace } from "../../runtime/index.ts";
import type { Caret } from "../code/editor.ts";
import { errorRange } from "../code/mark.ts";
import type { NotebookStore } from "../store/store.ts";

export interface Destination {
  cell: string;
  caret: Caret;
  count: number;
}

/** The last place asked for; the cell it names answers. */
export const destination: Signal<Destination | null> = signal(null);

export function goToPlace(store: NotebookStore, place: CellPlace): void {
  const cell = store.cells.get(place.cell);
  if (cell === undefined) return;
  const range = errorRange(cell.source.peek(), place) ?? { from: 0, to: 0 };
  const frame = codeFrame(place.cell);
  const fold = frame?.closest("details");
  if (fold !== null && fold !== undefined) fold.open = true;
  frame?.scrollIntoView({ block: "nearest" });
  destination.value = {
    cell: place.cell,
    caret: { anchor: range.from, head: range.from },
    count: (destination.peek()?.count ?? 0) + 1,
  };
}

/** Moves to the code of the next cell of the page that can be run and is not folded away. */
export function focusNextCell(store: NotebookStore, id: string): void {
  const order = store.order.peek();
  for (const next of order.slice(order.indexOf(id) + 1)) {
    const frame = codeFrame(next);
    if (frame === null || frame.closest("details:not([open])") !== null) continue;
    frame.focus({ preventScroll: true });
    frame.scrollIntoView({ block: "nearest" });
    return;
  }
}

function codeFrame(id: string): HTMLElement | null {
  const cell = `[data-cell="${CSS.escape(id)}"]`;
  return document.querySelector<HTMLElement>(`${cell} .code[tabindex], ${cell} .code-static`);
}

/** A button that was pressed goes away: the focus moves to the cell's button named here, not to the top of the page. */
export function moveFocus(cell: string, selector: string): void {
  requestAnimationFrame(() => {
    const { activeElement } = document;
    if (activeElement !== null && activeElement !== document.body) return;
    document
      .querySelector<HTMLElement>(`[data-cell="${CSS.escape(cell)}"] ${selector}`)
      ?.focus({ preventScroll: true });
  });
}

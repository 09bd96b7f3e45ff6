// Where in static code the reader clicked, counted in characters, so that the editor's cursor can land there.
import type { Caret } from "./editor.ts";

/** The selection inside `element` after a click; `null` when there is none. */
export function selectionIn(element: HTMLElement): Caret | null {
  const selection = element.ownerDocument.getSelection();
  if (selection === null || selection.anchorNode === null || selection.focusNode === null) return null;
  if (!element.contains(selection.anchorNode) || !element.contains(selection.focusNode)) return null;
  return {
    anchor: offsetIn(element, selection.anchorNode, selection.anchorOffset),
    head: offsetIn(element, selection.focusNode, selection.focusOffset),
  };
}

/** The character nearest to a point of the window; `null` where the browser cannot say. */
export function caretAt(element: HTMLElement, x: number, y: number): Caret | null {
  const { ownerDocument } = element;
  const place =
    "caretPositionFromPoint" in ownerDocument
      ? positionFromPoint(ownerDocument, x, y)
      : rangeFromPoint(ownerDocument, x, y);
  if (place === null || !element.contains(place.node)) return null;
  const at = offsetIn(element, place.node, place.offset);
  return { anchor: at, head: at };
}

function positionFromPoint(page: Document, x: number, y: number): { node: Node; offset: number } | null {
  const position = page.caretPositionFromPoint(x, y);
  return position === null ? null : { node: position.offsetNode, offset: position.offset };
}

function rangeFromPoint(page: Document, x: number, y: number): { node: Node; offset: number } | null {
  // Safari before 18.4 and older Chromium know only this form.
  const range = page.caretRangeFromPoint(x, y);
  return range === null ? null : { node: range.startContainer, offset: range.startOffset };
}

function offsetIn(element: HTMLElement, node: Node, offset: number): number {
  const range = element.ownerDocument.createRange();
  range.setStart(element, 0);
  range.setEnd(node, offset);
  return range.toString().length;
}

// The notebook's own components, drawn to text: the static page and the living one are the same.
import { highlightCode, renderIsland } from "../notebook/static.ts";
import type { Renderers } from "./pages/lesson.ts";

type Island = Parameters<typeof renderIsland>[0];

const mostDrawn = 500;
const drawn = new Map<string, string>();

/** An island as text, drawn once: an author who edits prose must not wait for cells that did not change. */
function drawnIsland(island: Island): string {
  // Where a block stands in its file is not in the picture, and changes with every line above it.
  const key = JSON.stringify(island, (name, value: unknown) => (name === "span" ? undefined : value));
  const known = drawn.get(key);
  if (known !== undefined) return known;
  const html = renderIsland(island);
  if (drawn.size >= mostDrawn) drawn.clear();
  drawn.set(key, html);
  return html;
}

export const renderers: Renderers = { island: drawnIsland, code: highlightCode };

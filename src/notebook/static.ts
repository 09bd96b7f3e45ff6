// The notebook at build time: the same components, rendered to HTML that a page can show without scripts and
// hydrate without a flicker. The second public face of the room, for Node only.
import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import { highlightCode } from "./code/highlight.ts";
import { Highlights } from "./code/highlights.ts";
import { blockId, notebookFiles } from "./files.ts";
import type { NotebookBlock } from "./data.ts";
import type { NotebookServices } from "./store/session.ts";
import { NotebookStore } from "./store/store.ts";
import { Island } from "./views/island.tsx";

export { highlightCode, notebookFiles };

/** The HTML inside `<div class="island" data-island="…" data-id="…">`, as it is before the reader has done anything. */
export function renderIsland(block: NotebookBlock): string {
  const store = new NotebookStore(
    { course: { id: "", title: "" }, lesson: { id: "", version: "", title: "" }, blocks: [block] },
    noServices,
  );
  const highlights = new Highlights(highlightCode, async () => highlightCode);
  const html = renderToString(h(Island, { kind: block.kind, id: blockId(block), store, highlights }));
  store.dispose();
  return html;
}

function unavailable(): never {
  throw new Error("Nothing runs while a page is rendered.");
}

const noServices: NotebookServices = {
  createSession: unavailable,
  checkAnswer: unavailable,
  answerQuiz: unavailable,
  loadHelp: unavailable,
  loadSolution: unavailable,
  loadNames: unavailable,
  flush: unavailable,
};

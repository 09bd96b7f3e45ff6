// Runs in the test's page: a chapter's cells, in order, in the product's sandbox, as a lesson's page runs them.
import { createFrameHost, Session } from "../../../src/runtime/index.ts";
import { partFiles } from "./engine-parts.ts";
import { type ChapterCell, type Shown, shownBy } from "./shown.ts";

const host = createFrameHost({ sandboxUrl: "./sandbox.html", document, parts: partFiles });

declare global {
  interface Window {
    runChapter: (cells: ChapterCell[], data: Record<string, unknown>) => Promise<Shown[]>;
  }
}

window.runChapter = async (cells, data) => {
  const session = new Session({ cells, host, loadData: (specifier) => Promise.resolve(data[specifier]) });
  await session.runAll();
  return shownBy(session);
};

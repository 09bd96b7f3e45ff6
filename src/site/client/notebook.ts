// Brings the page's islands to life: the lesson's data, a sandbox for its cells, and the notebook over both.
import { openSolution } from "../../grading/index.ts";
import { type NotebookData, type NotebookHandle, mountNotebook } from "../../notebook/index.ts";
import { createFrameHost } from "../../runtime/index.ts";
import { replayEarlyClicks } from "./early-clicks.ts";

let handle: NotebookHandle | null = null;

export async function startNotebook(): Promise<void> {
  const data = (await fetchJson("notebook.json")) as NotebookData;
  const host = createFrameHost({ sandboxUrl: siteUrl("sandbox.html"), document });
  handle = mountNotebook({ root: document.body, data, host, loadData, loadSolution });
  await handle.ready;
  replayEarlyClicks();
}

/** The notebook of this page; `null` until it is there. */
export function currentNotebook(): NotebookHandle | null {
  return handle;
}

function siteUrl(path: string): string {
  return new URL((document.body.dataset["root"] ?? "./") + path, location.href).href;
}

async function loadData(specifier: string): Promise<unknown> {
  return fetchJson(specifier);
}

async function loadSolution(exercise: string): Promise<string> {
  return openSolution(String(await fetchJson(`solutions/${encodeURIComponent(exercise)}.json`)));
}

async function fetchJson(path: string): Promise<unknown> {
  const response = await fetch(new URL(path, location.href));
  if (!response.ok) throw new Error(`${path} could not be loaded (${response.status})`);
  return response.json();
}

// Brings the page's islands to life: the lesson's data, a sandbox for its cells, and the notebook over both.
import {
  type EngineNames,
  type ExerciseHelp,
  type NotebookData,
  type NotebookHandle,
  mountNotebook,
} from "../../notebook/index.ts";
import { partFiles } from "virtual:engine-parts";
import type { KernelHost, PartFile, PartFiles } from "../../runtime/index.ts";
import { replayEarlyClicks } from "./early-clicks.ts";

let handle: NotebookHandle | null = null;

export async function startNotebook(): Promise<void> {
  const data = (await fetchJson("notebook.json")) as NotebookData;
  handle = mountNotebook({
    root: document.body,
    data,
    host: lazyHost(),
    loadData,
    loadHelp,
    loadSolution,
    loadNames,
  });
  await handle.ready;
  replayEarlyClicks();
}

/** The notebook of this page; `null` until it is there. */
export function currentNotebook(): NotebookHandle | null {
  return handle;
}

/** The runtime is larger than all the rest; it comes when the first kernel is started. */
function lazyHost(): KernelHost {
  let host: Promise<KernelHost> | null = null;
  const loaded = () => {
    host ??= import("../../runtime/index.ts").then(({ createFrameHost }) =>
      createFrameHost({ sandboxUrl: siteUrl("sandbox.html"), document, parts: partsOfSite() }),
    );
    // A failure is forgotten, so that the next run tries again.
    host.catch(() => {
      host = null;
    });
    return host;
  };
  return {
    start: async (options) => (await loaded()).start(options),
    prepare: async (programs) => (await loaded()).prepare?.(programs),
    dispose() {
      void host?.then((started) => started.dispose());
    },
  };
}

function partsOfSite(): PartFiles {
  const files = Object.entries<PartFile>(partFiles);
  return Object.fromEntries(
    files.map(([name, file]) => [name, { ...file, url: siteUrl(file.url) }]),
  ) as PartFiles;
}

function siteUrl(path: string): string {
  return new URL((document.body.dataset["root"] ?? "./") + path, location.href).href;
}

async function loadData(specifier: string): Promise<unknown> {
  const { readDataFile } = await import("../../runtime/index.ts");
  return readDataFile(specifier, await (await fetchFile(specifier)).text());
}

async function loadHelp(): Promise<Record<string, ExerciseHelp>> {
  return (await fetchJson("exercises.json")) as Record<string, ExerciseHelp>;
}

async function loadSolution(exercise: string): Promise<string> {
  const { openSolution } = await import("../../grading/index.ts");
  return openSolution(String(await fetchJson(`solutions/${encodeURIComponent(exercise)}.json`)));
}

let names: Promise<EngineNames> | null = null;

/** Once for all editors of the page; a failure is forgotten, so that the next one asks again. */
function loadNames(): Promise<EngineNames> {
  names ??= fetchJson(siteUrl("reference/names.json")).then((data) => {
    const { pages, ...rest } = data as EngineNames;
    return { ...rest, pages: pages.map(siteUrl) };
  });
  names.catch(() => {
    names = null;
  });
  return names;
}

async function fetchJson(path: string): Promise<unknown> {
  return (await fetchFile(path)).json();
}

async function fetchFile(path: string): Promise<Response> {
  const response = await fetch(new URL(path, location.href));
  if (!response.ok) throw new Error(`${path} could not be loaded (${response.status})`);
  return response;
}

// The public face of the notebook in a page. Small by itself: everything else is loaded when it is asked for.
import type { LessonProgress, NotebookData } from "./data.ts";
import type { MountOptions, Notebook } from "./mount.tsx";

export type { ExerciseHelp, IslandBlock, LessonIslands, LessonProgress, NotebookData } from "./data.ts";
export type { EngineName, EngineNames } from "./code/engine-names.ts";
export type { MountOptions } from "./mount.tsx";

export interface NotebookHandle {
  /** Resolved when the islands can be used; rejected when the notebook could not be loaded. */
  readonly ready: Promise<void>;
  /** A new version of the lesson: what the reader wrote, outputs and the kernel stay. */
  update(data: NotebookData): void;
  /** Saves and takes the notebook off the page. */
  dispose(): Promise<void>;
}

/**
 * Brings the islands inside `root` to life, each in place: elements with `data-island` (`cell`, `exercise`, `quiz`,
 * `predict` with `data-id`, or `toolbar`). Markup that `renderIsland` made is hydrated; an empty island is rendered.
 */
export function mountNotebook(options: MountOptions): NotebookHandle {
  let newest = options.data;
  let notebook: Notebook | null = null;
  const loaded = import("./mount.tsx").then((module) => {
    notebook = new module.Notebook({ ...options, data: newest });
    return notebook;
  });
  const ready = loaded.then((started) => started.start());
  return {
    ready,
    update(data) {
      newest = data;
      notebook?.update(data);
    },
    async dispose() {
      await (await loaded).dispose();
    },
  };
}

/**
 * How far the reader has come in each lesson of a course, by lesson id; empty where nothing is stored or storage is
 * not to be had.
 */
export async function readCourseProgress(course: string): Promise<Record<string, LessonProgress>> {
  try {
    const { DatabaseStorage } = await import("./storage/database.ts");
    const storage = await DatabaseStorage.open();
    try {
      return await storage.readProgress(course);
    } finally {
      storage.close();
    }
  } catch {
    return {};
  }
}

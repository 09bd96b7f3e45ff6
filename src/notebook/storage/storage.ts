// Where work is kept: a tiny interface, so that everything above it can be tested without a browser.
import type { LessonProgress } from "../data.ts";

/** Names one lesson of one course. */
export interface LessonKey {
  course: string;
  lesson: string;
}

/** Every method may fail (private windows, a full disk); the callers say so to the reader and go on in memory. */
export interface WorkStorage {
  /** The record as it was stored, unchecked; `undefined` when there is none. */
  readWork(key: LessonKey): Promise<unknown>;
  /** Writes the work and the progress together, or neither. */
  writeWork(key: LessonKey, work: unknown, progress: LessonProgress): Promise<void>;
  /** Keeps a record that could not be read, so that nothing the reader made is lost. */
  setAside(key: LessonKey, record: unknown, reason: string): Promise<void>;
  readProgress(course: string): Promise<Record<string, LessonProgress>>;
  readSettings(): Promise<unknown>;
  writeSettings(settings: unknown): Promise<void>;
  close(): void;
}

/** Keeps everything until the page is closed. */
export class MemoryStorage implements WorkStorage {
  readonly work = new Map<string, unknown>();
  readonly aside: { key: LessonKey; record: unknown; reason: string }[] = [];
  readonly #progress = new Map<string, LessonProgress>();
  settings: unknown;

  async readWork(key: LessonKey): Promise<unknown> {
    return this.work.get(nameOf(key));
  }

  async writeWork(key: LessonKey, work: unknown, progress: LessonProgress): Promise<void> {
    this.work.set(nameOf(key), structuredClone(work));
    this.#progress.set(nameOf(key), progress);
  }

  async setAside(key: LessonKey, record: unknown, reason: string): Promise<void> {
    this.aside.push({ key, record, reason });
  }

  async readProgress(course: string): Promise<Record<string, LessonProgress>> {
    const found: Record<string, LessonProgress> = {};
    for (const [name, progress] of this.#progress) {
      const [ofCourse, lesson] = JSON.parse(name) as [string, string];
      if (ofCourse === course) found[lesson] = progress;
    }
    return found;
  }

  async readSettings(): Promise<unknown> {
    return this.settings;
  }

  async writeSettings(settings: unknown): Promise<void> {
    this.settings = structuredClone(settings);
  }

  close(): void {
    // Nothing is held open.
  }
}

/** One text for a key, for storages that know only texts. */
export function nameOf(key: LessonKey): string {
  return JSON.stringify([key.course, key.lesson]);
}

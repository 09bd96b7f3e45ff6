// What was typed in the last moment before a page closes. A write to IndexedDB that begins then may never finish;
// one to localStorage has finished when it returns. The next page takes the words over into the database.
import { type LessonKey, nameOf } from "./storage.ts";

export interface LastWords {
  /** The words left behind for a lesson, unchecked; `undefined` when there are none. */
  read(key: LessonKey): unknown;
  write(key: LessonKey, work: unknown): void;
  clear(key: LessonKey): void;
}

/** No method ever fails: without a localStorage there is still the write to the database. */
export class LocalLastWords implements LastWords {
  read(key: LessonKey): unknown {
    try {
      const text = localStorage.getItem(itemOf(key));
      return text === null ? undefined : JSON.parse(text);
    } catch {
      return undefined;
    }
  }

  write(key: LessonKey, work: unknown): void {
    try {
      localStorage.setItem(itemOf(key), JSON.stringify(work));
    } catch {
      // A full or forbidden storage; the database may still be quick enough.
    }
  }

  clear(key: LessonKey): void {
    try {
      localStorage.removeItem(itemOf(key));
    } catch {
      // Then there was nothing to clear.
    }
  }
}

function itemOf(key: LessonKey): string {
  return `descent:last-words:${nameOf(key)}`;
}

/** Of two records of one lesson the one that was saved later; a record without a time is the older one. */
export function newerRecord(stored: unknown, words: unknown): unknown {
  return words !== undefined && savedAt(words) > savedAt(stored) ? words : stored;
}

function savedAt(record: unknown): string {
  const at = (record as { savedAt?: unknown } | null | undefined)?.savedAt;
  return typeof at === "string" ? at : "";
}

// The reader's work in IndexedDB. One record per lesson, written whole: it is small, and a half-written one cannot exist.
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { LessonProgress } from "../data.ts";
import type { LessonKey, WorkStorage } from "./storage.ts";

interface Schema extends DBSchema {
  work: { key: [string, string]; value: { course: string; lesson: string; work: unknown } };
  progress: {
    key: [string, string];
    value: { course: string; lesson: string; progress: LessonProgress };
    indexes: { course: string };
  };
  settings: { key: string; value: unknown };
  "set-aside": {
    key: number;
    value: { course: string; lesson: string; record: unknown; reason: string; at: string };
  };
}

const DATABASE = "descent";
const VERSION = 1;

export class DatabaseStorage implements WorkStorage {
  readonly #database: IDBPDatabase<Schema>;

  private constructor(database: IDBPDatabase<Schema>) {
    this.#database = database;
  }

  static async open(): Promise<DatabaseStorage> {
    const database = await openDB<Schema>(DATABASE, VERSION, {
      upgrade(upgraded) {
        upgraded.createObjectStore("work", { keyPath: ["course", "lesson"] });
        const progress = upgraded.createObjectStore("progress", { keyPath: ["course", "lesson"] });
        progress.createIndex("course", "course");
        upgraded.createObjectStore("settings");
        upgraded.createObjectStore("set-aside", { autoIncrement: true });
      },
      blocking(_current, _blocked, event) {
        // A newer page wants to upgrade: make way; the next write here fails and says so.
        (event.target as IDBDatabase).close();
      },
    });
    return new DatabaseStorage(database);
  }

  async readWork({ course, lesson }: LessonKey): Promise<unknown> {
    return (await this.#database.get("work", [course, lesson]))?.work;
  }

  async writeWork({ course, lesson }: LessonKey, work: unknown, progress: LessonProgress): Promise<void> {
    const transaction = this.#database.transaction(["work", "progress"], "readwrite");
    await Promise.all([
      transaction.objectStore("work").put({ course, lesson, work }),
      transaction.objectStore("progress").put({ course, lesson, progress }),
      transaction.done,
    ]);
  }

  async setAside({ course, lesson }: LessonKey, record: unknown, reason: string): Promise<void> {
    await this.#database.add("set-aside", { course, lesson, record, reason, at: new Date().toISOString() });
  }

  async readProgress(course: string): Promise<Record<string, LessonProgress>> {
    const rows = await this.#database.getAllFromIndex("progress", "course", course);
    return Object.fromEntries(rows.map((row) => [row.lesson, row.progress]));
  }

  async readSettings(): Promise<unknown> {
    return this.#database.get("settings", "settings");
  }

  async writeSettings(settings: unknown): Promise<void> {
    await this.#database.put("settings", settings, "settings");
  }

  close(): void {
    this.#database.close();
  }
}

// Keeps the store's work: reads it when the page opens, saves every change, and tells the reader when it cannot.
import { effect } from "@preact/signals";
import type { NotebookStore } from "../store/store.ts";
import { type LastWords, LocalLastWords, newerRecord } from "./last-words.ts";
import { readSettings, readWork, type Settings } from "./records.ts";
import { Saver } from "./saver.ts";
import { type LessonKey, MemoryStorage, type WorkStorage } from "./storage.ts";

export class Keeper {
  readonly #store: NotebookStore;
  readonly #key: LessonKey;
  readonly #saver: Saver;
  readonly #lastWords: LastWords;
  #storage: WorkStorage = new MemoryStorage();
  #stopWatching: (() => void) | null = null;
  #found: { settings: unknown; record: unknown } = { settings: undefined, record: undefined };
  /** Resolved when nothing that a save would overwrite is in danger. */
  #safe: Promise<void> = Promise.resolve();
  #savedChanges = 0;
  #maySave = true;

  constructor(store: NotebookStore, lastWords: LastWords = new LocalLastWords()) {
    const { course, lesson } = store.data.peek();
    this.#store = store;
    this.#lastWords = lastWords;
    this.#key = { course: course.id, lesson: lesson.id };
    this.#saver = new Saver({
      save: () => this.#save(),
      onFailure: (error) => this.#say(error),
      onRecovery: () => store.withdraw("storage"),
    });
  }

  /**
   * Opens the storage and reads what it holds; `begin` puts that into the store. Two steps, so that the page can be
   * hydrated as the build made it in between. Never fails: without a storage, work stays in memory.
   */
  async open(openStorage: () => Promise<WorkStorage>): Promise<void> {
    try {
      this.#storage = await openStorage();
      const [settings, record] = await Promise.all([
        this.#storage.readSettings(),
        this.#storage.readWork(this.#key),
      ]);
      this.#found = { settings, record };
    } catch (error) {
      this.#say(error);
    }
    this.#found.record = newerRecord(this.#found.record, this.#lastWords.read(this.#key));
  }

  /** Puts what was read into the store, and saves every change from now on. */
  begin(): void {
    const { settings, record } = this.#found;
    const known = readSettings(settings);
    if (known.ok) this.#store.settings.value = known.value;
    this.#apply(record);
    this.#savedChanges = this.#store.changes.peek();
    this.#stopWatching = effect(() => {
      const changes = this.#store.changes.value;
      if (changes === this.#savedChanges) return;
      this.#savedChanges = changes;
      if (this.#maySave) this.#saver.changed();
    });
  }

  /** Reads the stored work again, in place of what is in the store. */
  async reload(): Promise<void> {
    try {
      this.#apply(await this.#storage.readWork(this.#key));
    } catch (error) {
      this.#say(error);
    }
  }

  #apply(record: unknown): void {
    if (record === undefined) return;
    const work = readWork(record);
    if (work.ok) {
      this.#store.restore(work.value);
      this.#savedChanges = this.#store.changes.peek();
      return;
    }
    this.#store.notify({
      id: "set-aside",
      kind: "warning",
      text: `Your earlier work on this lesson could not be read (${work.reason}). It was set aside, and the lesson starts afresh.`,
      dismissible: true,
      actions: [{ label: "Download it", run: () => downloadJson("unreadable-work.descent.json", record) }],
    });
    // Until it is safe elsewhere, the record must not be overwritten.
    this.#safe = this.#storage.setAside(this.#key, record, work.reason);
    this.#safe.catch((error: unknown) => this.#say(error));
  }

  /** Another tab writes: nothing more is saved from here. */
  setWriting(writing: boolean): void {
    this.#maySave = writing;
    if (!writing) this.#saver.abandon();
  }

  flush(): Promise<void> {
    return this.#saver.flush();
  }

  /** The page may be gone in a moment: what is not stored yet is left where the next page finds it for certain. */
  leave(): void {
    if (this.#maySave && this.#saver.unsaved) this.#lastWords.write(this.#key, this.#store.toWork());
    void this.#saver.flush();
  }

  async saveSettings(settings: Settings): Promise<void> {
    this.#store.settings.value = settings;
    try {
      await this.#storage.writeSettings(settings);
    } catch (error) {
      this.#say(error);
    }
  }

  async close(): Promise<void> {
    this.#stopWatching?.();
    await this.#saver.flush();
    this.#storage.close();
  }

  async #save(): Promise<void> {
    await this.#safe;
    await this.#storage.writeWork(this.#key, this.#store.toWork(), this.#store.progress());
    this.#lastWords.clear(this.#key);
  }

  #say(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#store.notify({
      id: "storage",
      kind: "error",
      text: `Your work cannot be saved on this device (${reason}). It is kept while this page stays open: export it from the menu before you leave.`,
      actions: [{ label: "Try again", run: () => this.#retry() }],
    });
  }

  #retry(): void {
    this.#saver.changed();
    void this.#saver.flush();
  }
}

export function downloadJson(name: string, data: unknown): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on the data by the next turn.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}

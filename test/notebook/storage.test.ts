// The reader's work: saved on change, read back on open, never silently lost.
import { describe, expect, it } from "vitest";
import { toSubmission } from "../../src/grading/index.ts";
import { readWork } from "../../src/notebook/storage/records.ts";
import { Keeper } from "../../src/notebook/storage/keeper.ts";
import type { LastWords } from "../../src/notebook/storage/last-words.ts";
import { Saver } from "../../src/notebook/storage/saver.ts";
import { MemoryStorage } from "../../src/notebook/storage/storage.ts";
import type { NotebookStore } from "../../src/notebook/store/store.ts";
import { answersOf, importedWork, workFileName } from "../../src/notebook/work-file.ts";
import { lessonText, sampleData, sampleStore, verdict } from "./sample.ts";

const key = { course: "course", lesson: "sample" };
const stored = (storage: MemoryStorage) => storage.work.get(JSON.stringify(["course", "sample"]));

async function opened(
  storage: MemoryStorage,
  store = sampleStore(),
): Promise<{ store: NotebookStore; keeper: Keeper }> {
  const keeper = new Keeper(store);
  await keeper.open(async () => storage);
  keeper.begin();
  return { store, keeper };
}

async function workedOn(storage: MemoryStorage): Promise<void> {
  const { store, keeper } = await opened(storage, sampleStore({ checkAnswer: async () => verdict(4) }));
  store.edit("first", "const first = 3;");
  store.duplicate("second");
  store.setInput("first", "rate", 0.5);
  store.draftGuess("guess", 9);
  store.keepGuess("guess");
  store.draftAnswer("pick", [1]);
  await store.answerQuiz("pick");
  store.edit("answer.double", "export const double = (x: number) => 2 * x;");
  await store.check("double");
  await store.run("first");
  await keeper.close();
}

describe("work that was stored", () => {
  it("is all there when the page is opened again", async () => {
    const storage = new MemoryStorage();
    await workedOn(storage);
    const { store } = await opened(storage);
    expect(store.cells.get("first")?.source.value).toBe("const first = 3;");
    expect(store.copiesOf("second")).toHaveLength(1);
    expect(store.inputs.value).toEqual({ first: { rate: 0.5 } });
    expect(store.predictions.get("guess")?.work.value.guess).toBe(9);
    expect(store.quizzes.get("pick")?.work.value.points).toBe(2);
    expect(store.exercises.get("double")?.work.value).toMatchObject({ best: 4, passed: true });
    expect(store.score.value.earned).toBe(6);
    await store.recallFeedback();
    expect(store.quizzes.get("pick")?.result.value?.correct).toBe(true);
  });

  it("tells the course page how far the reader is", async () => {
    const storage = new MemoryStorage();
    await workedOn(storage);
    expect((await storage.readProgress("course"))["sample"]).toMatchObject({
      earned: 6,
      possible: 11,
      cellsRun: 1,
      cells: 5,
    });
    expect(await storage.readProgress("other")).toEqual({});
  });

  it("survives a version of the lesson that lacks its block", async () => {
    const storage = new MemoryStorage();
    await workedOn(storage);
    const without = sampleData(
      lessonText.replace("```ts name=first\nconst first: number = 20 + 1;\nfirst\n```", ""),
    );
    const { store, keeper } = await opened(storage, sampleStore({}, without));
    store.edit("second", "1");
    await keeper.close();
    const work = readWork(stored(storage));
    expect(work.ok && work.value.cells["first"]?.source).toBe("const first = 3;");
  });

  it("is set aside with a notice when it cannot be read", async () => {
    const storage = new MemoryStorage();
    const broken = { format: "descent-work/9", secret: "mine" };
    storage.work.set(JSON.stringify(["course", "sample"]), broken);
    const { store, keeper } = await opened(storage);
    expect(store.notices.value[0]?.id).toBe("set-aside");
    store.edit("first", "new");
    await keeper.close();
    expect(storage.aside).toMatchObject([{ key, record: broken }]);
    expect(readWork(stored(storage)).ok).toBe(true);
  });

  it("is not overwritten while setting it aside fails", async () => {
    class Stubborn extends MemoryStorage {
      override setAside(): Promise<void> {
        return Promise.reject(new Error("full"));
      }
    }
    const storage = new Stubborn();
    storage.work.set(JSON.stringify(["course", "sample"]), "damaged");
    const { store, keeper } = await opened(storage);
    store.edit("first", "new");
    await keeper.flush();
    expect(stored(storage)).toBe("damaged");
    expect(store.notices.value.some((notice) => notice.id === "storage")).toBe(true);
  });

  it("is deleted by resetting the lesson", async () => {
    const storage = new MemoryStorage();
    await workedOn(storage);
    const { store, keeper } = await opened(storage);
    await store.resetLesson();
    await keeper.close();
    const again = await opened(storage);
    expect(again.store.cells.get("first")?.edited.value).toBe(false);
    expect(again.store.copies.value).toEqual([]);
    expect(again.store.score.value.earned).toBe(0);
  });
});

describe("storage that fails", () => {
  it("is told to the reader, who goes on in memory, and the notice goes when it works again", async () => {
    class Full extends MemoryStorage {
      full = true;
      override async writeWork(...args: Parameters<MemoryStorage["writeWork"]>): Promise<void> {
        if (this.full) throw new Error("quota");
        await super.writeWork(...args);
      }
    }
    const storage = new Full();
    const { store, keeper } = await opened(storage);
    store.edit("first", "mine");
    await keeper.flush();
    expect(store.notices.value[0]?.text).toContain("quota");
    expect(store.cells.get("first")?.source.value).toBe("mine");
    storage.full = false;
    store.edit("first", "mine again");
    await keeper.flush();
    expect(store.notices.value).toEqual([]);
    expect(stored(storage)).toBeDefined();
  });

  it("cannot be opened: the lesson works all the same", async () => {
    const store = sampleStore();
    const keeper = new Keeper(store);
    await keeper.open(() => Promise.reject(new Error("private window")));
    keeper.begin();
    await store.run("first");
    expect(store.cells.get("first")?.activity.value).toBe("ok");
    expect(store.notices.value[0]?.text).toContain("private window");
  });

  it("belongs to another tab: nothing is written from here", async () => {
    const storage = new MemoryStorage();
    const { store, keeper } = await opened(storage);
    store.edit("first", "mine");
    keeper.setWriting(false);
    await keeper.flush();
    expect(stored(storage)).toBeUndefined();
  });
});

describe("the saver", () => {
  it("writes once for many changes, never two at a time, and ends with the newest state", async () => {
    const written: number[] = [];
    let state = 0;
    let writing = 0;
    const timers: (() => void)[] = [];
    const saver = new Saver({
      save: async () => {
        writing += 1;
        expect(writing).toBe(1);
        const seen = state;
        await Promise.resolve();
        written.push(seen);
        writing -= 1;
      },
      onFailure: () => undefined,
      onRecovery: () => undefined,
      setTimer: (callback) => timers.push(callback),
      clearTimer: () => undefined,
    });
    for (state = 1; state <= 3; state += 1) saver.changed();
    state = 3;
    expect(timers).toHaveLength(1);
    timers[0]?.();
    state = 4;
    saver.changed();
    await Promise.all([saver.flush(), saver.flush()]);
    expect(written.at(-1)).toBe(4);
    expect(written.length).toBeLessThanOrEqual(2);
  });
});

describe("exported work", () => {
  const exported = (store: NotebookStore) =>
    toSubmission({
      course: "course",
      lesson: "sample",
      lessonVersion: "1",
      student: "s001",
      ...answersOf(store),
      at: new Date(0),
    });

  it("holds the answers that were changed and the quizzes as the grader reads them", () => {
    const store = sampleStore();
    expect(answersOf(store)).toEqual({ answers: {}, quizzes: {} });
    store.edit("answer.double", "mine");
    store.draftAnswer("number", "1/2");
    store.draftAnswer("pick", [1]);
    expect(answersOf(store)).toEqual({ answers: { double: "mine" }, quizzes: { number: 0.5, pick: [1] } });
  });

  it("comes back whole from a file of our own", () => {
    const store = sampleStore();
    store.edit("first", "mine");
    const work = store.toWork();
    const other = sampleStore();
    other.restore(importedWork(Object.assign(exported(store), { work }), other, other.toWork()));
    expect(other.cells.get("first")?.source.value).toBe("mine");
  });

  it("comes back as answers from a plain submission, and leaves the rest alone", () => {
    const store = sampleStore();
    store.edit("answer.double", "mine");
    store.draftAnswer("number", "0.5");
    const other = sampleStore();
    other.edit("first", "theirs");
    other.restore(importedWork(exported(store), other, other.toWork()));
    expect(other.cells.get("answer.double")?.source.value).toBe("mine");
    expect(other.quizzes.get("number")?.work.value.draft).toBe("0.5");
    expect(other.cells.get("first")?.source.value).toBe("theirs");
  });

  it("has a file name that every system takes", () => {
    expect(workFileName("Ana María/7", "critical-points")).toBe("Ana-María-7-critical-points.descent.json");
    expect(workFileName("../x", "l")).toBe("x-l.descent.json");
  });
});

describe("a page that closes in the middle of a write", () => {
  class Note implements LastWords {
    words: unknown;
    read(): unknown {
      return this.words;
    }
    write(_: typeof key, work: unknown): void {
      this.words = structuredClone(work);
    }
    clear(): void {
      this.words = undefined;
    }
  }

  /** A database whose writes never finish, as when the page is gone. */
  class Unfinished extends MemoryStorage {
    override writeWork(): Promise<void> {
      return new Promise(() => {});
    }
  }

  async function openedWith(
    storage: MemoryStorage,
    note: Note,
  ): Promise<{ store: NotebookStore; keeper: Keeper }> {
    const store = sampleStore();
    const keeper = new Keeper(store, note);
    await keeper.open(async () => storage);
    keeper.begin();
    return { store, keeper };
  }

  it("leaves the last line typed where the next page finds it", async () => {
    const note = new Note();
    const { store, keeper } = await openedWith(new Unfinished(), note);
    store.edit("first", "const lastLine = 1;");
    keeper.leave();
    const next = await openedWith(new MemoryStorage(), note);
    expect(next.store.cells.get("first")?.source.value).toBe("const lastLine = 1;");
  });

  it("leaves nothing when all is stored", async () => {
    const note = new Note();
    const { store, keeper } = await openedWith(new MemoryStorage(), note);
    store.edit("first", "const stored = 1;");
    await keeper.flush();
    keeper.leave();
    expect(note.words).toBeUndefined();
  });

  it("never puts older words in the place of newer work", async () => {
    const note = new Note();
    const { store, keeper } = await openedWith(new Unfinished(), note);
    store.edit("first", "const older = 1;");
    keeper.leave();
    note.words = { ...(note.words as object), savedAt: "2000-01-01T00:00:00.000Z" };
    const storage = new MemoryStorage();
    const later = await openedWith(storage, new Note());
    later.store.edit("first", "const newer = 1;");
    await later.keeper.flush();
    const next = await openedWith(storage, note);
    expect(next.store.cells.get("first")?.source.value).toBe("const newer = 1;");
  });
});

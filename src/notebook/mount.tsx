// The notebook in a page: a store, its storage, and a component in each island. Everything heavy is loaded when it
// is needed: the runtime at the first run, the grader at the first check, the editor when the reader goes into code.
import { hydrate, render, type VNode } from "preact";
import type { KernelHost } from "../runtime/index.ts";
import { Highlights } from "./code/highlights.ts";
import type { EngineNames } from "./code/engine-names.ts";
import type { ExerciseHelp, NotebookBlock, NotebookData } from "./data.ts";
import { codeElement, codeOf, withCodeOfPage } from "./files.ts";
import { DatabaseStorage } from "./storage/database.ts";
import { downloadJson, Keeper } from "./storage/keeper.ts";
import { holdWriterLock, type WriterLock } from "./storage/writer-lock.ts";
import type { NotebookServices } from "./store/session.ts";
import { NotebookStore } from "./store/store.ts";
import { loadDrawing } from "./views/drawing.ts";
import { Island, type IslandKind } from "./views/island.tsx";
import { prepareSketches } from "./views/Predict.tsx";
import { Toolbar } from "./views/Toolbar.tsx";
import type { WorkActions } from "./views/WorkMenu.tsx";
import { answersOf, importedWork, workFileName } from "./work-file.ts";

export interface MountOptions {
  /** Holds the islands, and `[data-island="toolbar"]` if there is to be one. */
  root: HTMLElement;
  /** As `notebook.json` holds it: code is taken from the page. */
  data: NotebookData;
  /** Starts kernels; nothing is started before the first run. */
  host: KernelHost;
  /** Data files that cells import, by specifier. */
  loadData(specifier: string): Promise<unknown>;
  /** What checks and hints need, by exercise: `exercises.json`. Called when one is asked for, or in an idle moment. */
  loadHelp(): Promise<Record<string, ExerciseHelp>>;
  /** The author's solution of an exercise; called only when the reader asks for it. */
  loadSolution(exercise: string): Promise<string>;
  /** The engine's names for the editor's pop-ups, with addresses that lead from this page; called when code is first edited. */
  loadNames(): Promise<EngineNames>;
}

const loadRuntime = () => import("../runtime/index.ts");
const loadGrading = () => import("../grading/index.ts");

/** A run does not wait longer than this for what was typed to be stored. */
const FLUSH_PATIENCE = 500;

export class Notebook {
  readonly #root: HTMLElement;
  readonly #store: NotebookStore;
  readonly #keeper: Keeper;
  readonly #highlights = new Highlights(
    null,
    async () => (await import("./code/highlight.ts")).highlightCode,
  );
  readonly #mounted = new Set<HTMLElement>();
  readonly #abort = new AbortController();
  #lock: WriterLock | null = null;

  constructor(options: MountOptions) {
    this.#root = options.root;
    const services: NotebookServices = {
      createSession: async ({ cells, inputValues }) => {
        const [{ Session }] = await Promise.all([loadRuntime(), loadDrawing()]);
        const loadData = (specifier: string) => options.loadData(specifier);
        // Who runs cells will check answers; but the first result goes before.
        whenIdle(() => this.#store.help.want());
        return new Session({ cells, host: options.host, loadData, inputValues });
      },
      checkAnswer: async (check) => (await loadGrading()).checkAnswer({ ...check, host: options.host }),
      answerQuiz: async (quiz, answer) => (await loadGrading()).answerQuiz(quiz, answer),
      loadHelp: () => options.loadHelp(),
      loadSolution: (exercise) => options.loadSolution(exercise),
      loadNames: () => options.loadNames(),
      flush: () => Promise.race([this.#keeper.flush(), pause(FLUSH_PATIENCE)]),
    };
    this.#store = new NotebookStore(withCodeOfPage(options.data, options.root), services);
    this.#keeper = new Keeper(this.#store);
  }

  async start(): Promise<void> {
    const { blocks } = this.#store.data.peek();
    const predictions = blocks.filter((block) => block.kind === "predict");
    prepareSketches(predictions);
    await this.#keeper.open(() => DatabaseStorage.open());
    if (this.#abort.signal.aborted) return;
    this.#attach(true);
    this.#store.live.value = true;
    this.#keeper.begin();
    this.#hold();
    this.#listen();
    void this.#store.runner.runLoadCells();
  }

  /** A new version of the lesson, after the page's prose has been replaced. */
  update(data: NotebookData): void {
    this.#learn(data.blocks);
    this.#store.update(data);
    this.#attach(false);
  }

  async dispose(): Promise<void> {
    this.#abort.abort();
    await this.#keeper.close();
    this.#lock?.release();
    for (const element of this.#mounted) render(null, element);
    this.#mounted.clear();
    this.#store.dispose();
  }

  // Islands

  /** Puts a component into each island that has none; the build's markup is hydrated in place at first. */
  #attach(first: boolean): void {
    if (first) this.#learn(this.#store.data.peek().blocks);
    for (const element of this.#mounted) {
      if (this.#root.contains(element)) continue;
      render(null, element);
      this.#mounted.delete(element);
    }
    for (const element of this.#root.querySelectorAll<HTMLElement>("[data-island]")) {
      if (this.#mounted.has(element)) continue;
      const view = this.#viewOf(element);
      if (view === null) continue;
      this.#mounted.add(element);
      if (first && element.firstElementChild !== null) hydrate(view, element);
      else {
        element.replaceChildren();
        render(view, element);
      }
    }
  }

  #viewOf(element: HTMLElement): VNode | null {
    const kind = element.dataset["island"];
    const id = element.dataset["id"] ?? "";
    if (kind === "toolbar") return withOwnIds(<Toolbar store={this.#store} actions={this.#actions} />);
    if (!isIslandKind(kind)) return null;
    return withOwnIds(<Island kind={kind} id={id} store={this.#store} highlights={this.#highlights} />);
  }

  /** Takes the highlighted code that the build made from the page. */
  #learn(blocks: readonly NotebookBlock[]): void {
    for (const block of blocks) {
      const source = codeOf(block);
      const code = source === null ? null : codeElement(this.#root, block);
      if (code === null || source === null || code.textContent !== source) continue;
      const island = code.closest<HTMLElement>("[data-island]");
      if (island === null || !this.#mounted.has(island)) this.#highlights.learn(source, code.innerHTML);
    }
  }

  // Storage

  #hold(): void {
    const { course, lesson } = this.#store.data.peek();
    let denied = false;
    this.#lock = holdWriterLock({
      name: `descent/${course.id}/${lesson.id}`,
      onGranted: () => {
        this.#keeper.setWriting(true);
        this.#store.readOnly.value = false;
        this.#store.withdraw("other-tab");
        // The other tab has gone on since this one was opened.
        if (denied) void this.#keeper.reload();
        denied = false;
      },
      onDenied: () => {
        denied = true;
        this.#keeper.setWriting(false);
        this.#store.readOnly.value = true;
        this.#store.notify({
          id: "other-tab",
          kind: "warning",
          text: "This lesson is open in another tab, where your work is saved. Here you can read and run, but not change anything.",
          actions: [{ label: "Work here instead", run: () => this.#lock?.takeOver() }],
        });
      },
      beforeHandOver: () => this.#keeper.flush(),
    });
  }

  #listen(): void {
    const { signal } = this.#abort;
    const leave = (): void => this.#keeper.leave();
    document.addEventListener(
      "visibilitychange",
      () => {
        if (document.visibilityState === "hidden") leave();
      },
      { signal },
    );
    window.addEventListener("pagehide", leave, { signal });
    // Asked once something is there to be kept; a browser may ask the reader in turn.
    const stop = this.#store.changes.subscribe((changes) => {
      if (changes === 0) return;
      queueMicrotask(() => stop());
      navigator.storage?.persist?.().catch(() => false);
    });
    whenIdle(() => {
      if (signal.aborted) return;
      void loadDrawing();
      // A failed prefetch costs nothing; the first run asks again.
      loadRuntime().catch(() => undefined);
      void this.#store.recallFeedback();
    });
    if (savesData()) return;
    // Whoever moves in the page is reading, and may run a cell soon.
    const begin = new AbortController();
    const warm = (): void => {
      begin.abort();
      whenIdle(() => {
        if (!signal.aborted) void this.#store.runner.warm();
      });
    };
    for (const event of ["scroll", "pointermove", "keydown"])
      window.addEventListener(event, warm, {
        signal: AbortSignal.any([signal, begin.signal]),
        passive: true,
      });
  }

  // The menu

  readonly #actions: WorkActions = {
    exportWork: (student) => void this.#export(student),
    importWork: (file) => this.#import(file),
    setLineNumbers: (lineNumbers) =>
      void this.#keeper.saveSettings({ ...this.#store.settings.peek(), lineNumbers }),
  };

  async #export(student: string): Promise<void> {
    const { course, lesson } = this.#store.data.peek();
    await this.#keeper.saveSettings({ ...this.#store.settings.peek(), student });
    try {
      const { toSubmission } = await loadGrading();
      const submission = toSubmission({
        course: course.id,
        lesson: lesson.id,
        lessonVersion: lesson.version,
        student,
        ...answersOf(this.#store),
        at: new Date(),
      });
      downloadJson(workFileName(student, lesson.id), { ...submission, work: this.#store.toWork() });
      this.#store.announce("Your work was exported.");
    } catch (error) {
      this.#complain("export", `Your work could not be exported: ${messageOf(error)}`);
    }
  }

  async #import(file: File): Promise<void> {
    try {
      const { parseSubmission } = await loadGrading();
      const parsed = parseSubmission(await file.text());
      if (!parsed.ok) {
        this.#complain(
          "import",
          `${file.name} is not a file of exported work: ${parsed.problems.join("; ")}`,
        );
        return;
      }
      const { course, lesson } = this.#store.data.peek();
      const { submission } = parsed;
      if (submission.course !== course.id || submission.lesson !== lesson.id) {
        this.#complain(
          "import",
          `${file.name} holds work on the lesson ${submission.lesson} of the course ${submission.course}. Open that lesson and import it there.`,
        );
        return;
      }
      const before = this.#store.toWork();
      this.#store.restore(importedWork(submission, this.#store, before));
      this.#store.changed();
      void this.#store.recallFeedback();
      this.#store.notify({
        id: "import",
        kind: "info",
        text: `The work in ${file.name} is here, in place of what you had.`,
        dismissible: true,
        actions: [
          {
            label: "Undo",
            run: () => {
              this.#store.restore(before);
              this.#store.changed();
              this.#store.withdraw("import");
            },
          },
        ],
      });
    } catch (error) {
      this.#complain("import", `${file.name} could not be imported: ${messageOf(error)}`);
    }
  }

  #complain(id: string, text: string): void {
    this.#store.notify({ id, kind: "error", text, dismissible: true });
  }
}

function savesData(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  return connection?.saveData === true;
}

function isIslandKind(kind: string | undefined): kind is IslandKind {
  return kind === "cell" || kind === "exercise" || kind === "quiz" || kind === "predict";
}

let roots = 0;

/**
 * Each island is a Preact root, and `useId` counts from zero in each root unless it carries a mask of its own
 * (`_mask`, called `__m` in the published build).
 */
function withOwnIds(view: VNode): VNode {
  roots += 1;
  (view as VNode & { __m?: [number, number] }).__m = [roots, 0];
  return view;
}

function whenIdle(callback: () => void): void {
  // Safari has no idle callbacks.
  if ("requestIdleCallback" in globalThis) requestIdleCallback(callback, { timeout: 3000 });
  else setTimeout(callback, 200);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

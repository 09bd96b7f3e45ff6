// A chapter of the course, read from its folder, and its cells run in Node, in order, from clean.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { formatProblem, type Lesson } from "../../../src/lesson/index.ts";
import { type CellState, type Output, readDataFile, Session } from "../../../src/runtime/index.ts";
import { createInProcessHost, type InProcessHost, type InProcessKernel } from "../../../src/runtime/node.ts";
import { readLessonFolder, readLessonText } from "../../../src/site/index.ts";

const lessons = fileURLToPath(new URL("../../../lessons/", import.meta.url));

export class Chapter {
  readonly lesson: Lesson;
  readonly source: string;
  readonly session: Session;
  #kernel: InProcessKernel | null = null;

  private constructor(lesson: Lesson, source: string) {
    this.lesson = lesson;
    this.source = source;
    const inner = createInProcessHost();
    const host: InProcessHost = {
      start: async (options) => (this.#kernel = await inner.start(options)),
      dispose: () => inner.dispose(),
    };
    this.session = new Session({
      cells: this.cells,
      host,
      loadData: (specifier) => this.#readData(specifier),
    });
  }

  get cells() {
    return this.lesson.blocks.flatMap((block) =>
      block.kind === "cell"
        ? [{ id: block.id, source: block.code.source, run: block.run, live: block.live }]
        : [],
    );
  }

  /** The data files that cells import, by the names they import them by. */
  async data(): Promise<Record<string, unknown>> {
    const names = this.cells.flatMap(({ source }) =>
      [...source.matchAll(/from "(\.\/[^"]+)"/g)].map(([, name]) => name!),
    );
    const files: Record<string, unknown> = {};
    for (const name of names) files[name] = await this.#readData(name);
    return files;
  }

  #readData(specifier: string): Promise<unknown> {
    return readDataFile(specifier, readFileSync(join(lessons, this.lesson.id, specifier), "utf8"));
  }

  static async open(id: string): Promise<Chapter> {
    const folder = join(lessons, id);
    const text = await readLessonText(folder);
    const { lesson, problems } = readLessonFolder(folder, text, (file) => file);
    if (lesson === null || problems.length > 0) throw new Error(problems.map(formatProblem).join("\n"));
    return new Chapter(lesson, text.source);
  }

  cell(id: string): CellState {
    return this.session.cell(id);
  }

  /** A name that a cell declared. */
  get<T>(cell: string, name: string): T {
    const names = this.#kernel?.names(cell) ?? {};
    if (!(name in names)) throw new Error(`the cell ${cell} declares no ${name}`);
    return names[name] as T;
  }

  outputs<Kind extends Output["kind"]>(cell: string, kind: Kind): Extract<Output, { kind: Kind }>[] {
    return this.cell(cell).outputs.filter(
      (output): output is Extract<Output, { kind: Kind }> => output.kind === kind,
    );
  }
}

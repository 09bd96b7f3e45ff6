// Laws of the document, tried on random documents with random edits, runs and undos.
//
// Cells are functions of the names they read and of their inputs, so that a clean run from the top says what each
// must show.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type CellDefinition, Session } from "../../../src/runtime/index.ts";
import { cellsOf } from "./documents.ts";
import { FakeHost } from "./fake-host.ts";

/** These laws take about a second; a busy machine may need longer. */
const SLOW_MACHINE = 60_000;

const COUNT = 6;
const ids = Array.from({ length: COUNT }, (_, index) => `c${index}`);

/** What a cell says: which name it declares, which names it reads, and a number of its own. */
interface Text {
  declares: number;
  reads: number[];
  constant: number;
  fails: boolean;
}

const texts: fc.Arbitrary<Text> = fc.record({
  // Fewer names than cells, so that cells declare one again.
  declares: fc.nat(2),
  reads: fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 2 }),
  constant: fc.nat(2),
  fails: fc.nat(7).map((chance) => chance === 0),
});

function sourceOf({ declares, reads, constant, fails }: Text): string {
  const others = reads.filter((name) => name !== declares);
  const sum = [constant, ...others.map((name) => `n${name}`)].join(" + ");
  const slider = `slider({ label: "s", value: ${constant} })`;
  return [
    'import { slider } from "descent/lesson";',
    `const n${declares} = ${sum} + 100 * ${slider};`,
    fails ? `throw new Error("fails with " + n${declares});` : "",
    `n${declares}`,
  ].join("\n");
}

type Act =
  | { type: "edit"; cell: number; text: Text }
  | { type: "undo" }
  | { type: "run"; cell: number }
  | { type: "input"; cell: number; value: number }
  | { type: "lose" }
  | { type: "swap"; cell: number };

const acts: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ type: fc.constant("edit" as const), cell: fc.nat(COUNT - 1), text: texts }),
  fc.record({ type: fc.constant("undo" as const) }),
  { arbitrary: fc.record({ type: fc.constant("run" as const), cell: fc.nat(COUNT - 1) }), weight: 3 },
  fc.record({ type: fc.constant("input" as const), cell: fc.nat(COUNT - 1), value: fc.nat(2) }),
  fc.record({ type: fc.constant("lose" as const) }),
  fc.record({ type: fc.constant("swap" as const), cell: fc.nat(COUNT - 2) }),
);

const documents = fc.record({
  texts: fc.array(texts, { minLength: COUNT, maxLength: COUNT }),
  live: fc.array(fc.boolean(), { minLength: COUNT, maxLength: COUNT }),
});

/** What a reader sees of a cell. */
function seen(session: Session, id: string) {
  const { status, outputs, error } = session.cell(id);
  return { status, outputs, error: error?.message ?? null };
}

function definitionsOf(session: Session, live: readonly boolean[]): CellDefinition[] {
  return session.cells.map(({ id, source }) => ({
    id,
    source,
    run: "demand" as const,
    live: live[ids.indexOf(id)] ?? false,
  }));
}

/** The document as it stands, run once from the top in a kernel of its own. */
async function cleanRun(session: Session): Promise<Session> {
  const clean = new Session({
    cells: definitionsOf(session, []),
    host: new FakeHost(),
    inputValues: Object.fromEntries(session.cells.map(({ id, inputValues }) => [id, inputValues])),
  });
  await clean.runAll();
  return clean;
}

class Reader {
  readonly host = new FakeHost();
  readonly session: Session;
  readonly #live: readonly boolean[];
  readonly #edits: { id: string; before: string }[] = [];

  constructor(document: { texts: Text[]; live: boolean[] }) {
    this.#live = document.live;
    const cells = Object.fromEntries(
      ids.map((id, index) => [
        id,
        { source: sourceOf(document.texts[index] ?? texts0), live: document.live[index] ?? false },
      ]),
    );
    this.session = new Session({ cells: cellsOf(cells), host: this.host });
  }

  async act(act: Act): Promise<void> {
    const { session } = this;
    switch (act.type) {
      case "edit": {
        const { id, source } = this.#cell(act.cell);
        this.#edits.push({ id, before: source });
        session.setSource(id, sourceOf(act.text));
        break;
      }
      case "undo": {
        const edit = this.#edits.pop();
        if (edit) session.setSource(edit.id, edit.before);
        break;
      }
      case "run":
        await session.run(this.#cell(act.cell).id);
        break;
      case "input":
        session.setInput(this.#cell(act.cell).id, "s", act.value);
        await session.whenIdle();
        break;
      case "lose":
        this.host.kernels.at(-1)?.loseIdle();
        break;
      case "swap": {
        const cells = definitionsOf(session, this.#live);
        const [first, second] = cells.slice(act.cell, act.cell + 2);
        if (first && second) session.setCells(cells.toSpliced(act.cell, 2, second, first));
        break;
      }
    }
  }

  #cell(index: number) {
    const cell = this.session.cells[index];
    if (!cell) throw new Error("no such cell");
    return cell;
  }
}

const texts0: Text = { declares: 0, reads: [], constant: 0, fails: false };

test(
  "a cell that ran and is not stale shows what a clean run from the top shows",
  async () => {
    await fc.assert(
      fc.asyncProperty(documents, fc.array(acts, { maxLength: 14 }), async (document, sequence) => {
        const reader = new Reader(document);
        for (const act of sequence) await reader.act(act);
        const clean = await cleanRun(reader.session);
        const settled = reader.session.cells.filter(({ status, stale }) => status !== "idle" && !stale);
        const shown = settled.map(({ id }) => [id, seen(reader.session, id)]);
        expect(shown).toEqual(settled.map(({ id }) => [id, seen(clean, id)]));
      }),
      { numRuns: 60 },
    );
  },
  SLOW_MACHINE,
);

test(
  "a cell just run is not stale, unless a cell it needs failed",
  async () => {
    await fc.assert(
      fc.asyncProperty(
        documents,
        fc.array(acts, { maxLength: 8 }),
        fc.nat(COUNT - 1),
        async (document, sequence, last) => {
          const reader = new Reader(document);
          for (const act of sequence) await reader.act(act);
          const state = await reader.session.run(reader.session.cells[last]?.id ?? "");
          expect(state.stale && state.error?.name !== "NeedsError").toBe(false);
          expect(["ok", "error"]).toContain(state.status);
        },
      ),
      { numRuns: 60 },
    );
  },
  SLOW_MACHINE,
);

test(
  "undoing edits un-marks what they marked",
  async () => {
    await fc.assert(
      fc.asyncProperty(
        documents,
        fc.array(acts, { maxLength: 6 }),
        fc.array(fc.record({ cell: fc.nat(COUNT - 1), text: texts }), { minLength: 1, maxLength: 4 }),
        async (document, sequence, edits) => {
          const reader = new Reader(document);
          for (const act of sequence) await reader.act(act);
          const before = reader.session.cells;
          for (const edit of edits) await reader.act({ type: "edit", ...edit });
          for (const _ of edits) await reader.act({ type: "undo" });
          expect(reader.session.cells).toEqual(before);
        },
      ),
      { numRuns: 60 },
    );
  },
  SLOW_MACHINE,
);

test(
  "a run never reads a name from below, and always from the nearest cell above",
  async () => {
    await fc.assert(
      fc.asyncProperty(documents, fc.array(acts, { maxLength: 12 }), async (document, sequence) => {
        const reader = new Reader(document);
        for (const act of sequence) {
          const order = reader.session.cells;
          const declarersAbove = (cell: string, name: string) =>
            order
              .slice(
                0,
                order.findIndex(({ id }) => id === cell),
              )
              .filter(({ declares }) => declares.includes(name));
          await reader.act(act);
          for (const { cell, inputs } of reader.host.ran.splice(0)) {
            for (const { name, cell: from } of inputs)
              expect(declarersAbove(cell, name).at(-1)?.id).toBe(from);
          }
        }
      }),
      { numRuns: 60 },
    );
  },
  SLOW_MACHINE,
);

// Documents for tests, written as a record of cells.
import {
  type CellDefinition,
  type KernelHost,
  Session,
  type SessionOptions,
} from "../../../src/runtime/index.ts";
import { FakeHost } from "./fake-host.ts";

/** The cells of a document by id: a source, or parts of a definition. */
export type Cells = Record<string, string | Partial<CellDefinition>>;

export function cellsOf(cells: Cells): CellDefinition[] {
  return Object.entries(cells).map(([id, entry]) => {
    const plain: CellDefinition = { id, source: "", run: "demand", live: false };
    return Object.assign(plain, typeof entry === "string" ? { source: entry } : entry);
  });
}

export function open(
  cells: Cells,
  options: Partial<SessionOptions> = {},
): { session: Session; host: FakeHost } {
  const host = new FakeHost();
  return { session: openOn(host, cells, options), host };
}

export function openOn(host: KernelHost, cells: Cells, options: Partial<SessionOptions> = {}): Session {
  return new Session({ cells: cellsOf(cells), host, ...options });
}

/** The plain values that a cell shows, as text. */
export function shown(session: Session, id: string): string[] {
  return session
    .cell(id)
    .outputs.flatMap((output) =>
      output.kind === "value" && output.value.kind === "primitive" ? [output.value.text] : [],
    );
}

export function staleCells(session: Session): string[] {
  return session.cells.filter(({ stale }) => stale).map(({ id }) => id);
}

export function statuses(session: Session): Record<string, string> {
  return Object.fromEntries(session.cells.map(({ id, status }) => [id, status]));
}

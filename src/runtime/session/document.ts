// Which cell gives a name to which: a name comes from the nearest cell above that declares or imports it.
// Providers stand above, so there are no cycles.
import type { CellImport, CompiledCell } from "../compile/index.ts";
import type { CellPlace, InputValue } from "../output.ts";
import { signatureOf } from "./signature.ts";

/** What the document needs to know of a cell to connect it with the others. */
export interface DocumentCell {
  id: string;
  source: string;
  standalone: boolean;
  compiled: CompiledCell;
  /** The last version that compiled: while a cell is being typed, those below keep what they had from it. */
  gives: Gives;
  /** Values of its inputs, as the code would see them now. */
  inputs: Readonly<Record<string, InputValue>>;
}

export interface Gives {
  declares: readonly string[];
  imports: readonly CellImport[];
}

export interface Links {
  /** Names from cells above, each with its cell. */
  inputs: { name: string; cell: string }[];
  /** Names that a cell above imports; they are imported here too and that cell need not run. */
  imports: CellImport[];
  /** Names that only a cell below declares. */
  below: { name: string; cell: string; place: CellPlace | null }[];
  /** Cells of `inputs`, in document order. */
  needs: string[];
  /** Those of `needs` whose objects it may change in place. */
  changes: string[];
}

export function linkCells(cells: readonly DocumentCell[]): Map<string, Links> {
  const visible = new Map<string, { cell: string; imported: CellImport | null }>();
  const position = new Map(cells.map(({ id }, index) => [id, index]));
  const byId = new Map(cells.map((cell) => [cell.id, cell]));
  const firstGiver = new Map<string, string>();
  for (const cell of cells.toReversed())
    for (const { name } of namesGivenBy(cell)) firstGiver.set(name, cell.id);

  const links = new Map<string, Links>();
  for (const cell of cells) {
    const link: Links = { inputs: [], imports: [], below: [], needs: [], changes: [] };
    links.set(cell.id, link);
    if (cell.compiled.ok && !cell.standalone) {
      for (const name of cell.compiled.reads) {
        const provider = visible.get(name);
        const giver = firstGiver.get(name);
        if (provider?.imported) link.imports.push(provider.imported);
        else if (provider) link.inputs.push({ name, cell: provider.cell });
        else if (giver !== undefined && !STANDARD_NAMES.has(name)) {
          link.below.push({ name, cell: giver, place: cell.compiled.readPlaces.get(name) ?? null });
        }
      }
    }
    const needs = new Set(link.inputs.map((input) => input.cell));
    link.needs = [...needs].sort((a, b) => (position.get(a) ?? 0) - (position.get(b) ?? 0));
    link.changes = link.needs.filter((need) =>
      link.inputs.some(({ name, cell: giver }) => giver === need && mayChange(cell, name, byId.get(need))),
    );
    for (const { name, imported } of namesGivenBy(cell)) visible.set(name, { cell: cell.id, imported });
  }
  return links;
}

function mayChange(cell: DocumentCell, name: string, giver: DocumentCell | undefined): boolean {
  if (!cell.compiled.ok || !cell.compiled.mayChange.includes(name)) return false;
  return !(giver?.compiled.ok && giver.compiled.unchanging.includes(name));
}

function namesGivenBy(cell: DocumentCell): { name: string; imported: CellImport | null }[] {
  if (cell.standalone) return [];
  return [
    ...cell.gives.imports.map((imported) => ({ name: imported.local, imported })),
    ...cell.gives.declares.map((name) => ({ name, imported: null })),
  ];
}

/** The cells that declare each name, for the error when another assigns to it: the nearest above, else the first. */
export function declarersFor(cells: readonly DocumentCell[], id: string): Map<string, string> {
  const declarers = new Map<string, string>();
  const at = cells.findIndex((cell) => cell.id === id);
  for (const cell of cells.slice(at + 1).toReversed()) {
    for (const { name } of namesGivenBy(cell)) declarers.set(name, cell.id);
  }
  for (const cell of cells.slice(0, Math.max(at, 0))) {
    for (const { name } of namesGivenBy(cell)) declarers.set(name, cell.id);
  }
  return declarers;
}

/**
 * A cell's signature, given those of the cells it needs.
 *
 * @param signatureOfNeed `null` for a cell whose names are not there.
 */
export function cellSignature(
  cell: DocumentCell,
  links: Links,
  signatureOfNeed: (id: string) => string | null,
): string {
  const { compiled } = cell;
  return signatureOf([
    compiled.ok ? ["code", compiled.meaning] : ["broken", cell.source],
    Object.entries(cell.inputs).sort(([a], [b]) => (a < b ? -1 : 1)),
    links.inputs.map(({ name, cell: need }) => [name, signatureOfNeed(need)]),
    links.imports,
    links.below.map(({ name, cell: below }) => [name, below]),
  ]);
}

/** The signatures of all cells if the document ran from the top now. */
export function documentSignatures(
  cells: readonly DocumentCell[],
  links: ReadonlyMap<string, Links>,
): Map<string, string> {
  const signatures = new Map<string, string>();
  for (const cell of cells) {
    const link = links.get(cell.id);
    if (link)
      signatures.set(
        cell.id,
        cellSignature(cell, link, (id) => signatures.get(id) ?? null),
      );
  }
  return signatures;
}

/** Names that are there without any cell; a cell below may declare one of them all the same. */
const STANDARD_NAMES = new Set(
  `
  AggregateError Array ArrayBuffer AsyncIterator Atomics BigInt BigInt64Array BigUint64Array Boolean
  DataView Date Error EvalError FinalizationRegistry Float16Array Float32Array Float64Array Function
  Infinity Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN Number Object Promise Proxy
  RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String Symbol SyntaxError TextDecoder
  TextEncoder TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef
  WeakSet WebAssembly atob btoa clearInterval clearTimeout console crypto decodeURI decodeURIComponent
  encodeURI encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt performance
  queueMicrotask self setInterval setTimeout structuredClone undefined unescape
  `
    .trim()
    .split(/\s+/),
);

// Where the numbers of tensors live.
//
// The WebAssembly memory is a cache. The invariant: every storage's numbers are in exactly one place — on the heap
// (`address` ≠ 0), or in a typed array of its own (`cold`), or nowhere yet because no kernel has written them.
// Whatever must leave the heap is first copied to a typed array, which JavaScript's own garbage collector owns. So nothing
// is ever disposed of by hand, no tensor ever goes stale, and a loop of any length runs in constant memory although
// finalisers never run inside it.
//
// New storages start in the nursery, a ring of pages filled by bumping a pointer: when the ring comes round, the page's
// survivors move out. Most are garbage by then and their copies die young. What is used again after moving out, and what
// is large, goes to the shelf; when that is full, everything on it moves out.
//
// Copying what is garbage costs time, so where the engine itself knows that nobody can reach a storage any more, it is
// released at once and its block used again: gradients on their way through a backward pass (see `track`, `hold`, `drop`),
// a parameter's gradient that nobody has looked at, and what passes between the modules of an nn.Sequential.
import { allocateArray, bytesOf, type Dtype, type TypedArray } from "../dtype.ts";
import { MemoryError } from "../errors.ts";
import { heapBase, memory, packBytes } from "../kernels/kernels.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const PAGE_BYTES = 256 * KIB;
const PAGES = 4;
/** So many storages fill a page even if their numbers do not: what a page holds cannot be collected as garbage. */
const PAGE_RESIDENTS = 2048;
/** Up to this length a plain array is cheaper than a typed one, and a loop quicker than a view. */
const SMALL = 16;
/** Larger storages go straight to the shelf. */
const NURSERY_LIMIT = 16 * KIB;
const SCRATCH_BYTES = 64 * KIB;
const INITIAL_SHELF = 64 * MIB;
/** WebAssembly addresses 4 GiB; one wasm page is kept free so that no address is 2³². */
const MOST_BYTES = 4096 * MIB - 64 * KIB;

/** Stands in `cold` for numbers that are gone: released, and never to be read again. */
const RELEASED: number[] = [];

/** Storages made since tracking began, while it is on. */
let tracked: Storage[] | null = null;

/** The numbers of one tensor or of several that share them (a tensor and its reshapes). */
export class Storage {
  /** Byte address on the heap, 0 while the numbers are elsewhere. Valid until the next `place`. */
  address = 0;
  /** The numbers, while they are off the heap: a typed array, or a plain one for the few of a small tensor. */
  cold: TypedArray | number[] | null = null;
  /** Counts changes in place, so that a backward pass can tell whether what it saved is still the same. */
  version = 0;
  /** How many places in the engine still need it; see `hold`. */
  holders = 0;
  /** Has left the heap before, so it is worth a place on the shelf. */
  survivor = false;
  /** Can only the engine reach it? Then it is released when its last holder drops it. */
  internal: boolean;
  readonly dtype: Dtype;
  readonly length: number;
  /** What it takes on the heap. */
  readonly bytes: number;
  constructor(dtype: Dtype, length: number) {
    this.dtype = dtype;
    this.length = length;
    this.bytes = length === 0 ? 16 : align(dtype === "float64" ? length * 8 : length * 4);
    this.internal = tracked !== null;
    if (tracked !== null) tracked.push(this);
  }
}

// ---------------------------------------------------------------- who still needs a storage

/**
 * From now on every new storage is internal until it is let out, and noted in `storages` for `releaseUnheld`.
 * Returns what to pass to `untrack`.
 */
export function track(storages: Storage[]): Storage[] | null {
  const before = tracked;
  tracked = storages;
  return before;
}

/** Ends tracking. */
export function untrack(before: Storage[] | null): void {
  tracked = before;
}

/** Releases the noted storages that nothing holds, and forgets all notes. */
export function releaseUnheld(storages: Storage[]): void {
  // pop is quicker than setting the length, which gives the array's memory back each time.
  for (let storage = storages.pop(); storage !== undefined; storage = storages.pop()) {
    if (storage.holders === 0 && storage.internal) release(storage);
  }
}

/** One more place in the engine needs this storage. */
export function hold(storage: Storage): void {
  storage.holders++;
}

/** One place less needs it. */
export function drop(storage: Storage): void {
  if (--storage.holders === 0 && storage.internal) release(storage);
}

/** These numbers were made by the engine for itself. */
export function keepIn(storage: Storage): void {
  storage.internal = true;
}

/** A tensor with these numbers is handed to the user: from here on only garbage collection may take them away. */
export function letOut(storage: Storage): void {
  storage.internal = false;
}

/** The numbers of this typed array, which must not be used by anyone else afterwards. */
export function adopt(dtype: Dtype, values: TypedArray): Storage {
  const storage = new Storage(dtype, values.length);
  storage.cold = values;
  return storage;
}

interface Page {
  start: number;
  residents: Storage[];
}

/** Up to a multiple of 16; beyond 2³¹ too, so without bit operations. */
function align(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}

/** A small fixed area for what one kernel call needs: scalars, layouts, panels. Its contents live for that call only. */
export const scratch = align(heapBase);
export const scratchBytes = SCRATCH_BYTES;
/** Where a matrix product packs its blocks. */
export const pack = align(scratch + SCRATCH_BYTES);
const nurseryStart = align(pack + packBytes);
let shelfStart = nurseryStart + PAGES * PAGE_BYTES;

const pages: Page[] = Array.from({ length: PAGES }, (_, i) => ({
  start: nurseryStart + i * PAGE_BYTES,
  residents: [],
}));
let page = pages[0]!;
let pageNumber = 0;
let top = page.start;
let pageEnd = top + PAGE_BYTES;

let shelf = new Set<Storage>();
let shelfTop = shelfStart;
let shelfCapacity = INITIAL_SHELF;
let reloadedBytes = 0;
/** Blocks given back by `release`, by size. */
const freeBlocks = new Map<number, number[]>();

let limit = 1024 * MIB;

/** Views of the heap. They are replaced when it grows, so they must be read through these names each time. */
export let float32View = new Float32Array(memory.buffer);
export let float64View = new Float64Array(memory.buffer);
export let int32View = new Int32Array(memory.buffer);
let byteView = new Uint8Array(memory.buffer);

/** Makes the heap reach at least to `end`. */
function growTo(end: number): void {
  const missing = end - memory.buffer.byteLength;
  if (missing <= 0) return;
  // Grow in steps of at least a quarter of what there is, so that growing is rare.
  const wanted = Math.max(missing, Math.min(memory.buffer.byteLength / 4, 64 * MIB));
  try {
    memory.grow(Math.ceil(wanted / (64 * KIB)));
  } catch {
    throw new MemoryError(
      `The browser gives no more memory (${formatBytes(memory.buffer.byteLength)} in use, ${formatBytes(missing)} more needed). Use smaller tensors or batches.`,
    );
  }
  float32View = new Float32Array(memory.buffer);
  float64View = new Float64Array(memory.buffer);
  int32View = new Int32Array(memory.buffer);
  byteView = new Uint8Array(memory.buffer);
}

growTo(shelfStart);

export function formatBytes(bytes: number): string {
  if (bytes < KIB) return `${bytes} bytes`;
  if (bytes < MIB) return `${(bytes / KIB).toFixed(1)} kB`;
  return bytes < 1024 * MIB ? `${(bytes / MIB).toFixed(1)} MB` : `${(bytes / 1024 / MIB).toFixed(1)} GB`;
}

/**
 * The most bytes that the tensors of one operation, or the engine's cache, may take (default 1 GiB).
 * Going over it throws a MemoryError that says which operation asked for how much.
 */
export function setMemoryLimit(bytes: number): void {
  if (!(bytes >= 16 * MIB && bytes <= MOST_BYTES)) {
    throw new MemoryError(
      `setMemoryLimit: the limit must lie between 16 MB and ${formatBytes(MOST_BYTES)}, not ${bytes}.`,
    );
  }
  limit = bytes;
}

/** Refuses a tensor that could never fit, before anything is allocated. */
export function checkSize(owner: string, dtype: Dtype, length: number): void {
  const bytes = length * bytesOf[dtype];
  if (bytes > limit) {
    throw new MemoryError(
      `${owner}: a tensor of ${length.toLocaleString("en")} ${dtype} numbers takes ${formatBytes(bytes)}; the limit is ${formatBytes(limit)} (setMemoryLimit changes it).`,
    );
  }
}

/** What the engine's heap takes now, in bytes. Tensors that have moved out of it are JavaScript's and not counted. */
export function memoryUse(): { heap: number; limit: number } {
  return { heap: memory.buffer.byteLength, limit };
}

/** A typed-array view of a storage's numbers on the heap. */
function view(storage: Storage): TypedArray {
  const { dtype, address, length } = storage;
  const { buffer } = memory;
  if (dtype === "float32") return new Float32Array(buffer, address, length);
  return dtype === "float64"
    ? new Float64Array(buffer, address, length)
    : new Int32Array(buffer, address, length);
}

/** The view that reads this type. */
function viewOf(dtype: Dtype): TypedArray {
  if (dtype === "float32") return float32View;
  return dtype === "float64" ? float64View : int32View;
}

/** A few numbers as a plain array. The shortest are written out: an array that grows by push takes several times the room. */
function fewNumbers(heap: TypedArray, first: number, length: number): number[] {
  if (length === 1) return [heap[first]!];
  if (length === 2) return [heap[first]!, heap[first + 1]!];
  if (length === 3) return [heap[first]!, heap[first + 1]!, heap[first + 2]!];
  if (length === 4) return [heap[first]!, heap[first + 1]!, heap[first + 2]!, heap[first + 3]!];
  return Array.from(heap.subarray(first, first + length));
}

/** Moves a storage's numbers from the heap to an array of its own. */
function moveOut(storage: Storage): void {
  const { dtype, address, length } = storage;
  storage.cold =
    length <= SMALL ? fewNumbers(viewOf(dtype), address / bytesOf[dtype], length) : view(storage).slice();
  storage.address = 0;
  storage.survivor = true;
}

function released(): MemoryError {
  return new MemoryError(
    "A tensor was used after its memory had been given back. This is a defect of the engine, not of your program: please report it.",
  );
}

/** The numbers as a new typed array. */
export function copyOut(storage: Storage): TypedArray {
  const { dtype, address, length, cold } = storage;
  if (cold === RELEASED) throw released();
  if (address === 0 || length <= SMALL) {
    const values = allocateArray(dtype, length);
    if (cold !== null) values.set(cold);
    else if (address !== 0) for (let i = 0; i < length; i++) values[i] = readOne(storage, i);
    return values;
  }
  return view(storage).slice();
}

/** One number. */
export function readOne(storage: Storage, index: number): number {
  const { dtype, address, cold } = storage;
  if (cold === RELEASED) throw released();
  if (cold !== null) return cold[index]!;
  if (dtype === "float32") return float32View[(address >>> 2) + index]!;
  return dtype === "float64" ? float64View[(address >>> 3) + index]! : int32View[(address >>> 2) + index]!;
}

/** Copies bytes within the heap. */
export function moveBytes(from: number, to: number, bytes: number): void {
  byteView.copyWithin(to, from, from + bytes);
}

/** Turns to the next page of the nursery, whose survivors move out. */
function turnPage(): void {
  pageNumber = (pageNumber + 1) % PAGES;
  page = pages[pageNumber]!;
  const { residents, start } = page;
  page.residents = [];
  top = start;
  pageEnd = start + PAGE_BYTES;
  for (const storage of residents) {
    if (storage.address >= start && storage.address < pageEnd) moveOut(storage);
  }
}

/** Empties the shelf. If most of it was being used over and over, the shelf was too small: it may grow. */
function clearShelf(): void {
  const residents = shelf;
  shelf = new Set();
  for (const storage of residents) if (storage.address >= shelfStart) moveOut(storage);
  freeBlocks.clear();
  if (reloadedBytes > shelfCapacity / 2) shelfCapacity = Math.min(2 * shelfCapacity, limit);
  shelfTop = shelfStart;
  reloadedBytes = 0;
}

/** A part of the heap that stays where it is for good, before everything on the shelf, which moves out. */
export function reserve(bytes: number): number {
  clearShelf();
  const address = shelfStart;
  shelfStart = shelfTop = address + Math.ceil(bytes / 16) * 16;
  growTo(shelfStart);
  return address;
}

function shelfAddress(bytes: number): number {
  const free = freeBlocks.get(bytes)?.pop();
  if (free !== undefined) return free;
  if (shelfTop - shelfStart + bytes > Math.max(shelfCapacity, INITIAL_SHELF)) {
    if (shelfTop > shelfStart) clearShelf();
    if (bytes > shelfCapacity) shelfCapacity = Math.min(2 * bytes, limit);
  }
  const address = shelfTop;
  growTo(address + bytes);
  shelfTop += bytes;
  return address;
}

/** Gives a storage its place on the heap, with its numbers if it has any. */
function moveIn(storage: Storage): void {
  const { cold } = storage;
  const { bytes } = storage;
  if (cold === RELEASED) throw released();
  if (storage.survivor || bytes > NURSERY_LIMIT) {
    storage.address = shelfAddress(bytes);
    shelf.add(storage);
    if (storage.survivor) reloadedBytes += bytes;
  } else {
    if (top + bytes > pageEnd || page.residents.length === PAGE_RESIDENTS) turnPage();
    storage.address = top;
    top += bytes;
    page.residents.push(storage);
  }
  if (cold !== null) {
    if (storage.length <= SMALL) {
      const heap = viewOf(storage.dtype);
      const first = storage.address / bytesOf[storage.dtype];
      for (let i = 0; i < cold.length; i++) heap[first + i] = cold[i]!;
    } else {
      view(storage).set(cold);
    }
    storage.cold = null;
  }
}

/**
 * Brings the operands and results of one kernel call to the heap; their addresses hold until the next call of place.
 * Moving one in may move another out, so this goes round until all are there.
 */
export function place(a: Storage, b: Storage = a, c: Storage = b, d: Storage = c, e: Storage = d): void {
  for (let round = 0; round < 4; round++) {
    if (a.address === 0) moveIn(a);
    if (b.address === 0) moveIn(b);
    if (c.address === 0) moveIn(c);
    if (d.address === 0) moveIn(d);
    if (e.address === 0) moveIn(e);
    if (a.address !== 0 && b.address !== 0 && c.address !== 0 && d.address !== 0 && e.address !== 0) return;
  }
  const bytes = [...new Set([a, b, c, d, e])].reduce((sum, s) => sum + s.length * bytesOf[s.dtype], 0);
  throw new MemoryError(
    `One operation needs ${formatBytes(bytes)} at once; the limit is ${formatBytes(limit)} (setMemoryLimit changes it). Use smaller batches.`,
  );
}

/**
 * Gives back the place of a storage that nobody can reach any more: a temporary the engine made itself.
 * Using it afterwards would be a defect of the engine; it throws.
 */
export function release(storage: Storage): void {
  const { address, bytes } = storage;
  storage.address = 0;
  storage.cold = RELEASED;
  if (address === 0) return;
  if (address >= shelfStart) {
    shelf.delete(storage);
    const blocks = freeBlocks.get(bytes);
    if (blocks === undefined) freeBlocks.set(bytes, [address]);
    else blocks.push(address);
  } else if (address + bytes === top && address >= page.start && page.residents.at(-1) === storage) {
    top = address;
    page.residents.pop();
  }
}

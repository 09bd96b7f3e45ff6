// What the page accepts from a kernel. Whatever does not fit is dropped and counted: a kernel may have been
// taken over by the code it runs, so nothing it says is believed before it has passed here.
import * as v from "valibot";
import type { CellError, Inspection, Output, TensorExcerpt } from "./output.ts";
import type { Grid, Mark, PlotDescription, SurfaceDescription } from "./plot.ts";
import { partLimit, partNames } from "./parts.ts";
import type { KernelEvent, KernelRequest } from "./protocol.ts";

export const protocolLimits = {
  /** Parts (numbers, texts, objects, lists) of one message. */
  parts: 3_000_000,
  depth: 220,
  /** Characters of all texts of one message. */
  characters: 4_000_000,
  /** Outputs of one message. */
  outputs: 6_000,
  /** Numbers of one list of a picture. */
  numbers: 1_000_000,
};

export interface ParsedEvent {
  /** `null` when nothing of it could be used. */
  event: KernelEvent | null;
  /** How much of it broke the protocol. */
  errors: number;
}

/** Checks one message of a kernel. Never throws. */
export function parseKernelEvent(message: unknown): ParsedEvent {
  try {
    return parse(message);
  } catch {
    return { event: null, errors: 1 };
  }
}

function parse(message: unknown): ParsedEvent {
  if (!withinLimits(message)) return { event: tooLarge(message), errors: 1 };
  const parsed = v.safeParse(eventSchema, message);
  if (!parsed.success) return { event: null, errors: 1 };
  const event = parsed.output;
  if (event.type !== "outputs") return { event, errors: 0 };
  const outputs: Output[] = [];
  for (const item of event.outputs) {
    const output = v.safeParse(outputSchema, item);
    if (output.success) outputs.push(output.output);
  }
  return { event: { ...event, outputs }, errors: event.outputs.length - outputs.length };
}

/** A result that is too large still has to end the call that waits for it. */
function tooLarge(message: unknown): KernelEvent | null {
  if (typeof message !== "object" || message === null || !("type" in message && "call" in message))
    return null;
  if (message.type !== "result" || !v.is(count, message.call)) return null;
  const error = {
    name: "TransferError",
    message: "The result is too large to hand over.",
    place: null,
    frames: [],
  };
  return { type: "result", call: message.call, ok: false, error };
}

/**
 * Whether a message is small enough to be looked at: counts every way to reach a part, so that neither a
 * cycle nor shared parts can make a small message a large walk.
 */
function withinLimits(message: unknown): boolean {
  let parts = 0;
  let characters = 0;
  const visit = (value: unknown, depth: number): boolean => {
    parts += 1;
    if (parts > protocolLimits.parts || depth > protocolLimits.depth) return false;
    if (typeof value === "string") {
      characters += value.length;
      return characters <= protocolLimits.characters;
    }
    if (typeof value !== "object" || value === null) return true;
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
      parts += value.byteLength / 8;
      return parts <= protocolLimits.parts;
    }
    if (Array.isArray(value)) {
      if (value.length > protocolLimits.parts) return false;
      for (let index = 0; index < value.length; index += 1) {
        if (!visit(value[index], depth + 1)) return false;
      }
      return true;
    }
    if (value instanceof Map) {
      for (const [key, item] of value) if (!visit(key, depth + 1) || !visit(item, depth + 1)) return false;
      return true;
    }
    if (value instanceof Set) {
      for (const item of value) if (!visit(item, depth + 1)) return false;
      return true;
    }
    for (const key of Object.keys(value)) {
      characters += key.length;
      if (!visit((value as Record<string, unknown>)[key], depth + 1)) return false;
    }
    return true;
  };
  return visit(message, 0);
}

type PartRequest = Extract<KernelRequest, { type: "part" }>;

/**
 * The message that hands a part of the engine to a kernel. What a server, or whatever stands between, gave in its place
 * must not get that far.
 *
 * @throws Error when the text cannot be a part.
 */
export function partRequest(name: unknown, text: unknown): PartRequest {
  const parsed = v.safeParse(partSchema, { type: "part", name, text });
  if (!parsed.success) throw new Error("what arrived is no part of the engine");
  return parsed.output;
}

// Small parts ---------------------------------------------------------------------------------------------

const text = (length: number) => v.pipe(v.string(), v.maxLength(length));
const label = text(1_000);
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const finite = v.pipe(v.number(), v.finite());
const range = v.pipe(
  v.strictTuple([finite, finite]),
  v.check(([from, to]) => from < to),
);
const pair = v.strictTuple([finite, finite]);

/** A list of numbers, NaN among them for gaps; checked in one plain loop, since such lists are long. */
const numbers = v.custom<number[]>((value) => {
  if (!Array.isArray(value) || value.length > protocolLimits.numbers) return false;
  for (let index = 0; index < value.length; index += 1) if (typeof value[index] !== "number") return false;
  return true;
});

const numberList = v.custom<ArrayLike<number>>(
  (value) =>
    value instanceof Float64Array ||
    value instanceof Float32Array ||
    (Array.isArray(value) && v.is(numbers, value)),
);

// Values --------------------------------------------------------------------------------------------------

const inspection: v.GenericSchema<unknown, Inspection> = v.lazy(() => inspectionSchema);
const excerpt: v.GenericSchema<unknown, TensorExcerpt> = v.lazy(() =>
  v.union([text(100), v.null(), v.pipe(v.array(excerpt), v.maxLength(1_000))]),
);
const inspections = v.pipe(v.array(inspection), v.maxLength(2_000));

const inspectionSchema = v.variant("kind", [
  v.object({
    kind: v.literal("primitive"),
    type: v.picklist(["number", "string", "boolean", "bigint", "symbol", "undefined", "null"]),
    text: text(300_000),
  }),
  v.object({
    kind: v.literal("tensor"),
    dtype: text(20),
    shape: v.pipe(v.array(count), v.maxLength(20)),
    requiresGrad: v.boolean(),
    excerpt,
    statistics: v.nullable(
      v.object({ min: v.number(), max: v.number(), mean: v.number(), std: v.number(), notFinite: count }),
    ),
  }),
  v.object({ kind: v.literal("array"), type: label, length: count, items: inspections }),
  v.object({
    kind: v.literal("object"),
    type: label,
    entries: v.pipe(v.array(v.object({ key: text(20_100), value: inspection })), v.maxLength(2_000)),
    omitted: count,
  }),
  v.object({
    kind: v.literal("map"),
    size: count,
    entries: v.pipe(v.array(v.object({ key: inspection, value: inspection })), v.maxLength(2_000)),
    omitted: count,
  }),
  v.object({ kind: v.literal("set"), size: count, items: inspections }),
  v.object({ kind: v.literal("function"), name: text(20_100), isClass: v.boolean() }),
  v.object({ kind: v.literal("error"), name: text(20_100), message: text(20_100) }),
  v.object({
    kind: v.literal("cut"),
    reason: v.picklist(["depth", "circular", "budget"]),
    text: text(1_000),
  }),
]);

// Errors --------------------------------------------------------------------------------------------------

const place = {
  cell: text(500),
  line: count,
  column: count,
  endLine: v.exactOptional(count),
  endColumn: v.exactOptional(count),
};

const cellError: v.GenericSchema<unknown, CellError> = v.object({
  name: text(500),
  message: text(20_000),
  fix: v.exactOptional(text(20_000)),
  place: v.nullable(v.object(place)),
  frames: v.pipe(v.array(v.object({ ...place, functionName: v.nullable(text(1_000)) })), v.maxLength(100)),
});

// Pictures ------------------------------------------------------------------------------------------------

const grid: v.GenericSchema<unknown, Grid> = v.pipe(
  v.object({ x: range, y: range, columns: count, rows: count, values: numberList }),
  v.check((value) => value.columns >= 2 && value.rows >= 2),
  v.check((value) => value.values.length === value.columns * value.rows),
);

const axis = v.object({
  label: v.exactOptional(label),
  scale: v.exactOptional(v.picklist(["linear", "log", "symlog"])),
  domain: v.exactOptional(range),
});

const colour = v.picklist(["blue", "orange", "green", "red", "purple", "teal", "pink", "grey", "ink"]);
const series = { label: v.exactOptional(label), colour: v.exactOptional(colour) };
const alike = (...lists: ArrayLike<unknown>[]): boolean =>
  lists.every((list) => list.length === lists[0]!.length);
const names = v.pipe(v.array(v.union([v.number(), label])), v.maxLength(100_000));

const mark: v.GenericSchema<unknown, Mark> = v.variant("type", [
  v.pipe(
    v.object({
      type: v.literal("line"),
      ...series,
      x: numbers,
      y: numbers,
      dash: v.exactOptional(v.boolean()),
    }),
    v.check(({ x, y }) => alike(x, y)),
  ),
  v.pipe(
    v.object({
      type: v.literal("dot"),
      ...series,
      x: numbers,
      y: numbers,
      radius: v.exactOptional(v.pipe(finite, v.minValue(0), v.maxValue(100))),
      value: v.exactOptional(numbers),
    }),
    v.check(({ x, y, value }) => alike(x, y, value ?? x)),
  ),
  v.pipe(
    v.object({ type: v.literal("bar"), ...series, x: names, y: numbers }),
    v.check(({ x, y }) => alike(x, y)),
  ),
  v.object({
    type: v.literal("contour"),
    ...series,
    grid,
    levels: v.exactOptional(v.pipe(v.array(finite), v.maxLength(200))),
    filled: v.exactOptional(v.boolean()),
  }),
  v.object({
    type: v.literal("heat"),
    ...series,
    grid,
    palette: v.exactOptional(v.picklist(["sequential", "diverging"])),
  }),
  v.pipe(
    v.object({ type: v.literal("arrow"), ...series, x: numbers, y: numbers, dx: numbers, dy: numbers }),
    v.check(({ x, y, dx, dy }) => alike(x, y, dx, dy)),
  ),
  v.object({
    type: v.literal("rule"),
    ...series,
    x: v.exactOptional(finite),
    y: v.exactOptional(finite),
    dash: v.exactOptional(v.boolean()),
  }),
  v.object({ type: v.literal("text"), ...series, x: finite, y: finite, text: label }),
  v.pipe(
    v.object({
      type: v.literal("trajectory"),
      ...series,
      x: numbers,
      y: numbers,
      trail: v.exactOptional(v.boolean()),
    }),
    v.check(({ x, y }) => alike(x, y)),
  ),
  v.object({ type: v.literal("handle"), ...series, input: label, x: finite, y: finite }),
]);

const plot: v.GenericSchema<unknown, PlotDescription> = v.object({
  version: v.literal(1),
  title: label,
  summary: v.exactOptional(text(5_000)),
  x: v.exactOptional(axis),
  y: v.exactOptional(axis),
  aspect: v.exactOptional(v.pipe(finite, v.minValue(0.05), v.maxValue(20))),
  equal: v.exactOptional(v.boolean()),
  marks: v.pipe(v.array(mark), v.maxLength(300)),
});

const point3 = v.strictTuple([finite, finite, finite]);

const surface: v.GenericSchema<unknown, SurfaceDescription> = v.object({
  version: v.literal(1),
  title: label,
  summary: v.exactOptional(text(5_000)),
  x: v.exactOptional(axis),
  y: v.exactOptional(axis),
  z: v.exactOptional(axis),
  grid,
  overlay: v.exactOptional(grid),
  trajectories: v.pipe(
    v.array(
      v.pipe(
        v.object({ label, colour: v.exactOptional(colour), x: numbers, y: numbers, z: numbers }),
        v.check(({ x, y, z }) => alike(x, y, z)),
      ),
    ),
    v.maxLength(100),
  ),
  arrows: v.exactOptional(
    v.pipe(v.array(v.object({ ...series, from: point3, to: point3 })), v.maxLength(1_000)),
  ),
  handle: v.exactOptional(v.object({ input: label, x: finite, y: finite })),
});

// Outputs -------------------------------------------------------------------------------------------------

const inputHead = { key: label, label };
const input = v.variant("type", [
  v.pipe(
    v.object({
      type: v.literal("slider"),
      ...inputHead,
      min: finite,
      max: finite,
      step: v.pipe(finite, v.gtValue(0)),
      scale: v.picklist(["linear", "log"]),
      value: finite,
    }),
    v.check(({ min, max, scale }) => min < max && (scale === "linear" || min > 0)),
  ),
  v.object({
    type: v.literal("select"),
    ...inputHead,
    options: v.pipe(v.array(label), v.minLength(1), v.maxLength(1_000)),
    value: label,
  }),
  v.object({ type: v.literal("checkbox"), ...inputHead, value: v.boolean() }),
  v.object({ type: v.literal("button"), ...inputHead, value: count }),
  v.object({ type: v.literal("point"), ...inputHead, x: range, y: range, value: pair }),
]);

const key = { key: v.exactOptional(label) };

const outputSchema = v.variant("kind", [
  v.object({
    kind: v.literal("log"),
    ...key,
    level: v.picklist(["log", "info", "warn", "error", "debug"]),
    parts: inspections,
  }),
  v.object({ kind: v.literal("value"), ...key, value: inspection }),
  v.object({
    kind: v.literal("table"),
    ...key,
    title: v.exactOptional(label),
    columns: v.pipe(v.array(text(20_100)), v.maxLength(100)),
    rows: v.pipe(v.array(inspections), v.maxLength(2_000)),
    omitted: count,
  }),
  v.object({ kind: v.literal("plot"), ...key, plot }),
  v.object({ kind: v.literal("surface"), ...key, surface }),
  v.object({ kind: v.literal("formula"), ...key, tex: text(20_000), display: v.boolean() }),
  v.object({ kind: v.literal("markdown"), ...key, text: text(200_000) }),
  v.object({ kind: v.literal("progress"), ...key, label, value: finite, max: v.pipe(finite, v.gtValue(0)) }),
  v.object({ kind: v.literal("input"), ...key, input }),
  v.object({
    kind: v.literal("outcome"),
    ...key,
    predict: label,
    value: v.union([finite, text(5_000), v.pipe(v.array(pair), v.maxLength(100_000))]),
  }),
  v.object({ kind: v.literal("dropped"), ...key, count }),
]);

// Events --------------------------------------------------------------------------------------------------

const resultSchema = v.variant("ok", [
  v.object({
    type: v.literal("result"),
    call: count,
    ok: v.literal(true),
    value: v.unknown(),
    object: v.exactOptional(count),
  }),
  v.object({ type: v.literal("result"), call: count, ok: v.literal(false), error: cellError }),
]);

const target = v.union([
  v.object({ name: text(500), construct: v.exactOptional(v.boolean()) }),
  v.object({ object: count, method: text(500) }),
]);

const eventSchema = v.variant("type", [
  v.object({ type: v.literal("ready"), bootMs: finite }),
  v.object({ type: v.literal("started"), run: count }),
  v.object({
    type: v.literal("outputs"),
    run: count,
    outputs: v.pipe(v.array(v.unknown()), v.maxLength(protocolLimits.outputs)),
  }),
  v.object({
    type: v.literal("finished"),
    run: count,
    status: v.picklist(["ok", "error", "stopped"]),
    error: v.nullable(cellError),
    durationMs: finite,
  }),
  resultSchema,
  v.object({
    type: v.literal("host-call"),
    call: count,
    target,
    args: v.pipe(v.array(v.unknown()), v.maxLength(100)),
  }),
  v.object({ type: v.literal("pong"), ping: count }),
]);

// Requests ------------------------------------------------------------------------------------------------

/** A script, and no page that a server or a portal shows instead. */
const partSchema: v.GenericSchema<unknown, PartRequest> = v.object({
  type: v.literal("part"),
  name: v.picklist(partNames),
  text: v.pipe(
    v.string(),
    v.maxLength(partLimit),
    v.check((script) => /^\s*[^\s<]/.test(script)),
  ),
});

// The types written by hand and the schemas say the same, in both directions.
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
type ParsedOutput = v.InferOutput<typeof outputSchema>;
type ParsedMessage = v.InferOutput<typeof eventSchema>;
true satisfies Same<Output, ParsedOutput>;
true satisfies Same<Exclude<KernelEvent, { type: "outputs" }>, Exclude<ParsedMessage, { type: "outputs" }>>;

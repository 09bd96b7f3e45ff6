// The engine's errors. Each has a code for programs and a message for people: the operation, what it was given, the rule, the fix.

/** The kind of an error, for programs that decide by it. */
export type EngineErrorCode =
  | "shape"
  | "dtype"
  | "index"
  | "option"
  | "value"
  | "gradient"
  | "memory"
  | "anomaly"
  | "convergence";

/** What every error of the engine is an instance of. */
export class EngineError extends Error {
  readonly code: EngineErrorCode;
  constructor(code: EngineErrorCode, message: string) {
    super(message);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Shapes that do not go together. */
export class ShapeError extends EngineError {
  constructor(message: string) {
    super("shape", message);
  }
}

/** A tensor of the wrong element type. */
export class DtypeError extends EngineError {
  constructor(message: string) {
    super("dtype", message);
  }
}

/** A dimension or an index out of range. */
export class IndexError extends EngineError {
  constructor(message: string) {
    super("index", message);
  }
}

/** An option that does not exist or has a value it cannot have. */
export class OptionError extends EngineError {
  constructor(message: string) {
    super("option", message);
  }
}

/** An argument that is not what the operation takes. */
export class ValueError extends EngineError {
  constructor(message: string) {
    super("value", message);
  }
}

/** A derivative that cannot be computed. */
export class GradientError extends EngineError {
  constructor(message: string) {
    super("gradient", message);
  }
}

/** More memory than there is, or than `setMemoryLimit` allows. */
export class MemoryError extends EngineError {
  constructor(message: string) {
    super("memory", message);
  }
}

/** `autograd.detectAnomaly` met a NaN. */
export class AnomalyError extends EngineError {
  constructor(message: string) {
    super("anomaly", message);
  }
}

/** An iteration that did not settle. */
export class ConvergenceError extends EngineError {
  constructor(message: string) {
    super("convergence", message);
  }
}

/** A shape as people write it: (2, 3), or (3,) for one dimension, () for a scalar. */
export function formatShape(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

/**
 * Refuses option names that do not exist, naming the ones that do.
 * @param owner what is being configured, e.g. "optim.SGD"
 */
export function checkOptions(owner: string, options: object, known: readonly string[]): void {
  if (typeof options !== "object" || options === null) {
    throw new OptionError(
      `${owner}: options must be one object, e.g. { ${known[0]}: … }, not ${describe(options)}.`,
    );
  }
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const near = known.find((name) => simplify(name) === simplify(key));
    const hint = near === undefined ? "" : ` Did you mean ${near}?`;
    throw new OptionError(`${owner}: unknown option ${key}.${hint} It knows ${known.join(", ")}.`);
  }
}

/** Names that other libraries use for the same thing. */
const synonyms: Record<string, string> = {
  learningrate: "lr",
  axis: "dim",
  axes: "dim",
  keepdims: "keepdim",
};

/** weight_decay, weightdecay and weightDecay are the same name typed by different people. */
function simplify(name: string): string {
  const plain = name.replaceAll("_", "").toLowerCase();
  return synonyms[plain] ?? plain;
}

/** Refuses a number option outside its range. */
export function checkNumber(
  owner: string,
  name: string,
  value: unknown,
  range: { min?: number; max?: number; below?: number; whole?: boolean; finite?: boolean } = {},
): asserts value is number {
  const { min = -Infinity, max = Infinity, below = Infinity, whole = false, finite = false } = range;
  const good =
    typeof value === "number" &&
    value >= min &&
    value <= max &&
    (value < below || below === Infinity) &&
    (!whole || Number.isInteger(value)) &&
    (!finite || Number.isFinite(value));
  if (good) return;
  const kind = whole ? "a whole number" : finite ? "a finite number" : "a number";
  const bounds = [
    min === -Infinity ? "" : ` ≥ ${min}`,
    max === Infinity ? "" : ` ≤ ${max}`,
    below === Infinity ? "" : ` < ${below}`,
  ].join("");
  throw new OptionError(`${owner}: ${name} must be ${kind}${bounds}, not ${describe(value)}.`);
}

/** Refuses what is neither true nor false. */
export function checkSwitch(owner: string, name: string, value: unknown): asserts value is boolean {
  if (typeof value === "boolean") return;
  throw new OptionError(`${owner}: ${name} must be true or false, not ${describe(value)}.`);
}

/** A value as a message shows it. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return `the function ${value.name || "(without a name)"}`;
  if (Array.isArray(value)) return `an array of length ${value.length}`;
  if (typeof value === "object" && value !== null) {
    const name = value.constructor?.name ?? "Object";
    return name === "Object" ? "an object" : `a ${name}`;
  }
  return String(value);
}

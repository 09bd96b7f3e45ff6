// Checks of what a reader hands to a lesson tool. Each error names the tool, what is wrong, and what to write.
import type { Colour } from "../plot.ts";
import { suggest } from "../suggest.ts";

export class ToolError extends Error {
  override name = "ToolError";
  readonly fix: string | undefined;
  constructor(tool: string, message: string, fix?: string) {
    super(`${tool}: ${message}.`);
    this.fix = fix;
  }
}

/** The options object of a tool, with only names that the tool knows. */
export function readOptions<Options extends object>(
  tool: string,
  options: Options,
  known: readonly (keyof Options & string)[],
  example: string,
): Options {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new ToolError(
      tool,
      `takes one object with options, not ${describe(options)}`,
      `For example: ${example}`,
    );
  }
  for (const name of Object.keys(options)) {
    if ((known as readonly string[]).includes(name)) continue;
    const near = suggest(name, known);
    throw new ToolError(
      tool,
      `has no option “${name}”`,
      near === null ? `Its options are ${known.join(", ")}.` : `Did you mean “${near}”?`,
    );
  }
  return options;
}

export function readText(tool: string, option: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw new ToolError(tool, `“${option}” must be text, not ${describe(value)}`, `Write ${option}: "…".`);
}

export function readNumber(tool: string, option: string, value: unknown): number {
  const number = scalarOf(value);
  if (number !== null && Number.isFinite(number)) return number;
  throw new ToolError(tool, `“${option}” must be a finite number, not ${describe(value)}`);
}

export function readFlag(tool: string, option: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new ToolError(tool, `“${option}” must be true or false, not ${describe(value)}`);
}

/** `[from, to]` with from < to. */
export function readRange(tool: string, option: string, value: unknown): [number, number] {
  if (Array.isArray(value) && value.length === 2) {
    const from = readNumber(tool, `${option}[0]`, value[0]);
    const to = readNumber(tool, `${option}[1]`, value[1]);
    if (from < to) return [from, to];
    throw new ToolError(
      tool,
      `“${option}” goes from ${from} to ${to}, which is no range`,
      from === to ? `Write two different numbers.` : `Write ${option}: [${to}, ${from}].`,
    );
  }
  throw new ToolError(
    tool,
    `“${option}” must be [from, to], not ${describe(value)}`,
    `Write ${option}: [-2, 2].`,
  );
}

/** `[x, y]`. */
export function readPair(tool: string, option: string, value: unknown): [number, number] {
  if (Array.isArray(value) && value.length === 2) {
    return [readNumber(tool, `${option}[0]`, value[0]), readNumber(tool, `${option}[1]`, value[1])];
  }
  throw new ToolError(tool, `“${option}” must be [x, y], not ${describe(value)}`);
}

export function readChoice<Choice extends string>(
  tool: string,
  option: string,
  value: unknown,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  const near = typeof value === "string" ? suggest(value, choices) : null;
  throw new ToolError(
    tool,
    `“${option}” cannot be ${typeof value === "string" ? `“${value}”` : describe(value)}`,
    near === null ? `It is one of ${choices.join(", ")}.` : `Did you mean “${near}”?`,
  );
}

const colours: readonly Colour[] = [
  "blue",
  "orange",
  "green",
  "red",
  "purple",
  "teal",
  "pink",
  "grey",
  "ink",
];

export function readColour(tool: string, value: unknown): Colour {
  if (value === "gray") return "grey";
  if (value === "black") return "ink";
  return readChoice(tool, "colour", value, colours);
}

/** The number in a number, or in an engine tensor of one entry; `null` for anything else. */
export function scalarOf(value: unknown): number | null {
  if (typeof value === "number") return value;
  if (typeof value !== "object" || value === null) return null;
  try {
    if (!("item" in value) || typeof value.item !== "function") return null;
    const item: unknown = value.item();
    return typeof item === "number" ? item : null;
  } catch {
    return null;
  }
}

export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return `the text “${value.slice(0, 40)}”`;
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

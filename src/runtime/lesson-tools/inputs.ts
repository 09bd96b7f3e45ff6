// Inputs: controls that the reader moves. Each function shows its control and returns what the reader chose, or
// the value it starts with. A cell marked `live` runs again when an input above it changes.
import type { InputDescription, InputValue } from "../output.ts";
import {
  ToolError,
  describe,
  readFlag,
  readNumber,
  readOptions,
  readPair,
  readRange,
  readText,
} from "./options.ts";
import { readChoice } from "./options.ts";
import { stageOf } from "./stage.ts";

interface InputOptions {
  /** What stands beside the control. */
  label: string;
  /** Tells apart two inputs with the same label; the label when left out. */
  key?: string;
}

export interface SliderOptions extends InputOptions {
  min: number;
  max: number;
  /** A hundredth of the range when left out. */
  step?: number;
  /** Where it starts; `min` when left out. */
  value?: number;
  /** `log` gives each power of ten the same length; min must then be above 0. */
  scale?: "linear" | "log";
}

/**
 * A slider; returns its number.
 *
 * @example
 * const lr = slider({ label: "learning rate η", min: 0.01, max: 1, step: 0.01, value: 0.1 });
 */
export function slider(options: SliderOptions): number {
  readOptions(
    "slider",
    options,
    ["label", "key", "min", "max", "step", "value", "scale"],
    'slider({ label: "learning rate", min: 0, max: 1, value: 0.1 })',
  );
  const [min, max] = readRange("slider", "min, max", [options.min, options.max]);
  const scale =
    options.scale === undefined
      ? "linear"
      : readChoice("slider", "scale", options.scale, ["linear", "log"] as const);
  if (scale === "log" && min <= 0) {
    throw new ToolError("slider", `a log scale needs a min above 0, not ${min}`, "Write min: 0.001, say.");
  }
  const step = options.step === undefined ? (max - min) / 100 : readNumber("slider", "step", options.step);
  if (step <= 0) throw new ToolError("slider", `“step” must be above 0, not ${step}`);
  const start = options.value === undefined ? min : readNumber("slider", "value", options.value);
  if (start < min || start > max) {
    throw new ToolError("slider", `“value” is ${start}, outside ${min} … ${max}`);
  }
  return show("slider", options, (key, label, chosen) => {
    const value = typeof chosen === "number" && Number.isFinite(chosen) ? clamp(chosen, min, max) : start;
    return { type: "slider", key, label, min, max, step, scale, value };
  });
}

export interface SelectOptions<Option extends string> extends InputOptions {
  options: readonly Option[];
  /** The first option when left out. */
  value?: NoInfer<Option>;
}

/**
 * A choice among texts; returns the chosen one.
 *
 * @example
 * const method = select({ label: "optimiser", options: ["gradient descent", "Adam"] });
 */
export function select<const Option extends string>(options: SelectOptions<Option>): Option {
  readOptions(
    "select",
    options,
    ["label", "key", "options", "value"],
    'select({ label: "optimiser", options: ["SGD", "Adam"] })',
  );
  const choices: readonly Option[] = options.options;
  if (!Array.isArray(choices) || choices.length === 0) {
    throw new ToolError("select", `“options” must be a list of texts, not ${describe(choices)}`);
  }
  const texts = choices.map((choice, index) => readText("select", `options[${index}]`, choice) as Option);
  const repeated = texts.find((choice, index) => texts.indexOf(choice) !== index);
  if (repeated !== undefined) throw new ToolError("select", `the option “${repeated}” occurs twice`);
  const start = options.value === undefined ? texts[0]! : readChoice("select", "value", options.value, texts);
  let value = start;
  show("select", options, (key, label, chosen) => {
    value = texts.find((choice) => choice === chosen) ?? start;
    return { type: "select", key, label, options: texts, value };
  });
  return value;
}

export interface CheckboxOptions extends InputOptions {
  /** `false` when left out. */
  value?: boolean;
}

/**
 * A box to tick; returns whether it is ticked.
 *
 * @example
 * const momentum = checkbox({ label: "with momentum", value: true });
 */
export function checkbox(options: CheckboxOptions): boolean {
  readOptions("checkbox", options, ["label", "key", "value"], 'checkbox({ label: "with momentum" })');
  const start = options.value === undefined ? false : readFlag("checkbox", "value", options.value);
  return show("checkbox", options, (key, label, chosen) => ({
    type: "checkbox",
    key,
    label,
    value: typeof chosen === "boolean" ? chosen : start,
  }));
}

/**
 * A button; returns how often it was pressed.
 *
 * @example
 * const presses = button({ label: "another start" });
 * manualSeed(presses);
 */
export function button(options: InputOptions): number {
  readOptions("button", options, ["label", "key"], 'button({ label: "another start" })');
  return show("button", options, (key, label, chosen) => ({
    type: "button",
    key,
    label,
    value: typeof chosen === "number" && Number.isSafeInteger(chosen) && chosen > 0 ? chosen : 0,
  }));
}

export interface PointOptions extends InputOptions {
  /** How far the point may go. */
  x: readonly [number, number];
  y: readonly [number, number];
  /** Where it starts; the middle when left out. */
  value?: readonly [number, number];
}

/**
 * A point to drag in a plot or surface; returns [x, y]. It is drawn where a `handle` names it.
 *
 * @example
 * const [w1, w2] = point({ label: "ball", x: [-2, 2], y: [-2, 2], value: [0.5, 0.5] });
 */
export function point(options: PointOptions): [number, number] {
  readOptions(
    "point",
    options,
    ["label", "key", "x", "y", "value"],
    'point({ label: "ball", x: [-2, 2], y: [-2, 2] })',
  );
  const x = readRange("point", "x", options.x);
  const y = readRange("point", "y", options.y);
  const start =
    options.value === undefined
      ? ([(x[0] + x[1]) / 2, (y[0] + y[1]) / 2] satisfies [number, number])
      : readPair("point", "value", options.value);
  return show("point", options, (key, label, chosen) => {
    const [atX, atY] = isPair(chosen) ? chosen : start;
    return { type: "point", key, label, x, y, value: [clamp(atX, ...x), clamp(atY, ...y)] };
  });
}

function isPair(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every((entry) => Number.isFinite(entry));
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

function show<Input extends InputDescription>(
  tool: string,
  options: InputOptions,
  describeInput: (key: string, label: string, chosen: InputValue | undefined) => Input,
): Input["value"] {
  const stage = stageOf(tool);
  const label = readText(tool, "label", options.label).slice(0, 200);
  const key = options.key === undefined ? label : readText(tool, "key", options.key).slice(0, 200);
  if (key === "") throw new ToolError(tool, "needs a label", 'Write label: "learning rate".');
  if (!stage.claimInput(key)) {
    throw new ToolError(
      tool,
      `this cell already shows an input named “${key}”`,
      options.key === undefined
        ? "Change the label, or give each a key of its own."
        : "Give each a key of its own.",
    );
  }
  const input = describeInput(key, label, stage.input(key));
  stage.show({ kind: "input", input, key: `input:${key}` });
  return input.value;
}

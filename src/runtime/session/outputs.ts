// Outputs of one run, as they arrive.
import type { InputValue, Output } from "../output.ts";

/** Appends; an output with the key of an earlier one takes its place. */
export function mergeOutputs(shown: readonly Output[], arrived: readonly Output[]): Output[] {
  const merged = [...shown];
  const places = new Map<string, number>();
  for (const [index, { key }] of merged.entries()) if (key !== undefined) places.set(key, index);
  for (const output of arrived) {
    const place = output.key === undefined ? undefined : places.get(output.key);
    if (place !== undefined) {
      merged[place] = output;
      continue;
    }
    if (output.key !== undefined) places.set(output.key, merged.length);
    merged.push(output);
  }
  return merged;
}

/** The values that the inputs among the outputs show. */
export function shownInputs(outputs: readonly Output[]): Record<string, InputValue> {
  return Object.fromEntries(
    outputs.flatMap((output) =>
      output.kind === "input" ? [[output.input.key, output.input.value] as const] : [],
    ),
  );
}

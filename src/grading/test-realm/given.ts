// Functions as arguments. An answer cannot call a function of the test's realm, so a test sends the function's
// source together with the data it needs, and it is built anew in the answer's realm.
import { misuse } from "./failure.ts";

/** A function on its way to the answer. */
export interface SentFunction {
  [FUNCTION_KEY]: string;
  data: unknown;
}

export const FUNCTION_KEY = "descent:function";

export function isSentFunction(value: unknown): value is SentFunction {
  return typeof value === "object" && value !== null && Object.hasOwn(value, FUNCTION_KEY);
}

/** Makes a function that can be called in the test and sent to the answer. */
export type Given = <Data, F extends (...args: never[]) => unknown>(
  data: Data,
  build: (data: Data) => F,
) => F;

const sent = new WeakMap<object, SentFunction>();

/**
 * `build(data)`, known well enough to be sent: `given({ H }, ({ H }) => (v) => product(H, v))`. `build` may use its
 * data and what the language has, nothing else of the test.
 */
export const given: Given = (data, build) => {
  const made = build(data);
  if (typeof made !== "function")
    throw misuse("`given` must build a function: `given({ a }, ({ a }) => (x) => a * x)`");
  sent.set(made, { [FUNCTION_KEY]: String(build), data });
  return made;
};

/** The form in which an argument goes to the answer. */
export function sendable(argument: unknown): unknown {
  return (typeof argument === "function" ? sent.get(argument) : undefined) ?? argument;
}

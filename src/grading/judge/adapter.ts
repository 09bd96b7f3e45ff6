// A small program for the answer's realm that calls the answer with functions among the arguments: it builds each
// of them from its source and its data. It runs where the answer runs and is trusted no more than the answer.
import { compileCell, type CallTarget, type Program } from "../../runtime/index.ts";
import { FUNCTION_KEY, isSentFunction } from "../test-realm/given.ts";

/** The name under which an adapter can be called. */
export const ADAPTER = "descentCall";

export type Adapter = { ok: true; program: Program } | { ok: false; message: string };

/** How the answer is called: the same text for all calls that one adapter serves. */
export function adapterKey(target: CallTarget, args: readonly unknown[]): string {
  return JSON.stringify([target, ...args.map(sourceOf)]);
}

/** What an adapter is called with: the arguments, with the data of each function in the function's place. */
export function adapterArguments(args: readonly unknown[]): unknown[] {
  return args.map((argument) => (isSentFunction(argument) ? argument.data : argument));
}

function sourceOf(argument: unknown): string | null {
  return isSentFunction(argument) ? argument[FUNCTION_KEY] : null;
}

/** @param cell the adapter's own cell; `answer` is the cell that declares what it calls. */
export function compileAdapter(
  cell: string,
  answer: string,
  target: CallTarget,
  args: readonly unknown[],
): Adapter {
  if (!("name" in target)) {
    return { ok: false, message: "a function can be sent to a function or a constructor, not to a method" };
  }
  const { name } = target;
  const sources = args.map(sourceOf);
  const called = target.construct === true ? `new ${name}` : name;
  const text = [
    `const descentBuilders = [${sources.map((source) => (source === null ? "null" : `(${source}\n)`)).join(", ")}];`,
    `const ${ADAPTER} = (...args) => ${called}(...args.map((argument, i) =>`,
    `  descentBuilders[i] === null ? argument : descentBuilders[i](argument)));`,
  ].join("\n");
  const compiled = compileCell(cell, text, { standalone: true });
  if (!compiled.ok) {
    return { ok: false, message: `a function that it sends cannot be read: ${compiled.error.message}` };
  }
  const foreign = compiled.reads.filter((read) => read !== name && !(read in globalThis));
  if (foreign.length > 0) {
    const names = foreign.map((read) => `\`${read}\``).join(", ");
    return {
      ok: false,
      message: `a function that it sends uses ${names}: put that into the data of \`given\``,
    };
  }
  return { ok: true, program: { ...compiled.program, inputs: [{ name, cell: answer }] } };
}

// An end for every loop of a mutant: it counts its turns and throws when there are far too many. Only for copies of an author's own
// solution; a student's code is never rewritten.
import { parse } from "@babel/parser";
import type { Node } from "./mutate.ts";

/** Turns of all loops together. */
const TURNS = 3_000_000;

const counter = "__turns";
const guard = `if (++${counter} > ${TURNS}) throw new Error("This never ends");`;

const loops = /^(?:For(?:In|Of)?|While|DoWhile)Statement$/;

/** The same code with its loops guarded; `null` where it does not parse. */
export function withGuardedLoops(source: string): string | null {
  const insertions: { offset: number; text: string }[] = [];
  try {
    collect(parse(source, { sourceType: "module", plugins: ["typescript"] }).program, insertions);
  } catch {
    return null;
  }
  let guarded = source;
  for (const { offset, text } of insertions.sort((a, b) => b.offset - a.offset))
    guarded = guarded.slice(0, offset) + text + guarded.slice(offset);
  return `let ${counter} = 0;\n${guarded}`;
}

function collect(value: unknown, insertions: { offset: number; text: string }[]): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) collect(item, insertions);
    return;
  }
  const node = value as Node & { body?: Node };
  if (typeof node.type !== "string") return;
  if (loops.test(node.type) && node.body !== undefined) {
    const { start, end, type } = node.body;
    if (type === "BlockStatement") insertions.push({ offset: start + 1, text: ` ${guard}` });
    else insertions.push({ offset: start, text: `{ ${guard} ` }, { offset: end, text: " }" });
  }
  for (const part of Object.values(node)) collect(part, insertions);
}

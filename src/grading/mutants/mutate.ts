// Mutants of a solution: copies with one small slip each, as a student might make it, in the part that the student writes.
import { parse } from "@babel/parser";
import type * as babel from "@babel/types";
import { calls, constants, operators, statements } from "./slips.ts";

/** One change of the source. */
export interface Slip {
  start: number;
  end: number;
  text: string;
  /** In words: `<` becomes `<=`. */
  what: string;
}

export interface Mutant extends Slip {
  /** The whole source with the change made. */
  source: string;
}

export type Node = babel.Node & { start: number; end: number };

/** What a slip may look at: the node, its parent, the text of any node, and the text without comments. */
export interface Site {
  node: Node;
  parents: readonly Node[];
  textOf: (node: babel.Node) => string;
  code: string;
}

/** Every mutant of the answer's parts (or of the whole source, if no part is marked), in the order of the source, each once. */
export function mutantsOf(source: string): Mutant[] {
  const file = parse(source, {
    sourceType: "module",
    plugins: ["typescript"],
    createParenthesizedExpressions: true,
    attachComment: false,
  });
  let code = source;
  for (const { start = 0, end = 0 } of file.comments ?? [])
    code = code.slice(0, start) + code.slice(start, end).replaceAll(/[^\n]/g, " ") + code.slice(end);
  const textOf = ({ start, end }: babel.Node) => source.slice(start ?? 0, end ?? 0);
  const parts = answerParts(source);
  const found = new Map<string, Mutant>();
  visit(file.program as Node, [], (node, parents) => {
    const site = { node, parents, textOf, code };
    for (const slips of [operators, constants, calls, statements]) {
      for (const slip of slips(site)) {
        if (!parts.some(({ start, end }) => slip.start >= start && slip.end <= end)) continue;
        const mutated = source.slice(0, slip.start) + slip.text + source.slice(slip.end);
        if (mutated !== source && !found.has(mutated)) found.set(mutated, { ...slip, source: mutated });
      }
    }
  });
  return [...found.values()].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** The numbers that stand in a source, each once; the first few. */
export function constantsIn(source: string): number[] {
  const numbers = new Set<number>();
  visit(parse(source, { sourceType: "module", plugins: ["typescript"] }).program as Node, [], (node) => {
    if (node.type === "NumericLiteral" && numbers.size < 6) numbers.add(node.value);
  });
  return [...numbers];
}

/** What stands between `// begin answer` and `// end answer`. */
function answerParts(source: string): { start: number; end: number }[] {
  const parts = [
    ...source.matchAll(/^[ \t]*\/\/ begin answer[ \t]*$[\s\S]*?^[ \t]*\/\/ end answer[ \t]*$/gm),
  ];
  if (parts.length === 0) return [{ start: 0, end: source.length }];
  return parts.map((part) => ({ start: part.index, end: part.index + part[0].length }));
}

/** Goes through everything that is there at run time. */
function visit(
  node: Node,
  parents: readonly Node[],
  see: (node: Node, parents: readonly Node[]) => void,
): void {
  see(node, parents);
  const inside = [...parents, node];
  for (const [key, value] of Object.entries(node) as [string, unknown][]) {
    if (key === "typeAnnotation" || key === "returnType" || key.startsWith("type") || key === "loc") continue;
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value])
      if (isNode(child) && isThereAtRunTime(child)) visit(child, inside, see);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

const wrappers = new Set(["TSAsExpression", "TSSatisfiesExpression", "TSNonNullExpression"]);

function isThereAtRunTime({ type }: Node): boolean {
  if (type === "ImportDeclaration") return false;
  return !type.startsWith("TS") || wrappers.has(type);
}

// What a cell may not do although it parses, and the few places where a function's body is read otherwise than a
// module.
import type * as estree from "estree";
import { walk } from "estree-walker";
import type { Insertion } from "./insert.ts";
import { CompileProblem } from "./problem.ts";

type Placed = estree.Node & { start: number; end: number };

/** Throws at the first offence; returns the insertions that keep a module's meaning. */
export function checkScript(script: estree.Program, code: string): Insertion[] {
  const insertions: Insertion[] = [];
  walk(script, {
    enter(node) {
      const range = node as Placed;
      switch (node.type) {
        case "ImportExpression":
          throw new CompileProblem(
            "`import()` does not work in cells.",
            range,
            'Write `import { name } from "descent"` at the top of the cell.',
          );
        case "MetaProperty":
          if (node.meta.name !== "import") break;
          throw new CompileProblem("`import.meta` does not exist in cells.", range, "Remove it.");
        case "VariableDeclaration":
          // Parsed already, but not yet run by every browser; there the error would have no place.
          if (!node.kind.endsWith("using")) break;
          throw new CompileProblem(
            `\`${node.kind}\` is not supported in cells.`,
            range,
            "Write `const`, and close it yourself.",
          );
        case "Literal":
          if ("regex" in node) checkPattern(node.regex.pattern, node.regex.flags, range);
          break;
        case "UnaryExpression":
          // Outside of modules `<!--` starts a comment.
          if (code.startsWith("<!--", range.start - 1)) insertions.push({ offset: range.start, text: " " });
          break;
        default:
      }
    },
  });
  return insertions;
}

/** The parser does not look into regular expressions; the engine would give their errors without a place. */
function checkPattern(pattern: string, flags: string, range: Placed): void {
  try {
    // oxlint-disable-next-line no-new
    new RegExp(pattern, flags);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, "") : "";
    throw new CompileProblem(`This regular expression is not valid: ${reason}`, range);
  }
}

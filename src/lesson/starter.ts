// What a student begins with is derived from the solution, so that the two cannot drift apart.
import type { Problems } from "./problems.ts";
import type { Code } from "./types.ts";

const begin = /^\s*\/\/ begin answer\s*$/;
const end = /^\s*\/\/ end answer\s*$/;
const starterLine = /^(\s*)\/\/ starter: ?(.*)$/;

/**
 * Replaces each part between `// begin answer` and `// end answer` by its `// starter:` lines, or by
 * `// your code here` where it has none; `shown` is the solution without the marker lines.
 */
export function deriveStarter(code: Code, problems: Problems): { starter: string; shown: string } {
  const starter: string[] = [];
  const shown: string[] = [];
  let open: { offset: number; indent: string; hasStarter: boolean } | null = null;
  let answers = 0;
  let offset = code.span.start.offset;
  for (const line of code.source.split("\n")) {
    const given = starterLine.exec(line);
    if (begin.test(line)) {
      if (open !== null)
        problems.at(offset, "An answer begins inside an answer", "end the first one with // end answer");
      open = { offset, indent: /^\s*/.exec(line)![0], hasStarter: false };
      answers += 1;
    } else if (end.test(line)) {
      if (open === null)
        problems.at(offset, "An answer ends that never began", "put // begin answer above it");
      else if (!open.hasStarter) starter.push(`${open.indent}// your code here`);
      open = null;
    } else if (given !== null) {
      if (open === null)
        problems.at(
          offset,
          "A starter line outside an answer",
          "put it between // begin answer and // end answer",
        );
      else open.hasStarter = true;
      starter.push(`${given[1]}${given[2]}`.trimEnd());
    } else {
      if (open === null) starter.push(line);
      shown.push(line);
    }
    offset += line.length + 1;
  }
  if (open !== null) problems.at(open.offset, "This answer never ends", "write // end answer below it");
  if (answers === 0)
    problems.at(
      code.span.start.offset,
      "The solution marks no answer",
      "put what the student writes between // begin answer and // end answer",
    );
  return { starter: starter.join("\n"), shown: shown.join("\n") };
}

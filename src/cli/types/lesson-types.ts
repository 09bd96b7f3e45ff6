// The types of a lesson: every cell with the names of the cells above it, code that is only shown, solutions and tests.
// Misconceptions and starters are left out: their types may be what is wrong with them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Lesson, LessonProblem } from "../../lesson/index.ts";
import { compileCell } from "../../runtime/index.ts";
import { moduleText, namesOf, wordsOf } from "./cell-module.ts";
import { TypeChecker, type TypedModule } from "./type-checker.ts";

/** A module of a lesson, with the way back into the file it was written in. */
interface LessonModule extends TypedModule {
  source: string;
  place: { file: string; line: number };
  /** What else may be done, where the code need not be whole. */
  otherwise?: string;
}

let checker: TypeChecker | null = null;

/** Code that does not compile, or whose data cannot be read, is left out: that is found elsewhere. */
export function typeProblems(lesson: Lesson, folder: string): LessonProblem[] {
  const modules = modulesOf(lesson, folder);
  const byFile = new Map(modules.map((module) => [module.file, module]));
  checker ??= new TypeChecker();
  return checker.check(modules).flatMap(({ file, offset, message, fix }) => {
    const { source, place, otherwise } = byFile.get(file)!;
    // The imports and exports below the author's text are ours.
    if (offset > source.length) return [];
    const before = source.slice(0, offset).split("\n");
    const advice = fix ?? otherwise;
    return [
      {
        file: place.file,
        line: place.line + before.length - 1,
        // Code of a fence stands at the left margin.
        column: before.at(-1).length + 1,
        message,
        ...(advice === undefined ? {} : { fix: advice }),
      },
    ];
  });
}

/** What stands in a test without an import. What the answer declares is not known to its types. */
const givenToTests = `
;import type { TestNames } from "descent/test";
declare const student: { readonly [name: string]: any };
declare const expect: TestNames["expect"], seed: TestNames["seed"], given: TestNames["given"];
export {};`;

/** Types cannot be read from JSON that is none, or that is not there. */
function isReadable(file: string): boolean {
  if (!file.endsWith(".json")) return true;
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}

/** A module that gives names of which nothing is known: the cells below must not be blamed for the one above. */
function anyOf(names: readonly string[]): string {
  return names.map((name) => `\nexport const ${name}: any = 0; export type ${name} = any;`).join("");
}

function modulesOf(lesson: Lesson, folder: string): LessonModule[] {
  const modules: LessonModule[] = [];
  const above = new Map<string, string>();
  /** Names of which nothing is known, since the cell that gives them does not compile. */
  const unknown = new Set<string>();
  const isKnown = (source: string, own: readonly string[]) =>
    ![...wordsOf(source)].some((word) => unknown.has(word) && !own.includes(word));
  const fileOf = (name: string) => join(folder, `.${name}.ts`);
  const compiles = (source: string) => {
    const compiled = compileCell("code", source);
    return compiled.ok && compiled.dataImports.every((path) => isReadable(join(folder, path)));
  };
  for (const [index, block] of lesson.blocks.entries()) {
    switch (block.kind) {
      case "cell": {
        const { source, span } = block.code;
        const names = namesOf(source);
        const module = `cell-${index}`;
        const isChecked = compiles(source) && isKnown(source, names.all);
        modules.push({
          file: fileOf(module),
          ...(isChecked
            ? { source, text: moduleText(source, names, above) }
            : { source: "", text: anyOf(names.all) }),
          place: { file: span.file, line: span.start.line },
        });
        for (const name of names.all) {
          above.set(name, `./.${module}.ts`);
          if (isChecked) unknown.delete(name);
          else unknown.add(name);
        }
        break;
      }
      case "static": {
        const { source, span } = block;
        if (!block.checked || !isKnown(source, namesOf(source).all)) break;
        modules.push({
          file: fileOf(`static-${index}`),
          text: moduleText(source, namesOf(source), above),
          source,
          place: { file: span.file, line: span.start.line + 1 },
          otherwise: "correct it, or write ```ts static unchecked where it is not meant to be whole",
        });
        break;
      }
      case "exercise": {
        const { source, span } = block.solution.code;
        const place = { file: span.file, line: span.start.line };
        if (compiles(source))
          modules.push({
            file: fileOf(`solution-${index}`),
            text: moduleText(source, namesOf(source), new Map()),
            source,
            place,
          });
        for (const [number, { code }] of block.tests.entries())
          if (compiles(code.source))
            modules.push({
              file: fileOf(`test-${index}-${number}`),
              text: code.source + givenToTests,
              source: code.source,
              place: { file: code.span.file, line: code.span.start.line },
            });
        break;
      }
      case "heading":
      case "prose":
      case "quiz":
      case "predict":
    }
  }
  return modules;
}

// TypeScript over the code of a lesson, with the types of the engine, the lesson tools and the tests. The checker stays
// warm from one lesson to the next, since reading the engine's types takes most of the time.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript-js";

/** Code that is checked; `file` need not exist, and relative imports start from its folder. */
export interface TypedModule {
  file: string;
  text: string;
}

export interface TypeProblem {
  file: string;
  /** In `text`. */
  offset: number;
  message: string;
  fix?: string;
}

const source = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  types: [],
  paths: {
    descent: [source("engine/index.ts")],
    "descent/lesson": [source("runtime/lesson-tools/index.ts")],
    "descent/test": [source("grading/worker.ts")],
  },
};

/** What a cell gets when it imports CSV: see `readDataFile`. */
const csv = {
  file: join(source("cli/types"), "csv.d.ts"),
  text: `declare module "*.csv" { const rows: Record<string, any>[]; export default rows; }`,
};

export class TypeChecker {
  #modules = new Map<string, string>();
  #version = 0;
  readonly #service: ts.LanguageService;

  constructor() {
    const { sys } = ts;
    const read = (file: string) => this.#modules.get(file) ?? sys.readFile(file);
    this.#service = ts.createLanguageService({
      getCompilationSettings: () => options,
      getScriptFileNames: () => [...this.#modules.keys()],
      getProjectVersion: () => String(this.#version),
      // What lies on disk does not change while this program runs.
      getScriptVersion: (file) => (this.#modules.has(file) ? String(this.#version) : "0"),
      getScriptSnapshot: (file) => {
        const text = read(file);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => dirname(csv.file),
      getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
      fileExists: (file) => this.#modules.has(file) || sys.fileExists(file),
      readFile: read,
    });
  }

  /** What is wrong in each of these modules, which may import each other; in their order. */
  check(modules: readonly TypedModule[]): TypeProblem[] {
    this.#modules = new Map([...modules, csv].map(({ file, text }) => [file, text]));
    this.#version += 1;
    const problems: TypeProblem[] = [];
    for (const { file } of modules) {
      const syntax = this.#service.getSyntacticDiagnostics(file);
      for (const diagnostic of [...syntax, ...this.#service.getSemanticDiagnostics(file)])
        problems.push({ file, offset: diagnostic.start ?? 0, ...wordsOf(diagnostic) });
    }
    return problems;
  }

  dispose(): void {
    this.#service.dispose();
  }
}

/** TypeScript's sentences as one, what it suggests as the fix. */
function wordsOf({ messageText }: ts.Diagnostic): { message: string; fix?: string } {
  const sentences = ts
    .flattenDiagnosticMessageText(messageText, "\n")
    .split("\n")
    .map((sentence) => sentence.trim().replace(/\.$/, ""));
  const message = sentences.join(": ");
  const suggestion = /\. (Did you mean .*\?)$/.exec(message);
  if (suggestion === null) return { message: `TypeScript: ${message}` };
  return {
    message: `TypeScript: ${message.slice(0, suggestion.index)}`,
    fix: suggestion[1]!.replace(/^D/, "d"),
  };
}

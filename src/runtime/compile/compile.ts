// From the reader's TypeScript to a `Program`: parse, read the imports, blank the types, find the names, and
// return the value of the last expression together with the names.
import { parse } from "@babel/parser";
import type * as babel from "@babel/types";
import type * as estree from "estree";
import type { Program } from "../protocol.ts";
import type { CompiledCell, CompileOptions } from "./index.ts";
import { type CellImport, isDataFile, readModuleStatements } from "./modules.ts";
import { checkScript } from "./checks.ts";
import { membersRead, withMembers } from "./members.ts";
import { insertTexts, type Insertion } from "./insert.ts";
import { analyseNames, type NameAnalysis, type NameUse } from "./names.ts";
import { cellPlace, CompileProblem, problemFromParser, problemToCellError } from "./problem.ts";
import { SourceEdit } from "./source-edit.ts";
import { rangeOf, stripTypes } from "./strip.ts";
import { Tokens } from "./tokens.ts";

const DEFAULT_MODULES = ["descent", "descent/lesson"];

/** The JavaScript of a cell, as long and with the same lines as its source, and what was found on the way. */
export interface StrippedCell {
  code: string;
  imports: CellImport[];
  /** Names that stand in types. */
  typeNames: Set<string>;
}

/**
 * Compiles one cell. Which names other cells declare need not be known: what the cell reads and does not declare is
 * listed in `reads`.
 *
 * @param cell id of the cell, for the places of errors.
 */
export function compileCell(cell: string, source: string, options: CompileOptions = {}): CompiledCell {
  let names: NameAnalysis | null = null;
  try {
    const stripped = stripCell(source, options.modules ?? DEFAULT_MODULES);
    const { script, meaning } = parseScript(source, stripped.code);
    names = analyseNames(script);
    const membersOf = membersRead(script);
    const assembled = assemble(cell, stripped, script, names, options);
    const program = { ...assembled, imports: withMembers(assembled.imports, membersOf) };
    const { imports } = stripped;
    const imported = new Set(imports.map(({ local }) => local));
    const given = new Set(options.ambient?.names);
    const reads = names.free.filter(({ name }) => !imported.has(name) && !given.has(name));
    return {
      ok: true,
      program,
      declares: names.declares,
      reads: reads.map(({ name }) => name),
      readPlaces: new Map(reads.map((use) => [use.name, cellPlace(cell, source, use)])),
      mayChange: names.mayChange,
      unchanging: unchangingNames(script),
      imports,
      membersOf,
      dataImports: [...new Set(program.imports.map(({ from }) => from).filter(isDataFile))],
      meaning: `${JSON.stringify(imports)}${meaning}`,
    };
  } catch (error) {
    const problem = asProblem(source, error);
    return {
      ok: false,
      error: problemToCellError(cell, source, problem),
      declares: names?.declares ?? [],
      reads: names?.free.map(({ name }) => name) ?? [],
      assigns: problem instanceof AssignmentProblem ? [problem.assigned] : [],
    };
  }
}

function asProblem(source: string, error: unknown): CompileProblem {
  if (error instanceof CompileProblem) return error;
  // The parser and the passes go down as deep as the code does.
  if (error instanceof RangeError) {
    return new CompileProblem(
      "The code is nested too deeply.",
      { start: 0, end: source.length },
      "Split it into smaller parts with names of their own.",
    );
  }
  throw error;
}

export function stripCell(source: string, modules: readonly string[] = DEFAULT_MODULES): StrippedCell {
  let file: babel.File;
  try {
    file = parse(source, {
      sourceType: "module",
      plugins: ["typescript"],
      createParenthesizedExpressions: true,
      allowSuperOutsideMethod: false,
      tokens: true,
      attachComment: false,
    });
  } catch (error) {
    throw problemFromParser(source, error);
  }
  const { program } = file;
  const imports = readModuleStatements(program.body, modules);
  const edit = new SourceEdit(source);
  if (program.interpreter) edit.blank(rangeOf(program.interpreter).start, rangeOf(program.interpreter).end);
  const typeNames = new Set<string>();
  stripTypes(program, edit, new Tokens(source, file.tokens ?? []), typeNames);
  return { code: edit.toString(), imports, typeNames };
}

function parseScript(source: string, code: string): { script: estree.Program; meaning: string } {
  try {
    const file = parse(code, {
      sourceType: "module",
      plugins: [["estree", { classFeatures: true }]],
      tokens: true,
      attachComment: false,
    });
    return {
      script: file.program as unknown as estree.Program,
      meaning: new Tokens(code, file.tokens ?? []).joined(code),
    };
  } catch (error) {
    throw problemFromParser(source, error);
  }
}

function assemble(
  cell: string,
  stripped: StrippedCell,
  script: estree.Program,
  names: NameAnalysis,
  options: CompileOptions,
): Program {
  const { code, typeNames } = stripped;
  const insertions: Insertion[] = checkScript(script, code);
  const ambientNames = new Set(options.ambient?.names);
  const imported = new Map(stripped.imports.map((item) => [item.local, item]));
  const topLevelArguments = names.free.find(({ name }) => name === "arguments");
  if (topLevelArguments) {
    throw new CompileProblem("A cell is not a function: it has no `arguments`.", topLevelArguments);
  }
  for (const use of names.freeAssignments) checkAssignment(use, imported, ambientNames, options);

  const free = names.free.map(({ name }) => name);
  const used = new Set(free);
  // As in TypeScript, an import that serves only as a type is gone at run time.
  const imports = stripped.imports.filter(({ local }) => used.has(local) || !typeNames.has(local));
  const ambient = free.filter((name) => ambientNames.has(name) && !imported.has(name));

  const getters = names.declares.map(getter).join(", ");
  const value = valueStatement(script);
  if (value) {
    const end = code.charAt(value.end - 1) === ";" ? value.end - 1 : value.end;
    insertions.push({ offset: value.start, text: "return [await (" });
    insertions.push({ offset: end, text: `), { ${getters} }]` });
  }
  const { text, placed } = insertTexts(code, insertions);
  return {
    cell,
    // The last line is never the reader's: see `mapPlace`.
    body: value ? `${text}\n` : `${text}\nreturn [void 0, { ${getters} }];`,
    declares: names.declares,
    inputs: [],
    imports,
    ambient:
      options.ambient && ambient.length > 0 ? { module: options.ambient.module, names: ambient } : null,
    insertions: placed,
  };
}

/** Names declared at the top level as functions, classes or plain constants: there is no object to change. */
function unchangingNames(script: estree.Program): string[] {
  return script.body.flatMap((statement) => {
    if (statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration") {
      return statement.id ? [statement.id.name] : [];
    }
    if (statement.type !== "VariableDeclaration" || statement.kind !== "const") return [];
    return statement.declarations.flatMap(({ id, init }) =>
      id.type === "Identifier" && init && IMMUTABLE.has(init.type) ? [id.name] : [],
    );
  });
}

const IMMUTABLE = new Set<string>([
  "ArrowFunctionExpression",
  "FunctionExpression",
  "Literal",
  "TemplateLiteral",
]);

function getter(name: string): string {
  // Written plainly, `__proto__` would set the prototype.
  return name === "__proto__" ? `["__proto__"]: () => __proto__` : `${name}: () => ${name}`;
}

/**
 * The statement whose value the cell shows: the last one, when it is an expression. Assignments are made for their
 * effect and show nothing.
 */
function valueStatement(script: estree.Program): { start: number; end: number } | null {
  const last = script.body.findLast(({ type }) => type !== "EmptyStatement");
  if (last?.type !== "ExpressionStatement") return null;
  switch (last.expression.type) {
    case "AssignmentExpression":
    case "UpdateExpression":
      return null;
    default:
      return last as unknown as { start: number; end: number };
  }
}

/** Its message depends on what other cells declare. */
class AssignmentProblem extends CompileProblem {
  readonly assigned: string;

  constructor(use: NameUse, message: string, fix: string) {
    super(message, use, fix);
    this.assigned = use.name;
  }
}

function checkAssignment(
  use: NameUse,
  imported: ReadonlyMap<string, CellImport>,
  ambientNames: ReadonlySet<string>,
  options: CompileOptions,
): void {
  const { name } = use;
  if (imported.has(name) || ambientNames.has(name)) {
    throw new CompileProblem(
      imported.has(name)
        ? `\`${name}\` is imported and cannot be assigned to.`
        : `\`${name}\` is given to this cell and cannot be assigned to.`,
      use,
      "Declare a name of your own: `let mine = …`.",
    );
  }
  const owner = options.standalone ? undefined : options.declaredElsewhere?.get(name);
  if (owner !== undefined) {
    throw new AssignmentProblem(
      use,
      `\`${name}\` is declared in cell ${owner}; another cell cannot assign to it.`,
      `Declare it here with \`let ${name} = …\`, or change the object in place (\`${name}.push(…)\`, \`${name}[0] = …\`).`,
    );
  }
  throw new AssignmentProblem(
    use,
    `\`${name}\` is assigned to but declared nowhere.`,
    `Write \`let ${name} = …\` (or \`const\`).`,
  );
}

// The imports and exports of a cell: which names it takes from which module, and what a cell may not do.
import type * as babel from "@babel/types";
import { CompileProblem } from "./problem.ts";
import { rangeOf } from "./strip.ts";

/** One imported name. `imported` is `"default"`, `"*"` for a namespace, or the name of the export. */
export interface CellImport {
  local: string;
  imported: string;
  from: string;
}

export function isDataFile(specifier: string): boolean {
  return specifier.startsWith("./") && /\.(?:json|csv)$/.test(specifier);
}

/** The imports of values; those of types are gone at run time. Throws at what a cell may not import or export. */
export function readModuleStatements(
  statements: readonly babel.Statement[],
  modules: readonly string[],
): CellImport[] {
  const imports: CellImport[] = [];
  for (const statement of statements) {
    switch (statement.type) {
      case "ImportDeclaration":
        imports.push(...readImport(statement, modules));
        break;
      case "ExportNamedDeclaration":
        checkExport(statement);
        break;
      case "ExportAllDeclaration":
        throw reExportProblem(statement);
      case "ExportDefaultDeclaration":
        throw new CompileProblem(
          "A cell has no default export.",
          rangeOf(statement),
          "Give it a name: `export const answer = …` or `export function answer() {…}`.",
        );
      default:
    }
  }
  return imports;
}

function readImport(statement: babel.ImportDeclaration, modules: readonly string[]): CellImport[] {
  const from = statement.source.value;
  const isData = isDataFile(from);
  if (!isData && !modules.includes(from)) throw unknownModuleProblem(statement.source, modules);
  if (statement.importKind === "type") return [];
  const imports: CellImport[] = [];
  for (const specifier of statement.specifiers) {
    const local = specifier.local.name;
    switch (specifier.type) {
      case "ImportNamespaceSpecifier":
        imports.push({ local, imported: isData ? "default" : "*", from });
        break;
      case "ImportDefaultSpecifier":
        imports.push({ local, imported: "default", from });
        break;
      case "ImportSpecifier": {
        if (specifier.importKind === "type") break;
        const { imported } = specifier;
        const name = imported.type === "Identifier" ? imported.name : imported.value;
        if (isData && name !== "default") {
          throw new CompileProblem(
            `A data file has no export \`${name}\`: it is one value.`,
            rangeOf(specifier),
            `Write \`import ${local} from "${from}"\`.`,
          );
        }
        imports.push({ local, imported: name, from });
        break;
      }
    }
  }
  return imports;
}

function unknownModuleProblem(source: babel.StringLiteral, modules: readonly string[]): CompileProblem {
  const allowed = modules.map((name) => `"${name}"`).join(", ");
  if (/^\.{0,2}\//.test(source.value)) {
    return new CompileProblem(
      `"${source.value}" cannot be imported: a file beside the lesson must be JSON or CSV.`,
      rangeOf(source),
      'Write `import table from "./table.json"`.',
    );
  }
  return new CompileProblem(
    `There is no module "${source.value}" here.`,
    rangeOf(source),
    `A cell may import ${allowed}, and data that lies beside the lesson ("./table.json", "./table.csv").`,
  );
}

function checkExport(statement: babel.ExportNamedDeclaration): void {
  if (statement.source) throw reExportProblem(statement);
  if (statement.exportKind === "type") return;
  for (const specifier of statement.specifiers) {
    if (specifier.type !== "ExportSpecifier") throw reExportProblem(statement);
    if (specifier.exportKind === "type") continue;
    const { exported } = specifier;
    const name = exported.type === "Identifier" ? exported.name : exported.value;
    if (name !== specifier.local.name) {
      throw new CompileProblem(
        `A cell cannot export \`${specifier.local.name}\` under another name.`,
        rangeOf(specifier),
        `Declare it with the name you want: \`const ${name} = ${specifier.local.name};\`.`,
      );
    }
  }
}

function reExportProblem(statement: babel.Statement): CompileProblem {
  return new CompileProblem(
    "A cell cannot export from another module.",
    rangeOf(statement),
    "Write `import` instead: the cells below see what a cell imports.",
  );
}

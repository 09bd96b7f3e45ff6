// A cell as a TypeScript module: its own text first, so that every place in it stays what it is, and after it the imports of
// the names it takes from the cells above and the export of all names that it gives to those below.
import ts from "typescript-js";

/** The names at the top level of a module. */
export interface ModuleNames {
  /** Declared or imported, values and types alike. */
  all: string[];
  /** Those of them that are exported already. */
  exported: ReadonlySet<string>;
}

export function namesOf(source: string): ModuleNames {
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2023, false, ts.ScriptKind.TS);
  const all = new Set<string>();
  const exported = new Set<string>();
  for (const statement of file.statements) {
    const names = namesOfStatement(statement);
    for (const name of names) all.add(name);
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
    if (modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true)
      for (const name of names) exported.add(name);
    if (ts.isExportDeclaration(statement) && statement.exportClause !== undefined)
      if (ts.isNamedExports(statement.exportClause))
        for (const { name } of statement.exportClause.elements) exported.add(name.text);
  }
  return { all: [...all], exported };
}

function namesOfStatement(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => namesOfBinding(name));
  if (
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement)
  )
    return statement.name === undefined ? [] : [statement.name.text];
  if (ts.isImportDeclaration(statement)) {
    const clause = statement.importClause;
    const bindings = clause?.namedBindings;
    return [
      ...(clause?.name === undefined ? [] : [clause.name.text]),
      ...(bindings === undefined
        ? []
        : ts.isNamespaceImport(bindings)
          ? [bindings.name.text]
          : bindings.elements.map(({ name }) => name.text)),
    ];
  }
  return [];
}

function namesOfBinding(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) =>
    ts.isOmittedExpression(element) ? [] : namesOfBinding(element.name),
  );
}

/**
 * @param above which module gives each name that the cells above declare or import: the nearest one. All of them are imported,
 * so that TypeScript can suggest one for a misspelt name.
 * @returns the module's text, which begins with `source`
 */
export function moduleText(source: string, names: ModuleNames, above: ReadonlyMap<string, string>): string {
  const own = new Set(names.all);
  const wanted = new Map<string, string[]>();
  for (const [name, module] of above)
    if (!own.has(name)) wanted.set(module, [...(wanted.get(module) ?? []), name]);
  const imports = [...wanted].map(([module, words]) => `import { ${words.join(", ")} } from "${module}";`);
  const given = names.all.filter((name) => !names.exported.has(name));
  return [source, ";", ...imports, `export { ${given.join(", ")} };`].join("\n");
}

/** The words of a source that may be names. */
export function wordsOf(source: string): Set<string> {
  return new Set([...source.matchAll(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu)].map(([word]) => word));
}

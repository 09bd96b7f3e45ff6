// Reads the engine's public face with the TypeScript compiler: every exported name, its signatures and its docstring.
// Nothing is listed by hand: what `index.ts` exports is what the reference has.
import { dirname, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript-js";
import type { Docstring, Entry, EntryKind, Namespace, SourcePlace } from "./model.ts";
import { SignatureReader } from "./signatures.ts";

/** The longest code that a page shows, in lines. */
const longestCode = 90;

export const engineFace = fileURLToPath(new URL("../../engine/index.ts", import.meta.url));

/**
 * The namespaces of a module, the top level first.
 *
 * @param face the module whose exports are public, absolute
 * @param root what file names are to be relative to
 */
export function readNamespaces(face: string, root: string): Namespace[] {
  const program = ts.createProgram([face], {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    strict: true,
    exactOptionalPropertyTypes: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    types: [],
  });
  const file = program.getSourceFile(face);
  const module = file === undefined ? undefined : program.getTypeChecker().getSymbolAtLocation(file);
  if (module === undefined) throw new Error(`${face} is no module.`);
  return new Reader(program.getTypeChecker(), dirname(face), root).read(module);
}

interface Exports {
  prefix: string;
  file: string;
  symbols: [string, ts.Symbol][];
}

class Reader {
  readonly #checker: ts.TypeChecker;
  readonly #folder: string;
  readonly #root: string;
  readonly #signatures: SignatureReader;
  /** The path under which a symbol was exported first. */
  readonly #paths = new Map<ts.Symbol, string>();
  readonly #divisions = new Map<ts.SourceFile, { line: number; words: string }[]>();

  constructor(checker: ts.TypeChecker, folder: string, root: string) {
    this.#checker = checker;
    this.#folder = folder;
    this.#root = root;
    this.#signatures = new SignatureReader(checker, (declaration) => this.#isOurs(declaration));
  }

  read(module: ts.Symbol): Namespace[] {
    const namespaces = this.#exportsOf(module, "");
    for (const { prefix, symbols } of namespaces)
      for (const [name, symbol] of symbols)
        if (!this.#paths.has(symbol)) this.#paths.set(symbol, prefix + name);
    return namespaces.map(({ prefix, file, symbols }) => ({
      prefix: prefix.slice(0, -1),
      file,
      entries: symbols.flatMap(([name, symbol]) => this.#entry(prefix + name, symbol) ?? []),
    }));
  }

  #exportsOf(module: ts.Symbol, prefix: string): Exports[] {
    const symbols: [string, ts.Symbol][] = [];
    const inner: Exports[] = [];
    const file = module.valueDeclaration?.getSourceFile().fileName ?? this.#folder;
    for (const exported of this.#checker.getExportsOfModule(module)) {
      const symbol = this.#resolved(exported);
      if ((symbol.flags & ts.SymbolFlags.ValueModule) !== 0)
        inner.push(...this.#exportsOf(symbol, `${prefix}${exported.name}.`));
      else symbols.push([exported.name, symbol]);
    }
    return [{ prefix, file: this.#nameOf(file), symbols }, ...inner];
  }

  #nameOf(file: string): string {
    return relative(this.#root, file).split(sep).join("/");
  }

  #resolved(symbol: ts.Symbol): ts.Symbol {
    return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : this.#checker.getAliasedSymbol(symbol);
  }

  #isOurs(declaration: ts.Node): boolean {
    return declaration.getSourceFile().fileName.startsWith(this.#folder);
  }

  #entry(path: string, symbol: ts.Symbol): Entry | null {
    const declaration = symbol.valueDeclaration ?? symbol.declarations?.[0];
    if (declaration === undefined) return null;
    const frame = {
      path,
      aliases: [],
      isStatic: false,
      doc: this.#docOf(symbol),
      further: null,
      fields: [],
      members: [],
      base: null,
      source: this.#placeOf(declaration, true),
    };
    if (ts.isClassDeclaration(declaration)) return this.#classEntry(path, declaration, frame);
    if (ts.isFunctionDeclaration(declaration))
      return { ...frame, kind: "function", signatures: this.#signatures.ofFunctions(path, symbol) };
    if (ts.isVariableDeclaration(declaration)) {
      const { initializer } = declaration;
      const isFunction = initializer !== undefined && ts.isArrowFunction(initializer);
      const signatures = isFunction
        ? [this.#signatures.ofCall(path, initializer)]
        : [this.#signatures.ofValue(path, declaration)];
      return { ...frame, kind: isFunction ? "function" : "value", signatures };
    }
    if (ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration))
      return {
        ...frame,
        kind: "type",
        source: { ...frame.source, code: null },
        signatures: [this.#signatures.ofType(path, declaration)],
        fields: this.#signatures.fieldsOf(this.#checker.getTypeAtLocation(declaration.name)),
      };
    return null;
  }

  #classEntry(
    path: string,
    declaration: ts.ClassDeclaration,
    frame: Omit<Entry, "kind" | "signatures">,
  ): Entry {
    const ancestors = this.#ancestorsOf(declaration);
    const nearest = ancestors.findIndex((one) => one.path !== null);
    // What a class has from one that is not public is told as its own.
    const hidden = nearest === -1 ? ancestors : ancestors.slice(0, nearest);
    const constructors =
      [declaration, ...ancestors.map((one) => one.declaration)]
        .map((one) => one.members.filter(ts.isConstructorDeclaration))
        .find((found) => found.length > 0) ?? [];
    const cannotBeMade =
      hasModifier(declaration, ts.SyntaxKind.AbstractKeyword) ||
      constructors.some((one) => isPrivate(one) || this.#needsHidden(one));
    const members = [declaration, ...hidden.map((one) => one.declaration)].flatMap((one) =>
      this.#membersOf(path, one),
    );
    const paths = members.map((member) => member.path);
    return {
      ...frame,
      kind: "class",
      doc: { text: frame.doc.text, tags: [...frame.doc.tags, ...constructors.slice(0, 1).flatMap(tagsOf)] },
      signatures: cannotBeMade
        ? [this.#signatures.ofClass(path, declaration)]
        : this.#signatures.ofConstructors(path, constructors),
      base: ancestors[nearest]?.path ?? null,
      members: members.filter((member, index) => paths.indexOf(member.path) === index),
    };
  }

  /** Does it take something that only the engine can make? */
  #needsHidden({ parameters }: ts.ConstructorDeclaration): boolean {
    return parameters.some((parameter) => {
      const symbol = this.#checker.getTypeAtLocation(parameter).getSymbol();
      const declaration = symbol?.valueDeclaration;
      if (symbol === undefined || declaration === undefined || !this.#isOurs(declaration)) return false;
      return ts.isClassDeclaration(declaration) && !this.#paths.has(symbol);
    });
  }

  /** The classes above a class, nearest first, with the path of each that is public. */
  #ancestorsOf(
    declaration: ts.ClassDeclaration,
  ): { declaration: ts.ClassDeclaration; path: string | null }[] {
    const named = declaration.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)
      ?.types[0]?.expression;
    const found = named === undefined ? undefined : this.#checker.getSymbolAtLocation(named);
    if (found === undefined) return [];
    const symbol = this.#resolved(found);
    const above = symbol.valueDeclaration;
    if (above === undefined || !ts.isClassDeclaration(above) || !this.#isOurs(above)) return [];
    return [{ declaration: above, path: this.#paths.get(symbol) ?? null }, ...this.#ancestorsOf(above)];
  }

  #membersOf(path: string, declaration: ts.ClassDeclaration): Entry[] {
    const entries: Entry[] = [];
    const known = new Set<string>();
    for (const member of declaration.members) {
      const { name } = member;
      if (name === undefined || ts.isPrivateIdentifier(name) || isPrivate(member)) continue;
      const symbol = this.#checker.getSymbolAtLocation(name);
      if (symbol === undefined || ts.isConstructorDeclaration(member)) continue;
      const isStatic = hasModifier(member, ts.SyntaxKind.StaticKeyword);
      const text = ts.isComputedPropertyName(name) ? name.getText() : symbol.name;
      const key = `${isStatic} ${text}`;
      if (known.has(key)) continue;
      known.add(key);
      const isSilent = !symbol.declarations?.some((one) => ts.getJSDocCommentsAndTags(one).length > 0);
      // Without words of its own, an override is what the class above already tells, and `[Symbol.iterator]` what all
      // collections have.
      const isExpected =
        hasModifier(member, ts.SyntaxKind.OverrideKeyword) || ts.isComputedPropertyName(name);
      if (isSilent && isExpected) continue;
      const doc = this.#docOf(symbol);
      if (isInternal(doc)) continue;
      const memberPath = ts.isComputedPropertyName(name) ? `${path}${text}` : `${path}.${text}`;
      // What is called on an object is known by its own name.
      const written = isStatic ? memberPath : text;
      const isMethod = ts.isMethodDeclaration(member);
      const kind: EntryKind = isMethod ? "method" : "property";
      entries.push({
        path: memberPath,
        aliases: [],
        kind,
        isStatic,
        signatures: isMethod
          ? this.#signatures.ofMethods(written, symbol)
          : [this.#signatures.ofValue(written, member)],
        doc,
        further: isMethod ? this.#forwardedDoc(member, doc) : null,
        fields: [],
        members: [],
        base: null,
        source: this.#placeOf(member, false),
      });
    }
    return entries;
  }

  /** A method that only calls an operation (`return matrix.matmul(this, other)`) has its formulas there. */
  #forwardedDoc(member: ts.MethodDeclaration, own: Docstring): Docstring | null {
    const last = member.body?.statements.at(-1);
    if (last === undefined || !ts.isReturnStatement(last) || last.expression === undefined) return null;
    const call = last.expression;
    if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return null;
    if (!ts.isIdentifier(call.expression.expression)) return null;
    const found = this.#checker.getSymbolAtLocation(call.expression.name);
    const symbol = found === undefined ? undefined : this.#resolved(found);
    const target = symbol?.valueDeclaration;
    if (symbol === undefined || target === undefined || !ts.isFunctionDeclaration(target)) return null;
    // Where the operation is called something else, the method is only a case of it.
    if (member.name.getText() !== call.expression.name.text) return null;
    const doc = this.#docOf(symbol);
    const isSame = doc.text === "" || plain(own.text).includes(plain(doc.text));
    return isSame || isInternal(doc) ? null : doc;
  }

  #docOf(symbol: ts.Symbol): Docstring {
    return {
      text: ts.displayPartsToString(symbol.getDocumentationComment(this.#checker)).trim(),
      tags: symbol.getJsDocTags(this.#checker).map(({ name, text }) => ({
        name,
        text: ts.displayPartsToString(text).trim(),
      })),
    };
  }

  #placeOf(declaration: ts.Node, withCode: boolean): SourcePlace {
    const file = declaration.getSourceFile();
    const start = declaration.getStart(file);
    const line = file.getLineAndCharacterOfPosition(start).line + 1;
    const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
    const code = node.getText(file);
    const isShort = code.split("\n").length <= longestCode;
    return {
      file: this.#nameOf(file.fileName),
      line,
      code: withCode && isShort ? code : null,
      division: this.#divisionsOf(file).findLast((division) => division.line < line)?.words ?? null,
    };
  }

  /** Comments such as `// ------ arithmetic (ops/elementwise.ts)`, which divide long files. */
  #divisionsOf(file: ts.SourceFile): { line: number; words: string }[] {
    const known = this.#divisions.get(file);
    if (known !== undefined) return known;
    const found = file.text.split("\n").flatMap((text, index) => {
      const words = /^\s*\/\/ -{8,} (.+)$/.exec(text)?.[1];
      return words === undefined
        ? []
        : [{ line: index + 1, words: words.replace(/[ :(].*\.ts\)$/, "").trim() }];
    });
    this.#divisions.set(file, found);
    return found;
  }
}

function isPrivate(node: ts.ClassElement): boolean {
  return hasModifier(node, ts.SyntaxKind.PrivateKeyword) || hasModifier(node, ts.SyntaxKind.ProtectedKeyword);
}

function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((one) => one.kind === kind) ?? false);
}

/** The tags of a docstring that the compiler gives with no symbol: a constructor's. */
function tagsOf(declaration: ts.ConstructorDeclaration): Docstring["tags"] {
  return ts.getJSDocTags(declaration).map((tag) => {
    const text = ts.getTextOfJSDocComment(tag.comment) ?? "";
    const name = ts.isJSDocParameterTag(tag) ? `${tag.name.getText()} ` : "";
    return { name: tag.tagName.text, text: (name + text).trim() };
  });
}

/** Public for the rest of the engine only. */
function isInternal({ text, tags }: Docstring): boolean {
  return (
    /\bfor the (engine|backward pass) only\b/i.test(text) || tags.some(({ name }) => name === "internal")
  );
}

function plain(text: string): string {
  return text.replaceAll(/\s+/g, " ").replace(/\.$/, "").toLowerCase();
}

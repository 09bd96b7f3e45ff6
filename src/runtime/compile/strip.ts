// Blanks out TypeScript's types in place: what is left is JavaScript with every line and column where it was.
//
// Two dangers come with blanking, and both are met here. A statement that loses its end, or disappears, may join
// the line below it (`a as T` above `(b)`), so a `;` is written into the blanked space. And a type that spans lines
// may leave a line end where the grammar allows none (before `=>`, after `return`), so a parenthesis moves along.
import type * as babel from "@babel/types";
import { CompileProblem, type Range } from "./problem.ts";
import type { SourceEdit } from "./source-edit.ts";
import type { Tokens } from "./tokens.ts";

type Node = babel.Node;

/** Blanks every type below `node`; names that stand in them are added to `typeNames`. */
export function stripTypes(node: Node, edit: SourceEdit, tokens: Tokens, typeNames: Set<string>): void {
  new Stripper(edit, tokens, typeNames).visit(node);
}

export function rangeOf(node: Node): Range {
  return { start: node.start ?? 0, end: node.end ?? 0 };
}

const NOT_CHILDREN = new Set([
  "loc",
  "extra",
  "errors",
  "tokens",
  "comments",
  "leadingComments",
  "innerComments",
  "trailingComments",
]);

/** The nodes directly below a node, in the order of the syntax tree's fields. */
function* childrenOf(node: Node): Generator<Node> {
  for (const [key, value] of Object.entries(node)) {
    if (NOT_CHILDREN.has(key) || typeof value !== "object" || value === null) continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === "object" && child !== null && "type" in child) yield child as Node;
    }
  }
}

/** Nodes that are a type, or belong to one, wherever they stand. */
function isType(node: Node): boolean {
  switch (node.type) {
    case "TSTypeAnnotation":
    case "TSTypeParameterDeclaration":
    case "TSTypeParameterInstantiation":
    case "TSExpressionWithTypeArguments":
      return true;
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "TSInstantiationExpression":
    case "TSTypeAssertion":
    case "TSParameterProperty":
      return false;
    default:
      // What is left is either a type (`TSStringKeyword`) or a declaration, which `stripWhole` sees to.
      return node.type.startsWith("TS") && !isTypeDeclaration(node) && !UNERASABLE.has(node.type);
  }
}

const UNERASABLE = new Set<string>([
  "TSEnumDeclaration",
  "TSModuleDeclaration",
  "TSImportEqualsDeclaration",
  "TSExportAssignment",
  "TSNamespaceExportDeclaration",
]);

/** Declarations and class members that are gone at run time. */
function isTypeDeclaration(node: Node): boolean {
  switch (node.type) {
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration":
    case "TSDeclareFunction":
    case "TSDeclareMethod":
    case "TSIndexSignature":
      return true;
    case "VariableDeclaration":
    case "ClassDeclaration":
    case "TSEnumDeclaration":
    case "TSModuleDeclaration":
      return node.declare === true;
    case "ClassProperty":
      return node.declare === true || node.abstract === true;
    default:
      return false;
  }
}

const MODIFIERS = new Set(["public", "private", "protected", "readonly", "override", "abstract", "declare"]);

class Stripper {
  readonly #edit: SourceEdit;
  readonly #tokens: Tokens;
  readonly #typeNames: Set<string>;

  constructor(edit: SourceEdit, tokens: Tokens, typeNames: Set<string>) {
    this.#edit = edit;
    this.#tokens = tokens;
    this.#typeNames = typeNames;
  }

  visit(node: Node, parent: Node | null = null): void {
    if (this.#stripWhole(node)) return;
    for (const child of childrenOf(node)) {
      if (isType(child)) this.#blankTypes(rangeOf(child).start, rangeOf(child).end);
    }
    this.#stripParts(node);
    for (const child of childrenOf(node)) if (!isType(child)) this.visit(child, node);
    this.#closeStatement(node, parent);
  }

  /** Statements and class members that are types through and through; also those that cannot be erased. */
  #stripWhole(node: Node): boolean {
    if (isTypeDeclaration(node)) {
      this.#blankStatement(node);
      return true;
    }
    switch (node.type) {
      case "TSEnumDeclaration":
        throw enumProblem(node);
      case "TSModuleDeclaration":
        throw namespaceProblem(node);
      case "TSParameterProperty":
        throw parameterPropertyProblem(node);
      case "ImportDeclaration":
        this.#edit.blank(rangeOf(node).start, rangeOf(node).end);
        this.#edit.put(rangeOf(node).start, ";");
        return true;
      case "ExportNamedDeclaration":
        if (node.declaration && !isTypeDeclaration(node.declaration)) return false;
        this.#blankStatement(node);
        return true;
      case "TSImportEqualsDeclaration":
        throw new CompileProblem(
          "`import … =` is not supported in cells.",
          rangeOf(node),
          'Write `import { name } from "descent"`.',
        );
      case "TSExportAssignment":
        throw new CompileProblem(
          "`export =` is not supported in cells.",
          rangeOf(node),
          "Declare the value with a name: `const name = …`.",
        );
      case "TSNamespaceExportDeclaration":
        throw new CompileProblem(
          "`export as namespace` is not supported in cells.",
          rangeOf(node),
          "Remove it.",
        );
      case "TSTypeAssertion":
        throw new CompileProblem(
          "A type in front of a value, `<T>value`, is not supported in cells.",
          rangeOf(node),
          "Write `value as T`.",
        );
      default:
        return false;
    }
  }

  /** What belongs to the types in a node that stays. */
  #stripParts(node: Node): void {
    switch (node.type) {
      case "ExportNamedDeclaration":
        if (node.declaration) this.#edit.blank(rangeOf(node).start, rangeOf(node.declaration).start);
        break;
      case "Identifier":
        if (node.optional) this.#blankMark(this.#tokens.from(rangeOf(node).start).end, "?");
        break;
      case "VariableDeclarator":
        if (node.definite) this.#blankMark(this.#tokens.from(rangeOf(node.id).start).end, "!");
        break;
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSNonNullExpression":
        this.#blankTypes(rangeOf(node.expression).end, rangeOf(node).end);
        break;
      case "ClassDeclaration":
      case "ClassExpression":
        this.#stripClass(node);
        break;
      case "ClassProperty":
      case "ClassPrivateProperty":
      case "ClassMethod":
      case "ClassPrivateMethod":
        this.#stripMember(node);
        break;
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ObjectMethod":
        this.#stripThisParameter(node.params);
        break;
      case "ArrowFunctionExpression":
        this.#stripArrow(node);
        break;
      default:
    }
  }

  #stripClass(node: babel.ClassDeclaration | babel.ClassExpression): void {
    const { start } = rangeOf(node);
    const first = this.#tokens.from(start);
    if (first.text === "abstract") this.#edit.blank(first.start, first.end);
    const implemented = node.implements?.[0];
    if (implemented) {
      const keyword = this.#tokens.before(rangeOf(implemented).start);
      this.#blankTypes(keyword.start, rangeOf(node.body).start);
    }
  }

  #stripMember(
    node: babel.ClassProperty | babel.ClassPrivateProperty | babel.ClassMethod | babel.ClassPrivateMethod,
  ): void {
    const { start } = rangeOf(node);
    const key = rangeOf(node.key);
    for (const token of this.#tokens.within(start, key.start)) {
      if (!MODIFIERS.has(token.text)) continue;
      this.#edit.blank(token.start, token.end);
      // The member above may end without a semicolon and run on into `[` or `*`.
      if (token.start === start) this.#edit.put(start, ";");
    }
    const computed = "computed" in node && node.computed;
    const afterKey = computed ? this.#tokens.from(key.end).end : key.end;
    if ("optional" in node && node.optional) this.#blankMark(afterKey, "?");
    if ("definite" in node && node.definite) this.#blankMark(afterKey, "!");
    if ("params" in node) this.#stripThisParameter(node.params);
  }

  #stripArrow(node: babel.ArrowFunctionExpression): void {
    if (node.typeParameters) {
      const types = rangeOf(node.typeParameters);
      if (this.#edit.hasLineEnd(types.start, types.end)) {
        const open = this.#tokens.from(types.end);
        this.#blankTypes(types.start, types.end);
        this.#edit.blank(open.start, open.end);
        this.#edit.put(types.start, "(");
      }
    }
    if (node.returnType) {
      const types = rangeOf(node.returnType);
      if (this.#edit.hasLineEnd(types.start, types.end)) {
        const close = this.#tokens.before(types.start);
        this.#blankTypes(types.start, types.end);
        this.#edit.blank(close.start, close.end);
        this.#edit.put(types.end - 1, ")");
      }
    }
  }

  /** `this: T` as the first parameter is for the type checker only; its comma goes with it. */
  #stripThisParameter(parameters: readonly Node[]): void {
    const [first, second] = parameters;
    if (first?.type !== "Identifier" || first.name !== "this") return;
    const { start, end } = rangeOf(first);
    const next = this.#tokens.from(end);
    this.#blankTypes(start, second ? rangeOf(second).start : next.text === "," ? next.end : end);
  }

  /** A statement whose end was a type needs a semicolon of its own, or the next line may continue it. */
  #closeStatement(node: Node, parent: Node | null): void {
    switch (node.type) {
      case "VariableDeclaration":
        if (parent?.type === "ForStatement" && parent.init === node) return;
        if ((parent?.type === "ForInStatement" || parent?.type === "ForOfStatement") && parent.left === node)
          return;
        break;
      case "ExpressionStatement":
      case "ReturnStatement":
      case "ThrowStatement":
      case "ClassProperty":
      case "ClassPrivateProperty":
        break;
      default:
        return;
    }
    const last = rangeOf(node).end - 1;
    if (this.#edit.isBlank(last)) this.#edit.put(last, ";");
  }

  #blankStatement(node: Node): void {
    const { start, end } = rangeOf(node);
    this.#blankTypes(start, end);
    this.#edit.put(start, ";");
  }

  /** Blanks a `?` or `!`, the next token from `offset`. */
  #blankMark(offset: number, mark: "?" | "!"): void {
    const token = this.#tokens.from(offset);
    if (token.text === mark) this.#edit.blank(token.start, token.end);
  }

  #blankTypes(start: number, end: number): void {
    for (const token of this.#tokens.within(start, end)) if (token.isWord) this.#typeNames.add(token.text);
    this.#edit.blank(start, end);
  }
}

function enumProblem(node: babel.TSEnumDeclaration): CompileProblem {
  const name = node.id.name;
  const members = node.members ?? node.body?.members ?? [];
  const keys = members.map(({ id }) => (id.type === "Identifier" ? id.name : id.value)).slice(0, 2);
  const entries = keys
    .map((key) => `${/^[\w$]+$/.test(key) ? key : JSON.stringify(key)}: "${key}"`)
    .join(", ");
  return new CompileProblem(
    "`enum` is not supported in cells.",
    rangeOf(node),
    `Write an object: \`const ${name} = { ${entries}${members.length > 2 ? ", …" : ""} } as const;\``,
  );
}

function namespaceProblem(node: babel.TSModuleDeclaration): CompileProblem {
  return new CompileProblem(
    "`namespace` is not supported in cells.",
    rangeOf(node),
    "Write an object, `const shapes = { area() {…} };`, or declare the names at the top level.",
  );
}

function parameterPropertyProblem(node: babel.TSParameterProperty): CompileProblem {
  const parameter = node.parameter.type === "AssignmentPattern" ? node.parameter.left : node.parameter;
  const name = parameter.type === "Identifier" ? parameter.name : "name";
  return new CompileProblem(
    `A constructor's parameter cannot declare the property \`${name}\` in cells.`,
    rangeOf(node),
    `Declare \`${name}\` in the class and write \`this.${name} = ${name};\` in the constructor.`,
  );
}

// Which of the engine's names stands at a place of a cell's code, and which could be written there. A look at the syntax tree, no
// type inference: it follows imports, `new` and calls inside the cell, and takes what it does not know for a tensor.
import type { syntaxTree } from "@codemirror/language";
import { type EngineName, lastOf, type NameIndex } from "./engine-names.ts";

type Tree = ReturnType<typeof syntaxTree>;
type Node = Tree["topNode"];

/** What an expression is, as far as a look can tell. */
type Meaning =
  | { is: "path"; path: string }
  | { is: "object"; of: string }
  /** Nothing of the engine: an array, a text, `Math`. */
  | { is: "foreign" }
  | { is: "unknown" };

const foreign: Meaning = { is: "foreign" };
const unknown: Meaning = { is: "unknown" };

/** Names of the language that are no tensors. */
const ofLanguage =
  /^(?:Math|JSON|Object|Array|Number|String|Boolean|BigInt|Symbol|Promise|Map|Set|WeakMap|WeakSet|Date|RegExp|Error|Reflect|Proxy|Intl|Atomics|\w+Array|console|globalThis|performance|crypto)$/;

export interface NamePlace {
  from: number;
  to: number;
  /** More than one where several classes have a member of this name. */
  names: EngineName[];
}

/** The name at a place; `null` where there is none of the engine's. */
export function nameAt(tree: Tree, code: string, at: number, index: NameIndex): NamePlace | null {
  for (const side of [1, -1] as const) {
    const node = tree.resolveInner(at, side);
    if (!isName(node)) continue;
    const names = new CodeReader(tree, code, index).namesOf(node);
    if (names.length > 0) return { from: node.from, to: node.to, names };
  }
  return null;
}

export interface Offer {
  /** Where the word begins that an offered name replaces. */
  from: number;
  names: readonly EngineName[];
}

/** What could be written at a place; `null` where the engine has nothing to offer. */
export function offerAt(tree: Tree, code: string, at: number, index: NameIndex): Offer | null {
  const word = /[\w$]*$/.exec(code.slice(0, at))?.[0] ?? "";
  const from = at - word.length;
  const before = tree.resolveInner(at, -1);
  if (/^(?:String|TemplateString|RegExp|LineComment|BlockComment|Number)$/.test(before.name)) return null;
  const reader = new CodeReader(tree, code, index);
  const group = ancestor(before, "ImportGroup");
  if (group !== null) return reader.isOfEngine(group.parent) ? { from, names: index.namesIn("") } : null;
  if (!/\?*\.$/.test(code.slice(0, from).trimEnd())) return null;
  const member = ancestor(tree.resolveInner(from, -1), "MemberExpression");
  const object = member?.firstChild ?? null;
  if (object === null || object.to > from) return null;
  const names = reader.offered(object);
  return names.length === 0 ? null : { from, names };
}

class CodeReader {
  readonly #code: string;
  readonly #index: NameIndex;
  /** What the cell's own names mean; a cell is short, so one list for all of it. */
  readonly #own = new Map<string, Node | string | null>();
  /** Names being followed: `const a = a;` must end. */
  readonly #following = new Set<string>();

  constructor(tree: Tree, code: string, index: NameIndex) {
    this.#code = code;
    this.#index = index;
    tree.iterate({
      enter: ({ name, node }) => {
        if (name === "VariableDefinition") this.#own.set(this.#text(node), this.#definition(node));
      },
    });
  }

  /** Does an import declaration name the engine, or nothing yet? */
  isOfEngine(declaration: Node | null): boolean {
    if (declaration?.name !== "ImportDeclaration") return false;
    const source = declaration.getChild("String");
    return source === null || /^["']descent["']?$/.test(this.#text(source));
  }

  namesOf(node: Node): EngineName[] {
    if (node.parent?.name === "ImportGroup" || node.parent?.parent?.name === "ImportGroup")
      return this.#imported(node);
    if (node.name === "PropertyName") {
      if (node.parent?.name !== "MemberExpression" || node.parent.firstChild === null) return [];
      return this.#property(this.#meaning(node.parent.firstChild), this.#text(node));
    }
    const meaning = this.#named(this.#text(node));
    const name = meaning.is === "path" ? this.#index.find(meaning.path) : null;
    return name === null ? [] : [name];
  }

  offered(object: Node): readonly EngineName[] {
    const meaning = this.#meaning(object);
    switch (meaning.is) {
      case "path":
        return this.#index.find(meaning.path)?.[1] === "c"
          ? this.#index.staticsOf(meaning.path)
          : this.#index.namesIn(meaning.path);
      case "object":
        return this.#index.membersOf(meaning.of);
      case "foreign":
        return [];
      case "unknown":
        return this.#index.membersOf("Tensor");
    }
  }

  #imported(node: Node): EngineName[] {
    const declaration = ancestor(node, "ImportDeclaration");
    if (declaration === null || !this.isOfEngine(declaration)) return [];
    const { path } = this.#importOf(node);
    const name = this.#index.find(path);
    return name === null ? [] : [name];
  }

  #property(object: Meaning, property: string): EngineName[] {
    switch (object.is) {
      case "path": {
        const name = this.#index.find(join(object.path, property));
        return name === null ? [] : [name];
      }
      case "object":
        return this.#index.membersOf(object.of).filter(([path]) => lastOf(path) === property);
      case "foreign":
        return [];
      case "unknown":
        return this.#index.membersNamed(property);
    }
  }

  #meaning(node: Node): Meaning {
    switch (node.name) {
      case "VariableName":
        return this.#named(this.#text(node));
      case "ParenthesizedExpression":
        return node.firstChild?.nextSibling ? this.#meaning(node.firstChild.nextSibling) : unknown;
      case "PostfixExpression":
        return node.firstChild === null ? unknown : this.#meaning(node.firstChild);
      case "MemberExpression":
        return this.#member(node);
      case "NewExpression": {
        const made = node.getChild("new")?.nextSibling;
        const meaning = made ? this.#meaning(made) : unknown;
        return meaning.is === "path" ? { is: "object", of: meaning.path } : meaning;
      }
      case "CallExpression":
        return this.#result(node);
      case "ArrayExpression":
      case "ObjectExpression":
      case "String":
      case "TemplateString":
      case "Number":
      case "RegExp":
      case "BooleanLiteral":
      case "ArrowFunction":
      case "FunctionExpression":
        return foreign;
      default:
        return unknown;
    }
  }

  #named(name: string): Meaning {
    const own = this.#own.get(name);
    if (own === undefined) {
      if (ofLanguage.test(name)) return foreign;
      // A name that the cell does not make comes from a cell above: most likely the engine's of that name.
      return this.#index.find(name) === null ? unknown : { is: "path", path: name };
    }
    if (own === null || this.#following.has(name)) return unknown;
    if (typeof own === "string") return { is: "path", path: own };
    this.#following.add(name);
    const meaning = this.#meaning(own);
    this.#following.delete(name);
    return meaning;
  }

  #member(node: Node): Meaning {
    const object = node.firstChild === null ? unknown : this.#meaning(node.firstChild);
    const last = node.lastChild;
    if (last?.name !== "PropertyName") return unknown;
    const property = this.#text(last);
    if (object.is === "path") {
      const path = join(object.path, property);
      return this.#index.find(path) === null ? unknown : { is: "path", path };
    }
    if (object.is !== "object") return object;
    const [member] = this.#property(object, property);
    return member?.[1] === "p" ? this.#ofType(typeOf(member), object.of) : unknown;
  }

  /** What a call gives, by the return type of what is called. */
  #result(node: Node): Meaning {
    const called = node.firstChild;
    if (called === null) return unknown;
    if (called.name !== "MemberExpression") {
      const meaning = this.#meaning(called);
      const name = meaning.is === "path" ? this.#index.find(meaning.path) : null;
      return name === null ? meaning : this.#ofType(typeOf(name), "Tensor");
    }
    const object = called.firstChild === null ? unknown : this.#meaning(called.firstChild);
    const property = called.lastChild === null ? "" : this.#text(called.lastChild);
    const [found] = this.#property(object, property);
    if (found === undefined) return object.is === "foreign" ? foreign : unknown;
    return this.#ofType(typeOf(found), object.is === "object" ? object.of : "Tensor");
  }

  #ofType(type: string, self: string): Meaning {
    if (type === "this") return { is: "object", of: self };
    const name = type.replace(/ \| (?:null|undefined)$/, "");
    const of = /^\w+$/.test(name) ? this.#index.classNamed(name) : null;
    if (of !== null) return { is: "object", of };
    return /^(?:number|string|boolean|void|\w*Array\b.*|.*\[\])$/.test(name) ? foreign : unknown;
  }

  /** What a definition stands for: an expression to look at, a path of the engine, or `null` for what cannot be known. */
  #definition(node: Node): Node | string | null {
    const declaration = ancestor(node, "ImportDeclaration");
    if (declaration !== null) return this.isOfEngine(declaration) ? this.#importOf(node).path : null;
    const pattern = node.parent?.name === "PatternProperty" ? node.parent : null;
    const defined = pattern === null ? node : (pattern.parent ?? node);
    if (defined.parent?.name !== "VariableDeclaration") return null;
    let value = defined.nextSibling;
    while (value !== null && value.name !== "Equals" && value.name !== ",") value = value.nextSibling;
    const expression = value?.name === "Equals" ? value.nextSibling : null;
    if (expression === null || pattern === null) return expression;
    const object = this.#meaning(expression);
    const property = this.#text(pattern.firstChild ?? node);
    return object.is === "path" ? join(object.path, property) : null;
  }

  /** What an imported name is called in the engine: `tensor` for `t` in `import { tensor as t }`. */
  #importOf(node: Node): { path: string } {
    if (node.prevSibling?.name !== "as") return { path: this.#text(node) };
    const original = node.prevSibling.prevSibling;
    return { path: original === null || original.name === "Star" ? "" : this.#text(original) };
  }

  #text({ from, to }: Node): string {
    return this.#code.slice(from, to);
  }
}

function isName({ name }: Node): boolean {
  return /^(?:VariableName|VariableDefinition|PropertyName|TypeName)$/.test(name);
}

function ancestor(node: Node, name: string): Node | null {
  for (let current: Node | null = node; current !== null; current = current.parent)
    if (current.name === name) return current;
  return null;
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** The type that a signature ends with: of a property, or of what a call gives. */
function typeOf([, , signature]: EngineName): string {
  const [first = ""] = signature.split("\n");
  return /(?:\)|^[\w.]+): ([^()]*)$/.exec(first)?.[1] ?? "";
}

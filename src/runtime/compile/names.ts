// Which names a cell declares, which it reads from outside and which it assigns to. Works on plain JavaScript
// (ESTree), after the types are gone; scopes as in strict mode.
import type * as estree from "estree";

export interface NameUse {
  name: string;
  start: number;
  end: number;
}

export interface NameAnalysis {
  /** Declared at the top level, in order. */
  declares: string[];
  /** Used but not declared in the cell; the first use of each name. */
  free: NameUse[];
  /** Assignments to names that the cell does not declare. */
  freeAssignments: NameUse[];
  /**
   * Names from outside whose objects the cell may change in place: it assigns to a member, calls a method, or hands
   * the object to a function.
   */
  mayChange: string[];
}

export function analyseNames(program: estree.Program): NameAnalysis {
  const root = new Scope(null, true);
  const walk = new Walk();
  walk.all(program.body, root);
  const free = new Map<string, NameUse>();
  const freeAssignments: NameUse[] = [];
  const mayChange = new Set<string>();
  for (const { name, scope } of walk.touched) if (!scope.declares(name)) mayChange.add(name);
  for (const { use, scope, writes } of walk.uses) {
    if (scope.declares(use.name)) continue;
    if (!free.has(use.name)) free.set(use.name, use);
    if (writes) freeAssignments.push(use);
  }
  return { declares: [...root.names], free: [...free.values()], freeAssignments, mayChange: [...mayChange] };
}

class Scope {
  readonly names = new Set<string>();
  readonly #parent: Scope | null;
  /** Where `var` declarations go: the nearest function, or the top level. */
  readonly variables: Scope;

  constructor(parent: Scope | null, isFunction: boolean) {
    this.#parent = parent;
    this.variables = isFunction || !parent ? this : parent.variables;
  }

  declares(name: string): boolean {
    return this.names.has(name) || (this.#parent?.declares(name) ?? false);
  }
}

type Child = estree.Node | null | undefined;

/** Collects every use with the scope it stands in; which scope declares it is known only at the end (hoisting). */
class Walk {
  readonly uses: { use: NameUse; scope: Scope; writes: boolean }[] = [];
  readonly touched: { name: string; scope: Scope }[] = [];

  all(nodes: readonly Child[], scope: Scope): void {
    for (const node of nodes) this.#visit(node, scope);
  }

  #visit(node: Child, scope: Scope): void {
    if (!node) return;
    this.#noteChange(node, scope);
    switch (node.type) {
      case "Identifier":
        this.#use(node, scope, false);
        break;
      case "MemberExpression":
        this.#visit(node.object, scope);
        if (node.computed) this.#visit(node.property, scope);
        break;
      case "Property":
      case "MethodDefinition":
      case "PropertyDefinition":
        if (node.computed) this.#visit(node.key, scope);
        this.#visit(node.value, scope);
        break;
      case "MetaProperty":
      case "BreakStatement":
      case "ContinueStatement":
        break;
      case "LabeledStatement":
        this.#visit(node.body, scope);
        break;
      case "VariableDeclaration":
        for (const declarator of node.declarations) {
          this.#bind(declarator.id, node.kind === "var" ? scope.variables : scope, scope);
          this.#visit(declarator.init, scope);
        }
        break;
      case "AssignmentExpression":
        this.#assign(node.left, scope);
        this.#visit(node.right, scope);
        break;
      case "UpdateExpression":
        this.#assign(node.argument as estree.Pattern, scope);
        break;
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        this.#function(node, scope);
        break;
      case "ClassDeclaration":
      case "ClassExpression":
        this.#class(node, scope);
        break;
      case "StaticBlock":
        this.all(node.body, new Scope(scope, true));
        break;
      case "BlockStatement":
        this.all(node.body, new Scope(scope, false));
        break;
      case "ForStatement": {
        const head = new Scope(scope, false);
        this.all([node.init, node.test, node.update, node.body], head);
        break;
      }
      case "ForInStatement":
      case "ForOfStatement": {
        const head = new Scope(scope, false);
        if (node.left.type === "VariableDeclaration") this.#visit(node.left, head);
        else this.#assign(node.left, head);
        this.all([node.right, node.body], head);
        break;
      }
      case "SwitchStatement":
        this.#visit(node.discriminant, scope);
        this.all(node.cases, new Scope(scope, false));
        break;
      case "CatchClause": {
        const inside = new Scope(scope, false);
        if (node.param) this.#bind(node.param, inside, inside);
        this.#visit(node.body, inside);
        break;
      }
      default:
        // Everything else is only a frame around its parts.
        for (const value of Object.values(node) as unknown[]) {
          for (const part of Array.isArray(value) ? (value as unknown[]) : [value]) {
            if (isNode(part)) this.#visit(part, scope);
          }
        }
    }
  }

  #function(
    node: estree.FunctionDeclaration | estree.FunctionExpression | estree.ArrowFunctionExpression,
    scope: Scope,
  ): void {
    const outer = new Scope(scope, false);
    if (node.type === "FunctionDeclaration" && node.id) scope.names.add(node.id.name);
    if (node.type === "FunctionExpression" && node.id) outer.names.add(node.id.name);
    if (node.type !== "ArrowFunctionExpression") outer.names.add("arguments");
    // Defaults of parameters do not see what the body declares.
    for (const parameter of node.params) this.#bind(parameter, outer, outer);
    if (node.body.type === "BlockStatement") this.all(node.body.body, new Scope(outer, true));
    else this.#visit(node.body, outer);
  }

  #class(node: estree.ClassDeclaration | estree.ClassExpression, scope: Scope): void {
    const inside = new Scope(scope, false);
    if (node.id) (node.type === "ClassDeclaration" ? scope : inside).names.add(node.id.name);
    this.#visit(node.superClass, inside);
    this.all(node.body.body, inside);
  }

  /** Declares the names of a pattern; its defaults and computed keys are ordinary expressions. */
  #bind(pattern: estree.Pattern, target: Scope, scope: Scope): void {
    this.#pattern(pattern, scope, (name) => {
      target.names.add(name.name);
    });
  }

  #assign(pattern: estree.Pattern, scope: Scope): void {
    this.#pattern(pattern, scope, (name) => {
      this.#use(name, scope, true);
    });
  }

  #pattern(pattern: estree.Pattern, scope: Scope, onName: (name: estree.Identifier) => void): void {
    switch (pattern.type) {
      case "Identifier":
        onName(pattern);
        break;
      case "ObjectPattern":
        for (const property of pattern.properties) {
          if (property.type === "RestElement") {
            this.#pattern(property.argument, scope, onName);
            continue;
          }
          if (property.computed) this.#visit(property.key, scope);
          this.#pattern(property.value, scope, onName);
        }
        break;
      case "ArrayPattern":
        for (const element of pattern.elements) if (element) this.#pattern(element, scope, onName);
        break;
      case "RestElement":
        this.#pattern(pattern.argument, scope, onName);
        break;
      case "AssignmentPattern":
        this.#pattern(pattern.left, scope, onName);
        this.#visit(pattern.right, scope);
        break;
      case "MemberExpression":
        this.#touch(pattern.object, scope);
        this.#visit(pattern, scope);
        break;
    }
  }

  #noteChange(node: estree.Node, scope: Scope): void {
    if (node.type === "UnaryExpression" && node.operator === "delete") this.#touch(node.argument, scope);
    if (node.type !== "CallExpression" && node.type !== "NewExpression") return;
    if (node.callee.type === "MemberExpression") this.#touch(node.callee.object, scope);
    for (const argument of node.arguments) {
      this.#touch(argument.type === "SpreadElement" ? argument.argument : argument, scope);
    }
  }

  /** Notes the name at the root of `name.member[…]`. */
  #touch(node: estree.Node, scope: Scope): void {
    let root = node;
    while (root.type === "MemberExpression" || root.type === "ChainExpression") {
      root = root.type === "MemberExpression" ? root.object : root.expression;
    }
    if (root.type === "Identifier") this.touched.push({ name: root.name, scope });
  }

  #use(node: estree.Identifier, scope: Scope, writes: boolean): void {
    const { start, end } = node as estree.Identifier & { start: number; end: number };
    this.uses.push({ use: { name: node.name, start, end }, scope, writes });
  }
}

function isNode(value: unknown): value is estree.Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

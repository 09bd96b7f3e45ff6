// The slips that mutants are made of: each function gives those that can happen at one node of the syntax tree.
import type * as babel from "@babel/types";
import type { Node, Site, Slip } from "./mutate.ts";

const otherOperators: Record<string, readonly string[]> = {
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "%": ["*"],
  "**": ["*"],
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "===": ["!=="],
  "!==": ["==="],
  "==": ["!="],
  "!=": ["=="],
  "&&": ["||"],
  "||": ["&&"],
  "??": ["&&"],
  "+=": ["-=", "="],
  "-=": ["+=", "="],
  "*=": ["/=", "="],
  "/=": ["*=", "="],
};

const arithmetic: ReadonlySet<string> = new Set(["+", "-", "*", "/", "%", "**"]);

/** Another operator, a lost operand, a lost sign, a lost `!`, `++` for `--`. */
export function operators({ node, code, textOf }: Site): Slip[] {
  switch (node.type) {
    case "BinaryExpression":
    case "LogicalExpression":
    case "AssignmentExpression": {
      const from = node.left.end ?? 0;
      const start = code.indexOf(node.operator, from);
      if (start === -1 || start >= (node.right.start ?? 0)) return [];
      // Only numbers are subtracted: a text that becomes NaN tells nothing about the tests.
      if (node.operator.startsWith("+") && [node.left, node.right].some(isText)) return [];
      const lost =
        node.type === "BinaryExpression" && arithmetic.has(node.operator)
          ? [node.left, node.right].map((kept) =>
              insteadOf(node, textOf(kept), `of \`${textOf(node)}\` only \`${textOf(kept)}\` is left`),
            )
          : [];
      return (otherOperators[node.operator] ?? [])
        .map((operator) => replacement(start, node.operator, operator))
        .concat(lost);
    }
    case "UnaryExpression": {
      const { argument, operator } = node;
      if (operator !== "-" && operator !== "!") return [];
      return [insteadOf(node, textOf(argument), `\`${operator}\` is lost`)];
    }
    case "UpdateExpression": {
      const start = node.prefix ? node.start : node.end - 2;
      return [replacement(start, node.operator, node.operator === "++" ? "--" : "++")];
    }
    default:
      return [];
  }
}

/** A number that is off by one, doubled or halved; a text that is empty; true for false. */
export function constants({ node, parents, textOf }: Site): Slip[] {
  switch (node.type) {
    case "NumericLiteral": {
      if (isKey(node, parents)) return [];
      const { value } = node;
      const others = Number.isInteger(value) ? [value + 1, value - 1] : [value * 2, value / 2];
      return others.map((other) =>
        insteadOf(node, other < 0 ? `(${other})` : String(other), `${textOf(node)} becomes ${other}`),
      );
    }
    case "BooleanLiteral":
      return [replacement(node.start, String(node.value), String(!node.value))];
    case "StringLiteral": {
      // The words of an error are the author's to choose.
      const isMessage = parents.some(({ type }) => type === "ThrowStatement");
      if (node.value === "" || isMessage || isKey(node, parents)) return [];
      return [insteadOf(node, '""', `${textOf(node)} becomes empty`)];
    }
    default:
      return [];
  }
}

const otherMethods: Record<string, string> = {
  add: "sub",
  sub: "add",
  mul: "div",
  div: "mul",
  min: "max",
  max: "min",
  sum: "mean",
  mean: "sum",
  floor: "ceil",
  ceil: "floor",
  some: "every",
  every: "some",
  sin: "cos",
  cos: "sin",
};

/** Arguments in another order, a method's neighbour, the entry beside the right one, the length less one. */
export function calls({ node, parents, textOf }: Site): Slip[] {
  if (node.type === "MemberExpression") return [...memberSlips(node, parents, textOf)];
  if (node.type !== "CallExpression" && node.type !== "NewExpression") return [];
  return node.arguments.slice(1).flatMap((second, index): Slip[] => {
    const first = node.arguments[index]!;
    const [before, after] = [textOf(first), textOf(second)];
    if (before === after || first.type === "SpreadElement" || second.type === "SpreadElement") return [];
    return [
      {
        start: first.start ?? 0,
        end: second.end ?? 0,
        text: `${after}, ${before}`,
        what: `the arguments \`${before}\` and \`${after}\` change places`,
      },
    ];
  });
}

function* memberSlips(
  node: babel.MemberExpression & Node,
  parents: readonly Node[],
  textOf: Site["textOf"],
): Generator<Slip> {
  const { property } = node;
  const parent = parents.at(-1);
  if (node.computed) {
    if (property.type !== "NumericLiteral" && property.type !== "StringLiteral") {
      const text = textOf(property);
      yield insteadOf(property, `${text} + 1`, `the entry \`${text} + 1\` for \`${text}\``);
    }
    return;
  }
  if (property.type !== "Identifier") return;
  const isCalled = parent?.type === "CallExpression" && parent.callee === node;
  const other = otherMethods[property.name];
  if (isCalled && other !== undefined) yield replacement(property.start ?? 0, property.name, other);
  const isRead = parent?.type !== "AssignmentExpression" || parent.left !== node;
  if (property.name === "length" && isRead && !isCalled)
    yield insteadOf(node, `(${textOf(node)} - 1)`, "the length is one less");
}

/** A statement that is forgotten, a condition that always or never holds. */
export function statements({ node, parents, textOf }: Site): Slip[] {
  switch (node.type) {
    case "ExpressionStatement":
    case "ThrowStatement":
    case "BreakStatement":
    case "ContinueStatement":
      return [insteadOf(node, "{}", "the statement is missing")];
    case "ReturnStatement":
      // The last one is what the function is for: without it nothing is left to test.
      return parents.at(-1)?.type === "BlockStatement" && isFunction(parents.at(-2))
        ? []
        : [insteadOf(node, "{}", "the statement is missing")];
    case "IfStatement":
    case "ConditionalExpression":
      return ["true", "false"].map((text) =>
        insteadOf(node.test, text, `the condition \`${textOf(node.test)}\` is always ${text}`),
      );
    case "WhileStatement":
      return [insteadOf(node.test, "false", "the loop never runs")];
    default:
      return [];
  }
}

function isFunction(node: Node | undefined): boolean {
  return node !== undefined && /Function|Method/.test(node.type);
}

function isKey(node: Node, parents: readonly Node[]): boolean {
  const parent = parents.at(-1);
  return parent !== undefined && "key" in parent && parent.key === node;
}

function isText(node: babel.Node): boolean {
  return node.type === "StringLiteral" || node.type === "TemplateLiteral";
}

/** The node gives way to a text. */
function insteadOf(node: babel.Node, text: string, what: string): Slip {
  return { start: node.start ?? 0, end: node.end ?? 0, text, what };
}

function replacement(start: number, before: string, after: string): Slip {
  return { start, end: start + before.length, text: after, what: `\`${before}\` becomes \`${after}\`` };
}

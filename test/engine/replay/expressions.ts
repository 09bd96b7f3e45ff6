// Reads the expressions in which reference cases say what was computed, and computes them with the engine:
// "reshape(permute(a,[2,0,1]),[n*b,m])", "a[:,1:]-a[:,:-1]", "softmax(q k^T / sqrt(d)) v", "sum(a,dim=[0, 2],keepdim=True)".
//
// As in formulas two names side by side are a matrix product, and a number before a bracket multiplies. Words after the
// expression are a note for people: reading stops at the first that is no part of it.
import {
  Tensor,
  arange,
  cat,
  einsum,
  matmul,
  maximum,
  minimum,
  nn,
  outer,
  stack,
  where,
} from "../../../src/engine/index.ts";
import { camelCase } from "./numbers.ts";

export type Value = Tensor | number | string | boolean | null | readonly Value[];
/** What the names in an expression stand for. */
export type Names = Readonly<Record<string, Value>>;

type Range = [start: number, end?: number, step?: number];
interface Call {
  args: Value[];
  named: Record<string, Value>;
}

const tokenPattern = /\s*(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+|[A-Za-z_]\w*|'[^']*'|[-+*/^()[\],:;=.])/y;

/** Numbers, names, texts in quotes and signs; what is none of these ends the list, as notes may hold anything. */
function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  tokenPattern.lastIndex = 0;
  for (let match = tokenPattern.exec(text); match !== null; match = tokenPattern.exec(text)) {
    tokens.push(match[1]!);
  }
  return tokens;
}

const isNumber = (token: string | undefined): boolean => token !== undefined && /^\.?\d/.test(token);
const isName = (token: string | undefined): token is string =>
  token !== undefined && /^[A-Za-z_]/.test(token);

/** The value of an expression. */
export function evaluate(text: string, names: Names): Value {
  return new Reader(tokensOf(text), names).sum();
}

/** The value of an expression that gives a tensor. */
export function evaluateTensor(text: string, names: Names): Tensor {
  return tensorOf(evaluate(text, names), text);
}

function tensorOf(value: Value | undefined, what: string): Tensor {
  if (value instanceof Tensor) return value;
  throw new Error(`${what} is no tensor in this expression.`);
}

/** Recursive descent: one method for each rank of operators. */
class Reader {
  readonly #tokens: string[];
  readonly #names: Names;
  #at = 0;

  constructor(tokens: string[], names: Names) {
    this.#tokens = tokens;
    this.#names = names;
  }

  #peek(ahead = 0): string | undefined {
    return this.#tokens[this.#at + ahead];
  }

  #take(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#at++;
    return true;
  }

  #expect(token: string): void {
    if (this.#take(token)) return;
    throw new Error(`The expression has ${this.#peek() ?? "its end"} where ${token} was expected.`);
  }

  sum(): Value {
    let left = this.#product();
    for (;;) {
      if (this.#take("+")) left = arithmetic("add", left, this.#product());
      else if (this.#take("-")) left = arithmetic("sub", left, this.#product());
      else return left;
    }
  }

  #product(): Value {
    let left = this.#factor();
    for (;;) {
      if (this.#take("*")) left = arithmetic("mul", left, this.#factor());
      else if (this.#take("/")) left = arithmetic("div", left, this.#factor());
      else if (typeof left === "number" && this.#peek() === "(")
        left = arithmetic("mul", left, this.#factor());
      else if (left instanceof Tensor && this.#startsOperand()) {
        left = matmul(left, tensorOf(this.#factor(), "the right factor"));
      } else return left;
    }
  }

  /** Is the next token the name of a tensor, or the call of a known function? */
  #startsOperand(): boolean {
    const token = this.#peek();
    return isName(token) && Object.hasOwn(this.#names, token);
  }

  #factor(): Value {
    if (this.#take("-")) return arithmetic("mul", this.#factor(), -1);
    let base = this.#postfix();
    while (this.#take("^")) {
      if (this.#take("T")) base = tensorOf(base, "what is transposed").transpose();
      else base = power(base, this.#postfix());
    }
    return base;
  }

  #postfix(): Value {
    let value = this.#primary();
    for (;;) {
      if (value instanceof Tensor && this.#take("[")) value = this.#indexed(value);
      else if (this.#peek() === "." && isName(this.#peek(1))) {
        this.#at++;
        const name = this.#peek();
        this.#at++;
        if (name === "T") value = tensorOf(value, "what is transposed").transpose();
        else if (name !== "values") throw new Error(`.${name} is not known.`);
      } else return value;
    }
  }

  #primary(): Value {
    const token = this.#peek();
    this.#at++;
    if (token === undefined) throw new Error("The expression ends too early.");
    if (isNumber(token)) return Number(token);
    if (token.startsWith("'")) return token.slice(1, -1);
    if (token === "(") {
      const value = this.sum();
      this.#expect(")");
      return value;
    }
    if (token === "[") return this.#list("]");
    if (token in constants) return constants[token]!;
    if (!isName(token)) throw new Error(`${String(token)} cannot begin a term.`);
    if (Object.hasOwn(this.#names, token)) return this.#names[token]!;
    if (this.#take("(")) return call(token, this.#arguments(), this.#names);
    // "prod with one zero": a function by name alone is applied to a.
    if (Object.hasOwn(this.#names, "a"))
      return call(token, { args: [this.#names["a"]!], named: {} }, this.#names);
    throw new Error(`${token} is not known in this expression.`);
  }

  #list(close: string): Value[] {
    const items: Value[] = [];
    while (!this.#take(close)) {
      items.push(this.sum());
      if (this.#peek() !== close) this.#expect(",");
    }
    return items;
  }

  #arguments(): Call {
    const args: Value[] = [];
    const named: Record<string, Value> = {};
    while (!this.#take(")")) {
      const name = this.#peek();
      if (isName(name) && this.#peek(1) === "=") {
        this.#at += 2;
        named[name] = this.sum();
      } else args.push(this.sum());
      if (this.#peek() !== ")" && !this.#take(";")) this.#expect(",");
    }
    return { args, named };
  }

  /** x[…] as in Python: positions, ranges, tensors and lists of positions. */
  #indexed(x: Tensor): Tensor {
    const indices: (number | ":" | Range | Tensor)[] = [];
    while (!this.#take("]")) {
      const start = this.#peek() === ":" ? undefined : this.sum();
      if (this.#take(":")) indices.push(this.#range(start));
      else indices.push(positions(start!, this.#names));
      if (this.#peek() !== "]") this.#expect(",");
    }
    return x.index(...indices);
  }

  #range(start: Value | undefined): ":" | Range {
    const bound = (): number | undefined =>
      this.#peek() === ":" || this.#peek() === "]" || this.#peek() === "," ? undefined : Number(this.sum());
    const end = bound();
    const step = this.#take(":") ? bound() : undefined;
    if (start === undefined && end === undefined && step === undefined) return ":";
    return [Number(start ?? 0), end, step] as Range;
  }
}

/** A list of positions is written out for people; the case holds the tensor that was really used. */
function positions(value: Value, names: Names): number | Tensor {
  if (typeof value === "number" || value instanceof Tensor) return value;
  return tensorOf(names["idx"], "idx");
}

const constants: Record<string, boolean | null> = { None: null, True: true, False: false };

function arithmetic(name: "add" | "sub" | "mul" | "div", a: Value, b: Value): Value {
  if (typeof a === "number" && typeof b === "number") {
    return { add: a + b, sub: a - b, mul: a * b, div: a / b }[name];
  }
  if (a instanceof Tensor && (b instanceof Tensor || typeof b === "number")) return a[name](b);
  // A number before a tensor.
  const right = tensorOf(b, "the right operand");
  if (typeof a !== "number") throw new Error("An operand is neither a tensor nor a number.");
  if (name === "add" || name === "mul") return right[name](a);
  return name === "sub" ? right.neg().add(a) : right.reciprocal().mul(a);
}

function power(base: Value, exponent: Value): Value {
  if (typeof exponent !== "number" && !(exponent instanceof Tensor))
    throw new Error("An exponent is no number.");
  return tensorOf(base, "a base").pow(exponent);
}

type Dims = number | number[] | undefined;

/** Functions whose arguments the engine takes in another form; all others are methods or activations of the same name. */
const forms: Record<string, (call: Call, names: Names) => Value> = {
  arange: ({ args }) => arange(Number(args[0]), { dtype: "int32" }),
  cat: ({ args, named }) => cat(args[0] as Tensor[], Number(named["dim"] ?? 0)),
  stack: ({ args, named }) => stack(args[0] as Tensor[], Number(named["dim"] ?? 0)),
  einsum: ({ args: [equation, ...operands] }) => einsum(equation as string, ...(operands as Tensor[])),
  matmul: ({ args: [a, b] }) => matmul(a as Tensor, b as Tensor),
  outer: ({ args: [a, b] }) => outer(a as Tensor, b as Tensor),
  maximum: ({ args: [a, b] }) => maximum(a as Tensor, b as Tensor),
  minimum: ({ args: [a, b] }) => minimum(a as Tensor, b as Tensor),
  where: ({ args: [condition, a, b] }) => where(condition as Tensor, a as Tensor, b as Tensor),
  // Pairs of counts, for the last dimension first.
  pad: ({ args: [x, counts] }) =>
    (counts as number[]).reduce(
      (out, before, i) => (i % 2 === 0 ? out.pad(-1 - i / 2, before, (counts as number[])[i + 1] ?? 0) : out),
      x as Tensor,
    ),
  // Batch normalisation of a batch, by its own mean and mean square.
  BN_train: ({ args: [z, gamma, beta], named }) => {
    const x = z as Tensor;
    const root = x
      .var(0, { unbiased: false })
      .add(named["eps"] as number)
      .sqrt();
    return x
      .sub(x.mean(0))
      .div(root)
      .mul(gamma as Tensor)
      .add(beta as Tensor);
  },
};

/** Arguments with names, in the order in which the engine's method takes them; others go into options. */
function call(name: string, { args, named }: Call, names: Names): Value {
  const form = forms[name];
  if (form !== undefined) return form({ args, named }, names);
  if (typeof args[0] === "number" && name === "sqrt") {
    // The root of a size, as in 1/√d; sqrt(0) is the root of the input, which is zeros.
    if (args[0] !== 0) return Math.sqrt(args[0]);
  }
  // "abs(0)", "pow(0,2)": the case's input is zeros.
  const x = args[0] === 0 ? tensorOf(names["a"], "a") : tensorOf(args[0], `the argument of ${name}`);
  const rest = args.slice(1);
  const { dim, keepdim, unbiased } = named;
  const dims = (dim ?? undefined) as Dims;
  const keep = keepdim === true;
  if (name === "sum" || name === "mean") return x[name](dims, keep);
  if (name === "var" || name === "std") return x[name](dims, { unbiased: unbiased !== false, keepdim: keep });
  if (name === "max" || name === "min")
    return dims === undefined ? x[name]() : x[name](dims as number, keep).values;
  if (dims !== undefined) rest.push(dims);
  if (keepdim !== undefined) rest.push(keep);
  const method = (x as unknown as Record<string, unknown>)[camelCase(name)];
  if (typeof method === "function") return method.apply(x, rest) as Value;
  const activation = (nn.functional as Record<string, unknown>)[camelCase(name)];
  if (typeof activation === "function") return activation(x, ...rest) as Value;
  throw new Error(`The function ${name} is not known.`);
}

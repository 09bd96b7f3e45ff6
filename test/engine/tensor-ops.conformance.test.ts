// Tensor operations against PyTorch: values and gradients in both precisions.
/* oxlint-disable vitest/expect-expect -- the expectations are in the helpers */
import { describe, test } from "vitest";
import { type Tensor, arange, cat, maximum, minimum, stack, where } from "../../src/engine/index.ts";
import { type Case, precisions, readFixture, replay } from "./conformance.ts";

type Operands = Record<string, Tensor>;
type Compute = (t: Operands, integers: (name: string) => Tensor) => Tensor;

/** "sum(a,dim=[0, 2],keepdim=True)" → what it says about dims. */
function readDims(expression: string): { dim?: number | number[]; keepdim: boolean; unbiased: boolean } {
  const dims = /dim=(\[[^\]]*\]|-?\d+|None)/.exec(expression)?.[1] ?? "None";
  return {
    ...(dims === "None" ? {} : { dim: JSON.parse(dims) as number | number[] }),
    keepdim: expression.includes("keepdim=True"),
    unbiased: !expression.includes("unbiased=False"),
  };
}

const unary = [
  "exp",
  "log",
  "sqrt",
  "rsqrt",
  "abs",
  "neg",
  "reciprocal",
  "square",
  "sin",
  "cos",
  "log1p",
  "expm1",
  "erf",
  "atan",
] as const;

/** The computation that an expression of the fixture names. */
function computeOf({ op, inputs, expected }: Case): Compute {
  const name = /^\w+/.exec(op)?.[0] ?? "";
  const { dim, keepdim, unbiased } = readDims(op);
  if ((unary as readonly string[]).includes(name) && !op.includes("softmax")) {
    if (op === "sqrt(sum(a^2))") return (t) => t["a"]!.norm();
    return (t) => t["a"]![name as (typeof unary)[number]]();
  }
  if (op.startsWith("pow(a,b)")) return (t) => t["a"]!.pow(t["b"]!);
  if (name === "pow") return (t) => t["a"]!.pow(Number(/pow\((?:a,)?(?:0,)?(-?[\d.]+)\)/.exec(op)![1]));
  if ((name === "sum" || name === "mean") && op.startsWith(`${name}(a,dim`)) {
    return (t) => t["a"]![name]({ keepdim, ...(dim === undefined ? {} : { dim }) });
  }
  if (name === "var" || name === "std")
    return (t) => t["a"]![name](dim, { correction: unbiased ? 1 : 0, keepdim });
  if (name === "max" && op.includes("values")) return (t) => t["a"]!.max(dim as number).values;
  if (name === "min" && op.includes("values")) return (t) => t["a"]!.min(dim as number).values;
  const { a } = inputs;
  const shape = a?.shape ?? [];
  const plain: Record<string, Compute> = {
    "add(a,b)": (t) => t["a"]!.add(t["b"]!),
    "sub(a,b)": (t) => t["a"]!.sub(t["b"]!),
    "mul(a,b)": (t) => t["a"]!.mul(t["b"]!),
    "div(a,b)": (t) => t["a"]!.div(t["b"]!),
    "maximum(a,b)": (t) => maximum(t["a"]!, t["b"]!),
    "maximum(a,b), a==b": (t) => maximum(t["a"]!, t["b"]!),
    "minimum(a,b)": (t) => minimum(t["a"]!, t["b"]!),
    "clamp(a,-0.5,0.8)": (t) => t["a"]!.clamp(-0.5, 0.8),
    "clamp(a,-1,1) at the bounds": (t) => t["a"]!.clamp(-1, 1),
    "prod(a)": (t) => t["a"]!.prod(),
    "prod with one zero": (t) => t["a"]!.prod(),
    "prod(a,dim=1)": (t) => t["a"]!.prod(1),
    "logsumexp(a,dim=-1)": (t) => t["a"]!.logsumexp(-1),
    "max(a)": (t) => t["a"]!.max(),
    "max(a) (ties share the gradient equally)": (t) => t["a"]!.max(),
    "amax(a,dim=1)": (t) => t["a"]!.amax(1),
    "norm(0)": (t) => t["a"]!.norm(),
    "cumsum(a,dim=1)": (t) => t["a"]!.cumsum(1),
    "matmul(a,b)": (t) => t["a"]!.matmul(t["b"]!),
    "matmul(a.T,b.T)": (t) => t["a"]!.T.matmul(t["b"]!.T),
    "outer(a,b)": (t) => t["a"]!.outer(t["b"]!),
    "reshape(a,[n,b*m])": (t) => t["a"]!.reshape([shape[2]!, shape[0]! * shape[1]!]),
    "permute(a,[2,0,1])": (t) => t["a"]!.permute([2, 0, 1]),
    "reshape(permute(a,[2,0,1]),[n*b,m])": (t) => t["a"]!.permute([2, 0, 1]).reshape([-1, shape[1]!]),
    "cat([a,b],dim=1)": (t) => cat([t["a"]!, t["b"]!], 1),
    "stack([a,b],dim=0)": (t) => stack([t["a"]!, t["b"]!], 0),
    "a[:,1:3]": (t) => t["a"]!.index(":", [1, 3]),
    "a[::2]": (t) => t["a"]!.slice(0, undefined, { step: 2 }),
    "a[:,0]": (t) => t["a"]!.index(":", 0),
    "a[:,1:]-a[:,:-1]": (t) => t["a"]!.slice(1, undefined, { dim: 1 }).sub(t["a"]!.slice(0, -1, { dim: 1 })),
    "gather(a,1,idx)": (t, integers) => t["a"]!.gather(1, integers("idx")),
    "a[arange(m),idx]": (t, integers) => t["a"]!.gather(1, integers("idx").reshape([-1, 1])).reshape([-1]),
    "where(cond,a,b)": (t, integers) => where(integers("cond"), t["a"]!, t["b"]!),
    "masked_fill(a,cond,-2)": (t, integers) => t["a"]!.maskedFill(integers("cond"), -2),
    "pad(a,[1,2]) zeros on the last dim": (t) => t["a"]!.pad(-1, 1, 2),
    "flip(a,[1])": (t) => t["a"]!.flip(1),
    "diagonal(a)": (t) => t["a"]!.diagonal(),
    "tril(a)": (t) => {
      const rows = arange(t["a"]!.shape[0]!).reshape([-1, 1]);
      return t["a"]!.maskedFill(rows.less(arange(t["a"]!.shape[1]!)), 0);
    },
    "einsum('bmk,kn->bn',a,b)": (t) => t["a"]!.matmul(t["b"]!).sum(1),
    "a*a + sin(a)*a (fan-out accumulates)": (t) => t["a"]!.mul(t["a"]!).add(t["a"]!.sin().mul(t["a"]!)),
    "matmul(a,a.T)": (t) => t["a"]!.matmul(t["a"]!.T),
    "mean(relu(matmul(a,b)+c)^2)": (t) => t["a"]!.matmul(t["b"]!).add(t["c"]!).relu().pow(2).mean(),
    "softmax(q k^T / sqrt(d)) v": (t) =>
      t["q"]!.matmul(t["k"]!.transpose()).div(Math.sqrt(t["q"]!.shape[2]!)).softmax(-1).matmul(t["v"]!),
  };
  const found = plain[op];
  if (found !== undefined) return found;
  if (op.startsWith("expand(a,")) return (t) => t["a"]!.expand(expected.float64.output.shape);
  if (op.startsWith("a[[")) return (t, integers) => t["a"]!.indexSelect(0, integers("idx"));
  throw new Error(`The fixture has an expression this test does not know: ${op}.`);
}

const { cases } = readFixture<{ cases: Case[] }>("tensor_ops");

describe.each(precisions)("tensor operations agree with PyTorch in %s", (precision) => {
  test.each(cases.map((each) => [each.id, each] as const))("%s", (_, each) => {
    replay(each, precision, precision === "float64" ? 1e-10 : 2e-5, computeOf(each));
  });
});

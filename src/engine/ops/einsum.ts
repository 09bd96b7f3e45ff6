// Einstein summation: sums of products named by letters. Every pair of operands becomes one (stacked) matrix product.
import { checkFloat, checkTensor } from "../check.ts";
import { DtypeError, ShapeError, ValueError, describe, formatShape } from "../errors.ts";
import { sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { mul } from "./elementwise.ts";
import { expand, permute, reshape, sumDims } from "./layout.ts";
import { matmul } from "./matmul.ts";
import { diagonal } from "./rearrange.ts";

/** A tensor whose dimensions have letters, each once. The dimensions of an ellipsis are lettered "0", "1" … from the back. */
interface Lettered {
  x: Tensor;
  letters: string[];
}

function invalid(equation: string, why: string): ValueError {
  return new ValueError(`einsum: ${JSON.stringify(equation)}: ${why}`);
}

/** One term of the equation as letters, where "..." becomes `hidden` digits. */
function lettersOf(equation: string, term: string, hidden: number): string[] {
  const [before, after, ...more] = term.split("...");
  const front = before!.split("");
  const back = (after ?? "").split("");
  const letters = [...front, ...back];
  if (more.length > 0 || letters.some((letter) => !/[A-Za-z]/.test(letter))) {
    throw invalid(equation, `${JSON.stringify(term)} must be letters and at most one "...".`);
  }
  const digits = Array.from({ length: after === undefined ? 0 : hidden }, (_, i) => String(hidden - 1 - i));
  return [...front, ...digits, ...back];
}

/** The operand with its letters; a letter named twice takes the diagonal. */
function letter(equation: string, term: string, x: Tensor): Lettered {
  const named = lettersOf(equation, term, 0).length;
  const open = term.includes("...");
  if (open ? x.rank < named : x.rank !== named) {
    throw new ShapeError(
      `einsum: ${JSON.stringify(equation)}: ${JSON.stringify(term)} names ${named} dims, the operand ${formatShape(x.shape)} has ${x.rank}.`,
    );
  }
  const letters = lettersOf(equation, term, x.rank - named);
  let out = x;
  for (let i = 0; i < letters.length; i++) {
    for (let j = letters.indexOf(letters[i]!, i + 1); j >= 0; j = letters.indexOf(letters[i]!, i + 1)) {
      if (out.shape[i] !== out.shape[j]) {
        throw new ShapeError(
          `einsum: ${JSON.stringify(equation)}: ${letters[i]} is ${out.shape[i]} and ${out.shape[j]} in the operand ${formatShape(x.shape)}.`,
        );
      }
      out = diagonal(out, 0, i, j);
      letters.push(letters[i]!);
      letters.splice(j, 1);
      letters.splice(i, 1);
    }
  }
  return { x: out, letters };
}

/** Sums away the letters that nothing else needs. */
function sumOut({ x, letters }: Lettered, needed: ReadonlySet<string>): Lettered {
  const dims = letters.flatMap((each, i) => (needed.has(each) ? [] : [i]));
  return { x: sumDims(x, dims), letters: letters.filter((each) => needed.has(each)) };
}

/** The operand in the order of these letters; those it lacks get size 1. */
function arranged({ x, letters }: Lettered, order: readonly string[]): Tensor {
  const own = order.filter((each) => letters.includes(each));
  const turned = permute(
    x,
    own.map((each) => letters.indexOf(each)),
  );
  return reshape(
    turned,
    order.map((each) => (letters.includes(each) ? x.shape[letters.indexOf(each)]! : 1)),
  );
}

/** The product of two operands, summed over the letters that are in both and needed no further. */
function contract(
  a: Lettered,
  b: Lettered,
  needed: ReadonlySet<string>,
  sizes: Map<string, number>,
): Lettered {
  const onlyHere = (one: Lettered, other: Lettered): Set<string> =>
    new Set([...needed, ...other.letters.filter((each) => one.letters.includes(each))]);
  const left = sumOut(a, onlyHere(a, b));
  const right = sumOut(b, onlyHere(b, a));
  const both = left.letters.filter((each) => right.letters.includes(each));
  const stack = both.filter((each) => needed.has(each));
  const summed = both.filter((each) => !needed.has(each));
  const rows = left.letters.filter((each) => !both.includes(each));
  const columns = right.letters.filter((each) => !both.includes(each));
  const letters = [...stack, ...rows, ...columns];
  if (summed.length === 0) return { x: mul(arranged(left, letters), arranged(right, letters)), letters };
  const sizesOf = (group: readonly string[]): number[] => group.map((each) => sizes.get(each)!);
  const [s, m, k, n] = [stack, rows, summed, columns].map((group) => sizeOf(sizesOf(group)));
  // A size of 1 that another operand has larger is repeated, as in broadcasting.
  const full = (one: Lettered, groups: readonly string[]): Tensor =>
    expand(arranged(one, groups), sizesOf(groups));
  const first = reshape(full(left, [...stack, ...rows, ...summed]), [s!, m!, k!]);
  const second = reshape(full(right, [...stack, ...summed, ...columns]), [s!, k!, n!]);
  const product =
    s === 1 ? matmul(reshape(first, [m!, k!]), reshape(second, [k!, n!])) : matmul(first, second);
  return { x: reshape(product, sizesOf(letters)), letters };
}

/**
 * Sums of products: each operand's dimensions are named by letters; dimensions of the same letter run together, letters
 * missing in the output are summed over. `einsum("ij,jk->ik", a, b)` is the matrix product, `einsum("ii", a)` the trace,
 * `einsum("...ij->...ji", a)` a transpose. Without "->" the output has the letters that occur once, in alphabetical order.
 */
export function einsum(equation: string, ...operands: readonly Tensor[] | [readonly Tensor[]]): Tensor {
  const list = (operands.length === 1 && Array.isArray(operands[0]) ? operands[0] : operands) as Tensor[];
  if (typeof equation !== "string") {
    throw new ValueError(
      `einsum: the equation must be a text such as "ij,jk->ik", not ${describe(equation)}.`,
    );
  }
  for (const x of list) {
    checkTensor("einsum", "every operand", x);
    checkFloat("einsum", x);
    if (x.dtype !== list[0]!.dtype) {
      throw new DtypeError(
        `einsum: ${list[0]!.dtype} and ${x.dtype}: all operands must have the same dtype. Convert with .to("${x.dtype}").`,
      );
    }
  }
  const [inputs, result, ...more] = equation.replaceAll(" ", "").split("->");
  const terms = inputs!.split(",");
  if (more.length > 0) throw invalid(equation, 'there may be one "->".');
  if (terms.length !== list.length) {
    throw invalid(equation, `it names ${terms.length} operands, ${list.length} were given.`);
  }
  const lettered = terms.map((term, i) => letter(equation, term, list[i]!));

  const sizes = new Map<string, number>();
  for (const [i, { x, letters }] of lettered.entries()) {
    for (const [dim, each] of letters.entries()) {
      const [size, known] = [x.shape[dim]!, sizes.get(each) ?? 1];
      if (size !== known && size !== 1 && known !== 1) {
        const what = /\d/.test(each) ? '"..."' : each;
        throw new ShapeError(
          `einsum: ${JSON.stringify(equation)}: ${what} is ${known} before and ${size} in operand ${i + 1} ${formatShape(list[i]!.shape)}.`,
        );
      }
      sizes.set(each, Math.max(size === 0 || known === 0 ? 0 : size, size === 0 || known === 0 ? 0 : known));
    }
  }
  const output = outputLetters(equation, terms, result, sizes);

  let joined = lettered[0]!;
  for (let i = 1; i < lettered.length; i++) {
    const needed = new Set([...output, ...lettered.slice(i + 1).flatMap(({ letters }) => letters)]);
    joined = contract(joined, lettered[i]!, needed, sizes);
  }
  return arranged(sumOut(joined, new Set(output)), output);
}

function outputLetters(
  equation: string,
  terms: readonly string[],
  result: string | undefined,
  sizes: ReadonlyMap<string, number>,
): string[] {
  const hidden = [...sizes.keys()].filter((each) => /\d/.test(each)).length;
  if (result === undefined) {
    const all = terms.join("").replaceAll("...", "");
    const single = [...new Set(all.split(""))]
      .filter((each) => all.indexOf(each) === all.lastIndexOf(each))
      .sort();
    return [...lettersOf(equation, hidden > 0 ? "..." : "", hidden), ...single];
  }
  const letters = lettersOf(equation, result, hidden);
  for (const [i, each] of letters.entries()) {
    if (!sizes.has(each)) throw invalid(equation, `the output's ${each} is in no operand.`);
    if (letters.indexOf(each) !== i) throw invalid(equation, `the output names ${each} twice.`);
  }
  return letters;
}

// The rows of the speed table and what is aimed at in each.

/** What a row's time should be, in words and as a rule for the best windows of all programs. */
export interface Aim {
  text: string;
  /** null where there is nothing to compare with. */
  met(best: ReadonlyMap<string, number>): boolean | null;
}

export interface Row {
  id: string;
  /** Rows that are chosen and shown together. */
  group: string;
  name: string;
  aims: Aim[];
}

export const DESCENT = "Descent";
export const TENSORFLOW_WASM = "TF.js wasm";
export const TENSORFLOW_CPU = "TF.js cpu";
export const PYTORCH = "PyTorch";
export const GRADIENT = "own gradient";
export const PEAK = "peak";

/** Ours takes at most `factor` times what another program takes. */
function against(name: string, factor: number, text: string): Aim {
  return {
    text,
    met(best) {
      const [ours, theirs] = [best.get(DESCENT), best.get(name)];
      return ours === undefined || theirs === undefined ? null : ours <= factor * theirs;
    },
  };
}

const pytorch = (factor: number, text: string): Aim => against(PYTORCH, factor, `≤ ${text}`);
const tensorflow = (times: number): Aim => against(TENSORFLOW_WASM, 1 / times, `≤ TF.js/${times}`);

/** Ours takes at most so many µs. */
const atMost = (micros: number): Aim => ({
  text: `≤ ${micros} µs`,
  met: (best) => {
    const ours = best.get(DESCENT);
    return ours === undefined ? null : ours <= micros;
  },
});

const row = (id: string, name: string, aims: Aim[], group = id): Row => ({ id, group, name, aims });

/** Sides of the square matrices that are multiplied. */
export const productSizes = [64, 256, 1024] as const;

/** Batches over which a step of the digits net is watched growing. */
export const growthBatches = [1, 4, 16, 64, 256, 1024, 4096] as const;

export const rows: readonly Row[] = [
  row("a", "2-64-64-2, batch 32, Adam", [pytorch(1 / 14, "PyTorch/14"), tensorflow(40)]),
  row("b", "784-256-128-10, batch 64, momentum", [pytorch(1.25, "1.25 PyTorch"), tensorflow(20)]),
  row("c", "784-256-128-10, batch 1, momentum", [pytorch(1 / 6, "PyTorch/6"), tensorflow(40)]),
  row("d", "784-256-128-10, batch 1024, momentum", [pytorch(1.8, "1.8 PyTorch")]),
  row("e", "784-256-128-10 with batch norm, batch 64", [pytorch(1.15, "1.15 PyTorch"), tensorflow(20)]),
  row("f", "conv 8-16 3×3 on 28×28, batch 32", [pytorch(1 / 3.5, "PyTorch/3.5"), tensorflow(50)]),
  row("operation", "operation on 4 elements, there and back", [atMost(0.25)]),
  row("hvp", "Hessian-vector product, 2-64-64-2, batch 256", [
    pytorch(0.7, "0.7 PyTorch"),
    against(GRADIENT, 2, "≤ 2 own gradients"),
  ]),
  row("surface", "error surface 64×64 of the 784 net, a point", [pytorch(1 / 3.5, "PyTorch/3.5")]),
  ...productSizes.map((n) =>
    row(
      `gemm-${n}`,
      `matrix product ${n} × ${n} × ${n}`,
      n === 256 ? [against(PEAK, 1 / 0.8, "≥ 0.8 of the peak")] : [],
      "gemm",
    ),
  ),
  ...growthBatches.map((n) => row(`growth-${n}`, `784-256-128-10, batch ${n}, momentum`, [], "growth")),
];

/** What `--only` can name. */
export const groups: readonly string[] = [...new Set(rows.map(({ group }) => group)), "size"];

// Trains deep networks with and without warm-up, in six settings and from twenty starts each.
// `npx tsx lessons/schedules/warm-up.ts` writes warm-up.json beside this file, which the chapter imports.
// Everything random comes from fixed seeds, and the engine gives the same bits everywhere.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Generator, type Tensor, data, nn, optim, tensor } from "../../src/engine/index.ts";

const width = 32;
const depth = 8;
const warmup = 100;
const updates = 600;
const batchSize = 50;
const seeds = Array.from({ length: 20 }, (_, i) => i + 1);

export const settings = [
  { scale: 2, method: "momentum", lr: 0.005 },
  { scale: 1.5, method: "momentum", lr: 0.02 },
  { scale: 1, method: "momentum", lr: 0.02 },
  { scale: 1, method: "momentum", lr: 0.1 },
  { scale: 1, method: "Adam", lr: 0.003 },
  { scale: 2, method: "Adam", lr: 0.01 },
] as const;

type Setting = { scale: number; method: "momentum" | "Adam"; lr: number };

const factors = {
  none: () => 1,
  constant: (t: number) => (t < warmup ? 0.1 : 1),
  gradual: (t: number) => Math.min(1, (t + 1) / warmup),
} as const;

export type WarmUp = keyof typeof factors;

/** Twenty runs that differ only in their start and the order of their batches. */
export interface Runs extends Setting {
  warmUp: WarmUp;
  /** Share of the training examples that are right at the end, for each start. */
  accuracy: number[];
  /** Mean loss of the last ten updates of the warm-up; null: not a number. */
  before: (number | null)[];
  /** The worst loss of the thirty updates after it. */
  worstAfter: (number | null)[];
}

export interface WarmUps {
  updates: number;
  warmup: number;
  runs: Runs[];
}

const { X, y } = data.makeSpirals({ nSamples: 300, nClasses: 3, noise: 0.05, seed: 1 });

/** Eight hidden layers; the weights of each are `scale` times as large as the He start. */
function makeNetwork(scale: number, seed: number): nn.Sequential {
  const generator = new Generator(seed);
  const layers: nn.Module[] = [];
  for (let layer = 0; layer <= depth; layer++) {
    const inputs = layer === 0 ? 2 : width;
    const linear = new nn.Linear(inputs, layer < depth ? width : 3);
    nn.init.normal(linear.weight, 0, scale * Math.sqrt(2 / inputs), { generator });
    nn.init.zeros(linear.bias!);
    layers.push(linear);
    if (layer < depth) layers.push(new nn.ReLU());
  }
  return new nn.Sequential(...layers);
}

export function trainOnce(setting: Setting, warmUp: WarmUp, seed: number) {
  const { scale, method, lr } = setting;
  const network = makeNetwork(scale, seed);
  const parameters = network.parameters();
  const optimiser =
    method === "Adam" ? new optim.Adam(parameters, { lr }) : new optim.SGD(parameters, { lr, momentum: 0.9 });
  const schedule = new optim.lrScheduler.LambdaLR(optimiser, { lrLambda: factors[warmUp] });
  const shuffle = new Generator(100 + seed);
  const lossOf = new nn.CrossEntropyLoss();
  const losses: number[] = [];
  let order: number[] = [];
  for (let update = 0; update < updates; update++) {
    if (order.length === 0) order = shuffle.permutation(300);
    const batch = tensor(order.splice(0, batchSize), { dtype: "int32" });
    optimiser.zeroGrad();
    const loss = lossOf.forward(network.forward(X.index(batch)), y.index(batch));
    loss.backward();
    optimiser.step();
    schedule.step();
    losses.push(loss.item());
  }
  const before = losses.slice(warmup - 10, warmup).reduce((sum, loss) => sum + loss, 0) / 10;
  const worstAfter = Math.max(...losses.slice(warmup, warmup + 30));
  return {
    accuracy: Number(shareRight(network.forward(X)).toFixed(4)),
    before: finite(before),
    worstAfter: finite(worstAfter),
  };
}

function shareRight(scores: Tensor): number {
  return scores.argmax(1).eq(y).float().mean().item();
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toFixed(4)) : null;
}

export function runAll(starts: readonly number[]): WarmUps {
  const runs = settings.flatMap(({ scale, method, lr }) =>
    (["none", "constant", "gradual"] as const).map((warmUp) => {
      const each = starts.map((seed) => trainOnce({ scale, method, lr }, warmUp, seed));
      return {
        scale,
        method,
        lr,
        warmUp,
        accuracy: each.map(({ accuracy }) => accuracy),
        before: each.map(({ before }) => before),
        worstAfter: each.map(({ worstAfter }) => worstAfter),
      };
    }),
  );
  return { updates, warmup, runs };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = runAll(seeds);
  writeFileSync(new URL("warm-up.json", import.meta.url), `${JSON.stringify(found, null, 2)}\n`);
}

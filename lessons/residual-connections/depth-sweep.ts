// Trains plain and residual networks of several depths at several learning rates, as the chapter's cells do with a few of them.
// `npx tsx lessons/residual-connections/depth-sweep.ts` writes depth-sweep.json beside this file, which the chapter
// imports. Everything random comes from seeds, and the engine gives the same bits everywhere.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Generator, data, nn, optim, tensor } from "../../src/engine/index.ts";

/** The chapter's three spiral arms: 150 examples, no noise. */
const { X, y } = data.makeSpirals({
  nSamples: 150,
  nClasses: 3,
  turns: 0.75,
  scale: 2,
  noise: 0,
  seed: 1,
});

const width = 24;
const updates = 500;
const batch = 50;

export interface Setup {
  name: string;
  bend: "tanh" | "relu";
  residual: boolean;
  /** The weights' standard deviation times the root of the number of inputs. */
  gain: number;
}

export const setups: Setup[] = [
  { name: "plain tanh, gain 0.8", bend: "tanh", residual: false, gain: 0.8 },
  { name: "plain tanh, gain 1", bend: "tanh", residual: false, gain: 1 },
  { name: "plain tanh, gain 1.4", bend: "tanh", residual: false, gain: 1.4 },
  { name: "residual tanh, gain 1", bend: "tanh", residual: true, gain: 1 },
  { name: "plain ReLU, gain √2", bend: "relu", residual: false, gain: Math.SQRT2 },
  { name: "residual ReLU, gain √2", bend: "relu", residual: true, gain: Math.SQRT2 },
];

export const depths = [2, 10, 20, 30];
export const rates = [0.001, 0.003, 0.01, 0.03, 0.05, 0.1];
export const seeds = [1, 2, 3];

function layer(inputs: number, outputs: number, gain: number, generator: Generator) {
  const linear = new nn.Linear(inputs, outputs, { generator });
  nn.init.normal(linear.weight, 0, gain / Math.sqrt(inputs), { generator });
  nn.init.zeros(linear.bias!);
  return linear;
}

function network(depth: number, { bend, residual, gain }: Setup, seed: number) {
  const generator = new Generator(seed);
  const activation = () => (bend === "tanh" ? new nn.Tanh() : new nn.ReLU());
  const modules: nn.Module[] = [layer(2, width, gain, generator), activation()];
  for (let k = 1; k < depth; k++) {
    const body = new nn.Sequential(layer(width, width, gain, generator), activation());
    modules.push(residual ? new nn.Residual(body, { scale: 1 / Math.sqrt(depth) }) : body);
  }
  modules.push(layer(width, 3, 1, generator));
  return new nn.Sequential(...modules);
}

/** The loss on all examples after training. */
export function trainedLoss(depth: number, setup: Setup, rate: number, seed: number): number {
  const model = network(depth, setup, seed);
  const optimiser = new optim.SGD(model.parameters(), { lr: rate, momentum: 0.9 });
  const order = new Generator(seed + 100);
  for (let update = 0; update < updates; update++) {
    const chosen = tensor(order.permutation(150).slice(0, batch), { dtype: "int32" });
    optimiser.zeroGrad();
    nn.functional.crossEntropy(model.forward(X.indexSelect(0, chosen)), y.indexSelect(0, chosen)).backward();
    optimiser.step();
  }
  return nn.functional.crossEntropy(model.forward(X), y).item();
}

/** Of one setup, depth and rate: the final losses of the seeds, to three digits; null where the run overflowed. */
export interface Cell {
  setup: string;
  depth: number;
  rate: number;
  losses: (number | null)[];
}

export interface Sweep {
  updates: number;
  batch: number;
  width: number;
  seeds: number[];
  runs: Cell[];
}

export function sweep(only: { setups?: Setup[]; depths?: number[]; rates?: number[] } = {}): Sweep {
  const runs: Cell[] = [];
  for (const setup of only.setups ?? setups) {
    for (const depth of only.depths ?? depths) {
      for (const rate of only.rates ?? rates) {
        const losses = seeds.map((seed) => trainedLoss(depth, setup, rate, seed));
        runs.push({
          setup: setup.name,
          depth,
          rate,
          losses: losses.map((loss) => (Number.isFinite(loss) ? Number(loss.toPrecision(3)) : null)),
        });
      }
    }
  }
  return { updates, batch, width, seeds, runs };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL("depth-sweep.json", import.meta.url), `${JSON.stringify(sweep(), null, 1)}\n`);
}

// The rows' work written with the engine's public face, as a lesson would write it.
import {
  type Tensor,
  analysis,
  autograd,
  manualSeed,
  nn,
  noGrad,
  optim,
  randint,
  randn,
  tensor,
} from "../../src/engine/index.ts";
import { inProcess, type Contestant, type Work } from "./measure.ts";
import { DESCENT, GRADIENT, growthBatches, productSizes } from "./rows.ts";

const digits = [784, 256, 128, 10];
const planar = [2, 64, 64, 2];

function perceptron(sizes: readonly number[], normalise = false): nn.Sequential {
  const layers: nn.Module[] = [];
  for (let i = 0; i + 1 < sizes.length; i++) {
    layers.push(new nn.Linear(sizes[i]!, sizes[i + 1]!));
    if (i + 2 === sizes.length) break;
    if (normalise) layers.push(new nn.BatchNorm1d(sizes[i + 1]!));
    layers.push(new nn.ReLU());
  }
  return new nn.Sequential(...layers);
}

function convolutional(): nn.Sequential {
  return new nn.Sequential(
    new nn.Conv2d(1, 8, 3),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Conv2d(8, 16, 3),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(400, 10),
  );
}

const adam = (parameters: Tensor[]) => new optim.Adam(parameters, { lr: 0.001 });
const momentum = (parameters: Tensor[]) => new optim.SGD(parameters, { lr: 0.01, momentum: 0.9 });

/** One step: forward, cross-entropy, backward, update. */
function training(
  model: nn.Module,
  inputs: number[],
  classes: number,
  optimizerOf: (parameters: Tensor[]) => optim.SGD | optim.Adam,
): Work {
  const optimizer = optimizerOf(model.parameters());
  const x = randn(inputs);
  const y = randint(0, classes, [inputs[0]!]);
  return inProcess(() => {
    optimizer.zeroGrad();
    nn.functional.crossEntropy(model.forward(x), y).backward();
    optimizer.step();
  });
}

/** So many operations are chained that the loss at their end does not count. */
const CHAIN = 100;

function chain(): Work {
  const four = tensor([1, 2, 3, 4], { requiresGrad: true });
  return inProcess(
    () => {
      let x: Tensor = four;
      for (let i = 0; i < CHAIN; i++) x = x.tanh();
      x.sum().backward();
      four.grad = null;
    },
    { units: CHAIN },
  );
}

function product(n: number): Work {
  const [a, b] = [randn([n, n]), randn([n, n])];
  return inProcess(() => noGrad(() => a.matmul(b)));
}

function planarLoss(): { model: nn.Sequential; loss: () => Tensor } {
  const model = perceptron(planar);
  const [x, y] = [randn([256, 2]), randint(0, 2, [256])];
  return { model, loss: () => nn.functional.crossEntropy(model.forward(x), y) };
}

/** A product with the graph of the gradient in place, as an iteration for eigenvalues does it. */
function hessianVectorProduct(): Work {
  const { model, loss } = planarLoss();
  const { f, x } = analysis.ofModel(model, loss);
  const multiply = analysis.hessianProduct(f, x);
  const v = randn(x.shape);
  return inProcess(() => multiply(v));
}

function gradient(): Work {
  const { model, loss } = planarLoss();
  const parameters = model.parameters();
  return inProcess(() => autograd.grad(loss(), parameters));
}

const GRID = 64;

/** The whole grid at once: what all its points share, such as the first layer's products, is computed once. */
function surface(): Work {
  const model = perceptron(digits);
  const [inputs, targets] = [randn([64, 784]), randint(0, 10, [64])];
  const [first, second] = analysis.randomDirections(model);
  return inProcess(
    () =>
      analysis.lossSurface(model, inputs, (scores) => nn.functional.crossEntropy(scores, targets), {
        directions: [first!, second!],
        steps: GRID,
      }),
    { units: GRID * GRID },
  );
}

const works: Record<string, () => Work> = {
  a: () => training(perceptron(planar), [32, 2], 2, adam),
  b: () => training(perceptron(digits), [64, 784], 10, momentum),
  c: () => training(perceptron(digits), [1, 784], 10, momentum),
  d: () => training(perceptron(digits), [1024, 784], 10, momentum),
  e: () => training(perceptron(digits, true), [64, 784], 10, momentum),
  f: () => training(convolutional(), [32, 1, 28, 28], 10, momentum),
  operation: chain,
  hvp: hessianVectorProduct,
  surface,
};
for (const n of productSizes) works[`gemm-${n}`] = () => product(n);
for (const n of growthBatches) {
  works[`growth-${n}`] = () => training(perceptron(digits), [n, 784], 10, momentum);
}

function contestant(name: string, table: Record<string, () => Work>): Contestant {
  return {
    name,
    prepare(row) {
      manualSeed(0);
      return Promise.resolve(table[row]?.() ?? null);
    },
    close: () => Promise.resolve(),
  };
}

export const descent = contestant(DESCENT, works);

/** What the price of a Hessian-vector product is compared with: one gradient of the same loss. */
export const ownGradient = contestant(GRADIENT, { hvp: gradient });

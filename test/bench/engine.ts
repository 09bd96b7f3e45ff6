// How long a training step takes: `npx tsx test/bench/engine.ts`. Prints the best of several windows, in microseconds per
// step, and GFLOP/s of the matrix product. Never an assertion: times depend on the machine.
import {
  type Tensor,
  manualSeed,
  nn,
  noGrad,
  optim,
  randint,
  randn,
  tensor,
} from "../../src/engine/index.ts";

/** Best time per call over several windows of about 0.3 s, in µs. */
function measure(body: () => void): number {
  for (let i = 0; i < 20; i++) body();
  const start = performance.now();
  body();
  const once = performance.now() - start;
  const calls = Math.max(3, Math.ceil(300 / Math.max(once, 0.001)));
  let best = Infinity;
  for (let window = 0; window < 5; window++) {
    const from = performance.now();
    for (let i = 0; i < calls; i++) body();
    best = Math.min(best, (performance.now() - from) / calls);
  }
  return best * 1000;
}

function mlp(sizes: readonly number[]): nn.Sequential {
  const modules: nn.Module[] = [];
  for (let i = 0; i + 1 < sizes.length; i++) {
    if (i > 0) modules.push(new nn.ReLU());
    modules.push(new nn.Linear(sizes[i]!, sizes[i + 1]!));
  }
  return new nn.Sequential(...modules);
}

function training(
  sizes: readonly number[],
  batch: number,
  makeOptimizer: (parameters: Tensor[]) => optim.SGD | optim.Adam,
): () => void {
  manualSeed(0);
  const model = mlp(sizes);
  const optimizer = makeOptimizer(model.parameters());
  const x = randn([batch, sizes[0]!]);
  const y = randint(0, sizes.at(-1)!, [batch]);
  return () => {
    optimizer.zeroGrad();
    nn.functional.crossEntropy(model.forward(x), y).backward();
    optimizer.step();
  };
}

const digits = [784, 256, 128, 10];
const momentum = (parameters: Tensor[]) => new optim.SGD(parameters, { lr: 0.01, momentum: 0.9 });
const rows: [name: string, body: () => void][] = [
  ["a  2-64-64-2, batch 32, Adam", training([2, 64, 64, 2], 32, (p) => new optim.Adam(p))],
  ["b  784-256-128-10, batch 64, momentum", training(digits, 64, momentum)],
  ["c  the same, batch 1", training(digits, 1, momentum)],
  ["d  the same, batch 1024", training(digits, 1024, momentum)],
];
for (const [name, body] of rows)
  console.log(`${name.padEnd(40)} ${measure(body).toFixed(1).padStart(10)} µs/step`);

const four = tensor([1, 2, 3, 4], { requiresGrad: true });
const chain = measure(() => {
  let x: Tensor = four;
  for (let i = 0; i < 100; i++) x = x.tanh();
  x.sum().backward();
  four.grad = null;
});
console.log(
  `${"operation on 4 numbers, forward + backward".padEnd(40)} ${(chain / 100).toFixed(2).padStart(10)} µs`,
);

for (const n of [64, 256, 1024]) {
  const [a, b] = [randn([n, n]), randn([n, n])];
  const time = measure(() => noGrad(() => a.matmul(b)));
  console.log(
    `${`matmul ${n} × ${n} × ${n}`.padEnd(40)} ${((2 * n ** 3) / time / 1000).toFixed(1).padStart(10)} GFLOP/s`,
  );
}

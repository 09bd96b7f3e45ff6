// The program that every engine of JavaScript runs: it trains a network with batch normalisation, dropout and Adam, takes
// the eigenvalues of its Hessian, and gives a hash of every bit of all of it. It uses what a cell of a lesson may use.
import { analysis, linalg, manualSeed, nn, optim, randn } from "descent";

/** FNV-1a over the bytes of float64 numbers. NaN's own bits are not determined, so every NaN counts as the same. */
function hash(numbers: Iterable<number>): string {
  const bytes = new DataView(new ArrayBuffer(8));
  let value = 2166136261;
  for (const number of numbers) {
    if (Number.isNaN(number)) bytes.setBigUint64(0, 0x7ff8000000000000n);
    else bytes.setFloat64(0, number);
    for (let i = 0; i < 8; i++) value = Math.imul(value ^ bytes.getUint8(i), 16777619) >>> 0;
  }
  return value.toString(16).padStart(8, "0");
}

function train(dtype: "float32" | "float64"): string {
  manualSeed(5);
  const x = randn([48, 2], { dtype });
  // Three classes, by bands of a wave.
  const wave = x.mul(1.7).sin().sum(1).exp().log1p();
  const y = wave.greater(0.5).add(wave.greater(1)).to("int32");
  const model = new nn.Sequential(
    new nn.Linear(2, 8),
    new nn.BatchNorm1d(8),
    new nn.GELU(),
    new nn.Dropout(0.2),
    new nn.Linear(8, 5),
    new nn.Tanh(),
    new nn.Linear(5, 3),
  ).to(dtype);
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.02 });
  const losses: number[] = [];
  for (let step = 0; step < 200; step++) {
    optimizer.zeroGrad();
    const loss = nn.functional.crossEntropy(model.forward(x), y, { labelSmoothing: 0.05 });
    loss.backward();
    nn.utils.clipGradNorm(model.parameters(), 1);
    optimizer.step();
    losses.push(loss.item());
  }
  model.eval();
  const { f, x: parameters } = analysis.ofModel(model, () => nn.functional.crossEntropy(model.forward(x), y));
  const { eigenvalues } = linalg.eigh(analysis.hessian(f, parameters));
  const numbers = [...losses, f(parameters).item()];
  for (const values of [...Object.values(model.stateDict()), eigenvalues]) numbers.push(...values.data);
  return hash(numbers);
}

/** One hash for each element type. */
export function bits(): string {
  return `bits ${train("float32")} ${train("float64")}`;
}

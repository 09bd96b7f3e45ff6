// A program whose every bit can be compared between the places where cells run.
import type { Output } from "../../../src/runtime/index.ts";

/** Trains a small network with Adam, takes its Hessian's eigenvalues, and writes every bit as hexadecimal digits. */
export const bitsProgram = `
import { Generator, analysis, linalg, nn, optim, randn, tensor } from "descent";
const generator = new Generator(5);
const x = randn([32, 2], { generator });
const y = x.mul(1.7).sin().sum(1, true).exp().add(1).log();
const start = randn([4 * 2 + 4 + 4 + 1], { generator }).mul(0.5).toArray();
const loss = (p) => x.to(p.dtype).matmul(p.slice(0, 8).reshape([2, 4])).add(p.slice(8, 12)).tanh().matmul(p.slice(12, 16).reshape([4, 1])).sigmoid().add(p.get(16)).sub(y.to(p.dtype)).pow(2).mean();
function hash(numbers) {
  const bytes = new Uint8Array(Float64Array.from(numbers).buffer);
  let value = 2166136261;
  for (const byte of bytes) value = Math.imul(value ^ byte, 16777619) >>> 0;
  return value.toString(16);
}
const hashes = ["float32", "float64"].map((dtype) => {
  const p = tensor(start, { dtype, requiresGrad: true });
  const adam = new optim.Adam([p], { lr: 0.03 });
  for (let step = 0; step < 200; step++) {
    adam.zeroGrad();
    loss(p).backward();
    adam.step();
  }
  const eigenvalues = linalg.eigh(analysis.hessian(loss, p.detach())).eigenvalues;
  return hash([...p.toArray(), ...eigenvalues.toArray(), loss(p).item()]);
});
"bits " + hashes.join(" ");
`;

/** What the program shows. */
export function bitsOf(outputs: readonly Output[]): string {
  const value = outputs.find((output) => output.kind === "value");
  if (value?.kind !== "value" || value.value.kind !== "primitive")
    throw new Error("The program shows no text.");
  return value.value.text;
}

// The most that 128-bit multiplications and additions can do on this machine: a loop that never touches memory, with
// enough independent sums that none waits for another. Compiled for the bench alone; nothing of it is shipped.
import asc from "assemblyscript/asc";
import { inProcess, type Contestant } from "./measure.ts";
import { PEAK } from "./rows.ts";

/** With 11 sums, 2 constants and what is on its way, the 16 vector registers of an x86 processor are just not exceeded. */
const SUMS = 11;
/** Of one call: as long as a small matrix product, so that the call itself does not count. */
const ROUNDS = 100_000;
const FLOPS_OF_A_ROUND = SUMS * 4 * 2;

// The factors are arguments, since constants would be made anew in each round; the sums settle at 1.
const sums = Array.from({ length: SUMS }, (_, i) => `s${i}`);
const source = `
export function run(rounds: i32, multiplier: f32, summand: f32): f32 {
  const factor = f32x4.splat(multiplier);
  const term = f32x4.splat(summand);
  ${sums.map((sum, i) => `let ${sum} = f32x4.splat(${i}.5);`).join("\n  ")}
  for (let i = 0; i < rounds; i++) {
    ${sums.map((sum) => `${sum} = f32x4.add(f32x4.mul(${sum}, factor), term);`).join("\n    ")}
  }
  ${sums
    .slice(1)
    .map((sum) => `s0 = f32x4.add(s0, ${sum});`)
    .join("\n  ")}
  return f32x4.extract_lane(s0, 0) + f32x4.extract_lane(s0, 3);
}
`;

async function compile(): Promise<Uint8Array<ArrayBuffer>> {
  let binary: Uint8Array<ArrayBuffer> | null = null;
  const messages = asc.createMemoryStream();
  const { error } = await asc.main(
    ["peak.ts", "--outFile", "peak.wasm", "--enable", "simd", "--runtime", "stub", "--noAssert", "-O3"],
    {
      stderr: messages,
      readFile: (name) => (name === "peak.ts" ? source : null),
      listFiles: () => [],
      writeFile: (_name, contents) => {
        if (typeof contents !== "string") binary = new Uint8Array(contents);
      },
    },
  );
  if (error !== null || binary === null) throw new Error(messages.toString(), { cause: error });
  return binary;
}

/** In a row `gemm-n` it does as many additions and multiplications as an n × n × n product has. */
export async function openPeak(): Promise<Contestant> {
  const { instance } = await WebAssembly.instantiate(await compile());
  const run = instance.exports["run"] as (rounds: number, multiplier: number, summand: number) => number;
  return {
    name: PEAK,
    prepare(row) {
      const n = Number(/^gemm-(\d+)$/.exec(row)?.[1]);
      if (Number.isNaN(n)) return Promise.resolve(null);
      return Promise.resolve(
        inProcess(() => run(ROUNDS, 0.999, 0.001), { units: (ROUNDS * FLOPS_OF_A_ROUND) / (2 * n ** 3) }),
      );
    },
    close: () => Promise.resolve(),
  };
}

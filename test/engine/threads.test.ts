// Threads: any number of them gives the bits of one.
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, test } from "vitest";
import {
  OptionError,
  getNumThreads,
  manualSeed,
  nn,
  optim,
  randint,
  randn,
  setNumThreads,
} from "../../src/engine/index.ts";

const startWorker = (text: string): Worker => {
  const worker = new Worker(text, { eval: true });
  worker.unref();
  return worker;
};

afterEach(() => setNumThreads(1));

/** All parameters of a network after a few steps on batches that are worth several threads. */
function train(): number[][] {
  manualSeed(1);
  const model = new nn.Sequential(new nn.Linear(100, 90), new nn.ReLU(), new nn.Linear(90, 80));
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
  const [x, y] = [randn([613, 100]), randint(0, 80, [613])];
  for (let step = 0; step < 12; step++) {
    optimizer.zeroGrad();
    nn.functional.crossEntropy(model.forward(x), y).backward();
    optimizer.step();
  }
  return model.parameters().map((parameter) => Array.from(parameter.data));
}

describe("matrix products on several threads", () => {
  test.each([2, 3, 5])("%i threads give the bits of one", (count) => {
    const alone = train();
    setNumThreads(count, startWorker);
    expect(getNumThreads()).toBe(count);
    expect(train()).toEqual(alone);
  });

  test("helpers that never start hold up nobody", () => {
    const alone = train();
    setNumThreads(3, () => ({ postMessage: () => {}, terminate: () => {} }));
    expect(train()).toEqual(alone);
  });

  test("a number of threads that makes no sense is refused", () => {
    expect(() => setNumThreads(0)).toThrow(OptionError);
    expect(() => setNumThreads(1.5)).toThrow(/setNumThreads: count must be a whole number ≥ 1/);
  });

  test("in Node a worker must be passed", () => {
    expect(() => setNumThreads(2)).toThrow(/new Worker\(text, \{ eval: true \}\)/);
  });
});

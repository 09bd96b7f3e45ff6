// The rows' work in TensorFlow.js, on its WebAssembly backend (SIMD, one thread) and on its plain JavaScript backend.
// Labels are turned into one-hot rows once, outside; `minimize` is its shortest way through a step.
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import type { Contestant, Work } from "./measure.ts";
import { TENSORFLOW_CPU, TENSORFLOW_WASM, growthBatches, productSizes } from "./rows.ts";

type Backend = "wasm" | "cpu";

// The package's build for Node comes without derivatives.
createRequire(import.meta.url)("@tensorflow/tfjs-core/dist/register_all_gradients.js");

/**
 * The convolution of a layer, without padding, stride 1, in the order (batch, height, width, channels): as conv3d with a
 * depth of one. conv2d has no kernel for the derivative by its filter in WebAssembly and takes seven times as long in
 * JavaScript; a matrix product with patches comes second.
 */
function convolve(x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const [rows, columns, , out] = filter.shape;
  const deepInput = tf.reshape<tf.Rank.R5>(x, [batch, 1, height, width, channels]);
  const deepFilter = tf.reshape<tf.Rank.R5>(filter, [1, rows, columns, channels, out]);
  const y = tf.conv3d(deepInput, deepFilter, 1, "valid");
  return tf.reshape(y, [batch, height - rows + 1, width - columns + 1, out]);
}

function weight(shape: number[], fanIn: number): tf.Variable {
  const bound = 1 / Math.sqrt(fanIn);
  return tf.variable(tf.randomUniform(shape, -bound, bound));
}

interface Model {
  variables: tf.Variable[];
  forward: (x: tf.Tensor, variables: readonly tf.Tensor[]) => tf.Tensor;
}

function perceptron(sizes: readonly number[]): Model {
  const variables = sizes
    .slice(1)
    .flatMap((out, i) => [weight([sizes[i]!, out], sizes[i]!), weight([out], sizes[i]!)]);
  return {
    variables,
    forward(x, parts) {
      let h = x;
      for (let i = 0; i < parts.length; i += 2) {
        h = tf.add(tf.matMul(h as tf.Tensor2D, parts[i]! as tf.Tensor2D), parts[i + 1]!);
        if (i + 2 < parts.length) h = tf.relu(h);
      }
      return h;
    },
  };
}

/** With batch normalisation (batch statistics, running ones kept) between each inner layer and its ReLU. */
function normalised(sizes: readonly number[]): Model {
  const layers = sizes.slice(1).map((out, i) => ({
    weight: weight([sizes[i]!, out], sizes[i]!),
    bias: weight([out], sizes[i]!),
    gamma: tf.variable(tf.ones([out])),
    beta: tf.variable(tf.zeros([out])),
    mean: tf.variable(tf.zeros([out]), false),
    variance: tf.variable(tf.ones([out]), false),
  }));
  const follow = (running: tf.Variable, batch: tf.Tensor): void =>
    running.assign(tf.add(tf.mul(running, 0.9), tf.mul(batch, 0.1)));
  return {
    variables: layers.flatMap(({ weight, bias, gamma, beta }, i) =>
      i + 1 < layers.length ? [weight, bias, gamma, beta] : [weight, bias],
    ),
    forward(x) {
      let h = x;
      for (const [i, layer] of layers.entries()) {
        h = tf.add(tf.matMul(h as tf.Tensor2D, layer.weight as tf.Tensor2D), layer.bias);
        if (i + 1 === layers.length) return h;
        const count = h.shape[0];
        const { mean, variance } = tf.moments(h, 0);
        follow(layer.mean, mean);
        follow(layer.variance, tf.mul(variance, count / (count - 1)));
        h = tf.batchNorm2d(
          h as tf.Tensor2D,
          mean as tf.Tensor1D,
          variance as tf.Tensor1D,
          layer.beta as unknown as tf.Tensor1D,
          layer.gamma as unknown as tf.Tensor1D,
          1e-5,
        );
        h = tf.relu(h);
      }
      return h;
    },
  };
}

function convolutional(): Model {
  const variables = [
    weight([3, 3, 1, 8], 9),
    weight([8], 9),
    weight([3, 3, 8, 16], 72),
    weight([16], 72),
    weight([400, 10], 400),
    weight([10], 400),
  ];
  return {
    variables,
    forward(x, [filter1, bias1, filter2, bias2, weights, bias]) {
      const inner = (h: tf.Tensor, filter: tf.Tensor, offset: tf.Tensor) => {
        const features = convolve(h as tf.Tensor4D, filter as tf.Tensor4D);
        return tf.maxPool(tf.relu(tf.add<tf.Tensor4D>(features, offset)), 2, 2, "valid");
      };
      const h = inner(inner(x, filter1!, bias1!), filter2!, bias2!);
      return tf.add(tf.matMul(tf.reshape(h, [x.shape[0], 400]), weights! as tf.Tensor2D), bias!);
    },
  };
}

interface Problem {
  x: tf.Tensor;
  y: tf.Tensor;
}

function problem(shape: number[], classes: number): Problem {
  const labels = tf.randomUniform([shape[0]!], 0, classes, "int32");
  return { x: tf.randomNormal(shape), y: tf.cast(tf.oneHot(labels, classes), "float32") };
}

const adam = () => tf.train.adam(0.001);
const momentum = () => tf.train.momentum(0.01, 0.9);

function training(model: Model, { x, y }: Problem, optimizer: tf.Optimizer): () => void {
  const { variables, forward } = model;
  return () => {
    optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y, forward(x, variables)), false, variables);
  };
}

const CHAIN = 100;

function chain(): () => void {
  const four = tf.variable(tf.tensor1d([1, 2, 3, 4]));
  return () => {
    tf.tidy(() =>
      tf.variableGrads(() => {
        let x: tf.Tensor = four;
        for (let i = 0; i < CHAIN; i++) x = tf.tanh(x);
        return tf.sum(x);
      }, [four]),
    );
  };
}

function product(n: number): () => void {
  const [a, b] = [tf.randomNormal([n, n]), tf.randomNormal([n, n])] as [tf.Tensor2D, tf.Tensor2D];
  return () => tf.matMul(a, b).dispose();
}

/** One point of the surface: the parameters moved along both directions, then the loss. */
function surface(): () => void {
  const { variables, forward } = perceptron([784, 256, 128, 10]);
  const { x, y } = problem([64, 784], 10);
  const along = variables.map(({ shape }) => tf.randomNormal(shape, 0, 0.05));
  const across = variables.map(({ shape }) => tf.randomNormal(shape, 0, 0.05));
  let point = 0;
  return () => {
    const [a, b] = [((point % 64) - 32) / 32, (Math.floor(point / 64) - 32) / 32];
    point = (point + 1) % 4096;
    const loss = tf.tidy(() => {
      const moved = variables.map((start, i) =>
        tf.add(tf.add(start, tf.mul(along[i]!, a)), tf.mul(across[i]!, b)),
      );
      return tf.losses.softmaxCrossEntropy(y, forward(x, moved));
    });
    loss.dataSync();
    loss.dispose();
  };
}

const planar = [2, 64, 64, 2];
const digits = [784, 256, 128, 10];
const digitsStep = (batch: number) => () =>
  training(perceptron(digits), problem([batch, 784], 10), momentum());

const works: Record<string, () => () => void> = {
  a: () => training(perceptron(planar), problem([32, 2], 2), adam()),
  b: digitsStep(64),
  c: digitsStep(1),
  d: digitsStep(1024),
  e: () => training(normalised(digits), problem([64, 784], 10), momentum()),
  f: () => training(convolutional(), problem([32, 28, 28, 1], 10), momentum()),
  operation: chain,
  // No row "hvp": its losses have no second derivative.
  surface,
};
for (const n of productSizes) works[`gemm-${n}`] = () => product(n);
for (const n of growthBatches) works[`growth-${n}`] = digitsStep(n);

function contestant(name: string, backend: Backend): Contestant {
  return {
    name,
    async prepare(row): Promise<Work | null> {
      const make = works[row];
      // Growth is watched on the quicker backend only: one step of 4096 takes the other half a minute.
      if (make === undefined || (backend === "cpu" && row.startsWith("growth"))) return null;
      await tf.setBackend(backend);
      const before = new Set(Object.keys(tf.engine().registeredVariables));
      const body = make();
      return {
        units: row === "operation" ? CHAIN : 1,
        async run(calls) {
          await tf.setBackend(backend);
          const start = performance.now();
          for (let i = 0; i < calls; i++) body();
          return (performance.now() - start) * 1000;
        },
        release() {
          for (const [key, variable] of Object.entries(tf.engine().registeredVariables)) {
            if (!before.has(key)) variable.dispose();
          }
        },
      };
    },
    close: () => Promise.resolve(),
  };
}

/** Both backends, made ready in this process. */
export async function openTensorFlow(): Promise<Contestant[]> {
  const packaged = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(`${dirname(packaged)}/`);
  // Without its checks of every result, and without its advice to use another product.
  tf.enableProdMode();
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  const handlers = ["uncaughtException", "unhandledRejection"] as const;
  const own = handlers.map((name) => process.listeners(name as "exit"));
  await tf.setBackend("wasm");
  await tf.ready();
  if (tf.getBackend() !== "wasm" || (await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT")) !== true) {
    throw new Error("TensorFlow.js did not start its WebAssembly backend with SIMD.");
  }
  // Its module answers every uncaught error by printing itself; errors here should be readable.
  for (const [i, name] of handlers.entries()) {
    for (const listener of process.listeners(name as "exit")) {
      if (!own[i]!.includes(listener)) process.removeListener(name, listener);
    }
  }
  return [contestant(TENSORFLOW_WASM, "wasm"), contestant(TENSORFLOW_CPU, "cpu")];
}

/** Files that a page needs for the WebAssembly backend. */
export function tensorFlowFiles(): string[] {
  const packages = ["tfjs-core/dist/tf-core.fesm.min.js", "tfjs-backend-cpu/dist/tf-backend-cpu.fesm.min.js"];
  packages.push("tfjs-backend-wasm/dist/tf-backend-wasm.fesm.min.js");
  packages.push("tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm");
  return packages.map((path) => fileURLToPath(import.meta.resolve(`@tensorflow/${path}`)));
}

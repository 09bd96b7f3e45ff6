// The chapter "Activations, initialisation, residual paths": every number its text states is what its own cells compute.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { type Sweep, sweep, setups } from "../../lessons/residual-connections/depth-sweep.ts";
import { Generator, type Tensor, nn, randn } from "../../src/engine/index.ts";
import { Chapter } from "./support/chapter.ts";
import { type Claim, testClaims } from "./support/claims.ts";
import { testSoundness } from "./support/sound.ts";

const stored = JSON.parse(
  readFileSync(new URL("../../lessons/residual-connections/depth-sweep.json", import.meta.url), "utf8"),
) as Sweep;

const run = await Chapter.open("residual-connections");

beforeAll(() => run.session.runAll(), 240_000);

testSoundness(run, { exercises: 50, quizzes: 10 });

test("run-on-load cells show a picture before the reader does anything", () => {
  for (const id of ["strip", "bent", "gallery"]) expect(run.outputs(id, "plot")).toHaveLength(1);
});

type Row = Record<string, number> & { activation: string };
const slopes = (activation: string) =>
  run.get<Row[]>("slopes", "slopeTable").find((row) => row.activation === activation)!;
const collapse = () => run.get<Record<string, number>>("stack", "collapse");

interface Sent {
  spread: number[];
  gradient: number[];
  betweenExamples: number;
  saturated: number;
}
/** ReLU with 0.01, Xavier, He, 1; tanh with Xavier, 1; sigmoid with Xavier. */
const sent = (row: number) => run.get<Sent[]>("signal", "sent")[row]!;
const forward = (row: number) => sent(row).spread.at(-1);
const back = (row: number) => sent(row).gradient[0]! / sent(row).gradient.at(-1);

interface Trained {
  loss: number;
  largestWeight: number;
  apart: number;
}
const clones = () => run.get<Record<string, Trained>>("clones", "firstWeights");
const dying = (row: number) => run.get<Record<string, number>[]>("dying", "dying")[row]!;

interface DepthRun {
  depth: number;
  loss: number;
  accuracy: number;
}
const plain = (row: number) => run.get<DepthRun[]>("depth", "plainRuns")[row]!;
const residual = (row: number) => run.get<DepthRun[]>("residual", "residualRuns")[row]!;

interface Side {
  network: string;
  layer: number;
  size: number;
  "width : length": number;
}
const side = (network: string, layer: number) =>
  run.get<Side[]>("walk-down", "sides").find((row) => row.network === network && row.layer === layer)!;

/** The mean of the stored final losses; NaN where a run overflowed. */
function meanLoss(setup: string, depth: number, rate: number): number {
  const cell = stored.runs.find(
    (item) => item.setup === setup && item.depth === depth && item.rate === rate,
  )!;
  return cell.losses.reduce<number>((sum, loss) => sum + (loss ?? Number.NaN), 0) / cell.losses.length;
}
const allRates = [...new Set(stored.runs.map(({ rate }) => rate))];
const bestLoss = (setup: string, depth: number) =>
  Math.min(...allRates.map((rate) => meanLoss(setup, depth, rate)).filter((loss) => !Number.isNaN(loss)));

const range = (kind: string) => {
  const found = run.get<Record<string, number>[]>("widths", "distances").map((row) => row[kind]!);
  return [Math.min(...found), Math.max(...found)];
};

const bends = {
  tanh: (z: Tensor) => z.tanh(),
  ReLU: (z: Tensor) => z.relu(),
  swish: (z: Tensor) => nn.functional.silu(z),
};

/** What the cell “tools” draws at other settings than its first ones. */
function onStrip(
  bend: keyof typeof bends,
  scale: number,
  { normalise = false, residual: isResidual = false } = {},
) {
  const generator = new Generator(1);
  let state = randn([96, 48], { generator });
  const states: Tensor[] = [];
  for (let k = 0; k < 30; k++) {
    const W = randn([48, 48], { generator });
    let z = state.matmul(W.mul(scale / Math.sqrt(48)).requiresGrad_());
    if (normalise) z = z.sub(z.mean(0)).div(z.var(0, { correction: 0 }).add(1e-5).sqrt());
    const change = bends[bend](z);
    state = isResidual ? state.add(change.div(Math.sqrt(30))) : change;
    states.push(state.retainGrad());
  }
  state
    .mul(randn([96, 48], { generator }))
    .sum()
    .backward();
  const rms = (t: Tensor) => t.pow(2).mean().sqrt().item();
  return { signals: states.map(rms), gradients: states.map((t) => rms(t.grad!)) };
}

const claims: Claim[] = [
  // R2
  {
    text: "Five matrices with $232$ weights do what one with $6$ does",
    values: () => [3 * 8 + 3 * 64 + 16, 6],
  },
  // R1
  {
    text: "a quarter of the gradient, $0.25$, at $z = 0$, and at $z = -5$ only $0.0066$",
    values: () => {
      const row = slopes("sigmoid");
      return [row["largest slope"]!, row["first reached at"]!, -5, row["slope at -5"]!];
    },
  },
  {
    text: "it falls to $-0.27846$ at $z = -1.278$, and its slope rises above one, to $1.0998$ at $z = 2.399$",
    values: () => {
      const row = slopes("swish");
      return [row["lowest value"]!, row["reached at"]!, row["largest slope"]!, row["first reached at"]!];
    },
  },
  // R3
  {
    text: "the signal has spread $5.0 \\cdot 10^{-24}$, and the gradient shrinks by $1.2 \\cdot 10^{-22}$",
    values: () => [forward(0), back(0)],
  },
  {
    text: "$5.0 \\cdot 10^{-4}$ forward and $1.2 \\cdot 10^{-3}$ back",
    values: () => [forward(1), back(1)],
  },
  {
    text: "keeps both: $0.51$ and $0.87$. With standard deviation $1$ the signal explodes to $5.0 \\cdot 10^{16}$.",
    values: () => [forward(2), back(2), 1, forward(3)],
  },
  { text: "**Tanh with Xavier's rule**: $0.16$ and $0.27$.", values: () => [forward(4), back(4)] },
  {
    text: "$78$ per cent of the outputs lie beyond $\\pm 0.99$",
    values: () => [Math.round(sent(5).saturated * 100), 0.99],
  },
  { text: "it *grows* by $1.3 \\cdot 10^{7}$", values: () => [back(5)] },
  {
    text: "The spread, $0.115$, looks healthy.",
    values: () => [forward(6)],
  },
  {
    text: "varies only by $2.4 \\cdot 10^{-13}$. Whatever comes in, the same goes out, and of the gradient $1.1 \\cdot 10^{-12}$ is left",
    values: () => [sent(6).betweenExamples, back(6)],
  },
  // R4
  {
    text: "still exactly $0$ after 2000 updates; only the output's bias has moved, to the mean of the targets, and the loss is $2.62$",
    values: () => [clones()["all zero"]!.largestWeight, 2000, clones()["all zero"]!.loss],
  },
  {
    text: "With everything at $0.3$ the weights do move, up to $0.86$, but the difference between the units is $0$",
    values: () => [0.3, clones()["all 0.3"]!.largestWeight, clones()["all 0.3"]!.apart],
  },
  {
    text: "the loss stays at $1.38$. A random start gets to $0.0025$.",
    values: () => [clones()["all 0.3"]!.loss, clones()["random"]!.loss],
  },
  {
    text: "the network learns ($0.0093$)",
    values: () => [clones()["zero weights, random biases"]!.loss],
  },
  // Dead units
  {
    text: "Of the 96 units $7$ are dead from the start",
    values: () => [96, dying(0)["dead at first"]!],
  },
  {
    text: "At rate $2$, $63$ units end up dead and the loss stays at $0.75$",
    values: () => [dying(3)["learning rate"]!, dying(3)["dead at the end"]!, dying(3)["loss"]!],
  },
  {
    text: "With all first biases at $-1$, $47$ units begin dead, and $29$ are still so at the end.",
    values: () => [dying(5)["first biases"]!, dying(5)["dead at first"]!, dying(5)["dead at the end"]!],
  },
  {
    text: "$0.68$ in place of $0.77$ with biases of $-1$, and $0.59$ in place of $0.75$ at rate $2$",
    values: () => [
      dying(5)["loss with leaky ReLU"]!,
      dying(5)["loss"]!,
      -1,
      dying(3)["loss with leaky ReLU"]!,
      dying(3)["loss"]!,
      2,
    ],
  },
  // R5
  { text: "Two hidden layers reach a training loss of $0.016$.", values: () => [plain(0).loss] },
  {
    text: "Two layers reach $0.016$, ten $0.160$; with twenty the loss is $1.06$ and with thirty $0.97$, and no more than $44$ and $46$ per cent",
    values: () => [
      ...[0, 1, 2, 3].map((row) => plain(row).loss),
      Math.round(100 * plain(2).accuracy),
      Math.round(100 * plain(3).accuracy),
    ],
  },
  {
    text: "Now thirty layers reach $0.0008$, and depth *helps*: $0.018$ with two layers, $0.0013$ with ten, $0.0006$ with twenty.",
    values: () => [3, 0, 1, 2].map((row) => residual(row).loss),
  },
  {
    text: "from $0.53$ to $0.09$. Worse, it loses the *shape*. At layer 1 the cloud is $0.81$ times as wide as long; at layer 30 it is $0.19$",
    values: () => [
      side("plain", 1).size,
      side("plain", 30).size,
      1,
      side("plain", 1)["width : length"],
      30,
      side("plain", 30)["width : length"],
    ],
  },
  {
    text: "at layer 30 the size is $0.67$ and the ratio $0.67$",
    values: () => [30, side("residual", 30).size, side("residual", 30)["width : length"]],
  },
  // The strip with all tools
  {
    text: "**tanh at $0.8$, nothing ticked.** At layer 30 the signal is $7 \\cdot 10^{-4}$, and the gradient at layer 1 is $0.0014$. Go up to $1.4$: now the signal holds at $0.56$.",
    values: () => {
      const { signals, gradients } = onStrip("tanh", 0.8);
      return [0.8, 30, signals[29]!, 1, gradients[0]!, 1.4, onStrip("tanh", 1.4).signals[29]!];
    },
  },
  {
    text: "at $1$ it has $2 \\cdot 10^{-5}$ left",
    values: () => [1, onStrip("ReLU", 1).signals[29]!],
  },
  {
    text: "it grows by a factor of $21$ for tanh",
    values: () => [Math.round(onStrip("tanh", 1, { normalise: true }).gradients[0]!)],
  },
  {
    text: "the signal grows to $11$. With normalisation it stays at $2.5$.",
    values: () => [
      Math.round(onStrip("ReLU", 1.4, { residual: true }).signals[29]!),
      onStrip("ReLU", 1.4, { residual: true, normalise: true }).signals[29]!,
    ],
  },
  // The sweep
  { text: "its best mean loss is $1.03$", values: () => [bestLoss("plain tanh, gain 0.8", 30)] },
  {
    text: "(gain $1$) does learn at a small rate: $0.126$ at $0.003$",
    values: () => [1, meanLoss("plain tanh, gain 1", 30, 0.003), 0.003],
  },
  {
    text: "(gain $1.4$) it gets down to $0.0073$ at $0.003$",
    values: () => [1.4, meanLoss("plain tanh, gain 1.4", 30, 0.003), 0.003],
  },
  {
    text: "already at $0.01$ the same network is back at $0.93$",
    values: () => [0.01, meanLoss("plain tanh, gain 1.4", 30, 0.01)],
  },
  {
    text: "($0.70$ at $0.001$), and then gets better and better: $0.0137$ at $0.01$, $0.0018$ at $0.03$, and $0.0003$ at $0.1$",
    values: () =>
      [0.001, 0.01, 0.03, 0.1].flatMap((rate) => [meanLoss("residual tanh, gain 1", 30, rate), rate]),
  },
  {
    text: "Plain: $0.18$ at best. Residual: $0.033$ at $0.01$",
    values: () => [bestLoss("plain ReLU, gain √2", 30), meanLoss("residual ReLU, gain √2", 30, 0.01), 0.01],
  },
  {
    text: "with ten layers, gain $1.4$ has a loss of $0.0007$ at the rate $0.03$",
    values: () => [1.4, meanLoss("plain tanh, gain 1.4", 10, 0.03), 0.03],
  },
  // Landscapes
  {
    text: "with losses of $0.0024$ and $0.0006$ at the middle",
    values: () => {
      const losses = run.get<Record<string, number>>("landscape", "trainedLosses");
      return [losses["plain"]!, losses["residual"]!];
    },
  },
  {
    text: "below $0.1$ for $0.12$ to $0.24$ of a step, that of the residual network for $0.18$ to $0.44$",
    values: () => [0.1, ...range("plain"), ...range("residual")],
  },
  {
    text: "we count $9$ separate pits where the residual network has $1$",
    values: () => run.get<{ pits: number }[]>("landscape", "pits").map(({ pits }) => pits),
  },
  {
    text: "one plane in a space of $11\\,547$ dimensions",
    values: () => {
      const { plain: model } = run.get<Record<string, nn.Module>>("landscape", "trained");
      return [model!.parameters().reduce((sum, { size }) => sum + size, 0)];
    },
  },
];

testClaims(run, claims);

describe("what the text says without a number", () => {
  test("small weights kill the signal of the opening strip, large ones saturate it", () => {
    expect(onStrip("tanh", 0.5).signals[19]).toBeLessThan(1e-5);
    expect(onStrip("tanh", 3).signals[19]).toBeGreaterThan(0.8);
  });

  test("five matrices are one, up to rounding", () => {
    expect(collapse()["largest difference"]).toBeGreaterThan(0);
    expect(collapse()["largest difference"]).toBeLessThan(4e-15);
  });

  test("two of the dead are woken at rate 0.1", () => {
    expect(dying(0)["dead at first"]! - dying(0)["dead at the end"]!).toBe(2);
  });

  test("every residual network has all training examples right", () => {
    for (const row of [0, 1, 2, 3]) expect(residual(row).accuracy).toBe(1);
    expect(plain(0).accuracy).toBe(1);
  });

  test("normalisation makes the scale of the weights vanish, and lets the gradient grow", () => {
    for (const bend of ["tanh", "ReLU"] as const) {
      const at = [0.5, 1, 3].map((scale) => onStrip(bend, scale, { normalise: true }));
      for (const { signals, gradients } of at) {
        expect(signals[29]! / at[0]!.signals[29]!).toBeCloseTo(1, 2);
        expect(gradients[0]! / at[0]!.gradients[0]!).toBeCloseTo(1, 1);
      }
    }
  });

  test("with normalisation, ReLU's gradient grows by about 300", () => {
    const { gradients } = onStrip("ReLU", 1, { normalise: true });
    expect(Math.round(gradients[0]! / 100)).toBe(3);
  });

  test("with a residual path, tanh keeps signal and gradient between 1 and 2", () => {
    for (const scale of [0.5, 0.8, 1, 1.4, 2, 3]) {
      const { signals, gradients } = onStrip("tanh", scale, { residual: true });
      for (const value of [...signals, ...gradients]) {
        expect(value).toBeGreaterThan(0.95);
        expect(value).toBeLessThan(2);
      }
    }
  });

  test("ReLU explodes at 2, and swish loses three orders of magnitude at 1.4", () => {
    expect(onStrip("ReLU", 2).signals[29]).toBeGreaterThan(1e4);
    const { signals } = onStrip("swish", 1.4);
    expect(Math.log10(signals[0]! / signals[29]!)).toBeGreaterThan(3);
  });

  test("only residual networks of thirty layers get below 0.1 at rates above 0.003", () => {
    const plainSetups = setups.filter(({ residual: isResidual }) => !isResidual);
    const good = plainSetups.flatMap(({ name }) => allRates.filter((rate) => meanLoss(name, 30, rate) < 0.1));
    expect(Math.max(...good)).toBe(0.003);
    expect(meanLoss("residual tanh, gain 1", 30, 0.1)).toBeLessThan(0.1);
  });

  test("with two layers all six kinds come to much the same", () => {
    const best = setups.map(({ name }) => bestLoss(name, 2));
    expect(Math.max(...best) / Math.min(...best)).toBeLessThan(2);
  });

  test("the residual network's ground is lower in seven of eight directions", () => {
    const distances = run.get<Record<string, number>[]>("widths", "distances");
    expect(distances).toHaveLength(8);
    expect(distances.filter((row) => row["residual"]! > row["plain"]!)).toHaveLength(7);
  });
});

test(
  "the stored sweep is what its program finds, here for two layers at one rate",
  { timeout: 60_000 },
  () => {
    const few = sweep({ setups: [setups[1]!, setups[3]!], depths: [2], rates: [0.03] });
    expect(few.runs).toHaveLength(2);
    for (const cell of few.runs) expect(stored.runs).toContainEqual(cell);
  },
);

test("the cells' networks are those of the sweep", () => {
  const cell = stored.runs.find(
    ({ setup, depth, rate }) => setup === "residual tanh, gain 1" && depth === 30 && rate === 0.05,
  )!;
  expect(Number(residual(3).loss.toPrecision(3))).toBe(cell.losses[0]);
});

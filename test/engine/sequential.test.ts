// nn.Sequential fuses neighbours and gives back what passes between its modules; what it computes must not differ by a bit
// from the same modules called one after the other.
import { describe, expect, test } from "vitest";
import { type Tensor, manualSeed, nn, noGrad, optim, randint, randn } from "../../src/engine/index.ts";

const networks: Record<string, { make: () => nn.Module[]; input: () => Tensor }> = {
  "convolutions with batch norm, pooling and dropout": {
    make: () => [
      new nn.Conv2d(1, 4, 3),
      new nn.BatchNorm2d(4),
      new nn.ReLU(),
      new nn.MaxPool2d(2),
      new nn.Conv2d(4, 6, 3, { padding: 1 }),
      new nn.ReLU(),
      new nn.AvgPool2d(2),
      new nn.Flatten(),
      new nn.Dropout(0.25),
      new nn.Linear(54, 5),
    ],
    input: () => randn([9, 1, 14, 14]),
  },
  "residual blocks with layer norm": {
    make: () => [
      new nn.Linear(12, 20),
      new nn.ReLU(),
      new nn.Residual(new nn.Sequential(new nn.LayerNorm(20), new nn.Linear(20, 20), new nn.Tanh())),
      new nn.Residual(new nn.Sequential(new nn.Linear(20, 20), new nn.ReLU(), new nn.Linear(20, 20))),
      new nn.Identity(),
      new nn.Unflatten(1, [4, 5]),
      new nn.GroupNorm(2, 4),
      new nn.Flatten(),
      new nn.Linear(20, 5),
    ],
    input: () => randn([9, 12]),
  },
  "an embedding before activations of all shapes": {
    make: () => [
      new nn.Embedding(11, 6),
      new nn.GELU(),
      new nn.Flatten(),
      new nn.ELU(),
      new nn.SiLU(),
      new nn.Linear(24, 10),
      new nn.PReLU(),
      new nn.Softplus(),
      new nn.Linear(10, 5),
    ],
    input: () => randint(0, 11, [9, 4]),
  },
};

/** The losses and parameters of some steps of training, and the scores in evaluation mode. */
function run(name: string, forward: (net: nn.Sequential, x: Tensor) => Tensor): unknown {
  manualSeed(7);
  const { make, input } = networks[name]!;
  const net = new nn.Sequential(...make());
  const optimizer = new optim.Adam(net.parameters(), { lr: 0.01 });
  const losses: number[] = [];
  for (let step = 0; step < 6; step++) {
    const [x, y] = [input(), randint(0, 5, [9])];
    optimizer.zeroGrad();
    const loss = nn.functional.crossEntropy(forward(net, x), y);
    loss.backward();
    optimizer.step();
    losses.push(loss.item());
  }
  net.eval();
  const scores = noGrad(() => forward(net, input()));
  return { losses, scores: scores.toArray(), state: net.parameters().map((p) => p.toArray()) };
}

describe("nn.Sequential computes to the bit what its modules compute one by one", () => {
  test.each(Object.keys(networks))("%s", (name) => {
    const whole = run(name, (net, x) => net.forward(x));
    const single = run(name, (net, x) => {
      let y = x;
      for (const module of net) y = module.forward(y);
      return y;
    });
    expect(whole).toEqual(single);
  });
});

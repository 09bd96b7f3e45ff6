// Memory looks after itself: long loops take constant memory, kept tensors keep their numbers, changes in place are noticed.
import { describe, expect, test } from "vitest";
import {
  MemoryError,
  autograd,
  manualSeed,
  memoryUse,
  nn,
  noGrad,
  optim,
  randn,
  setMemoryLimit,
  tensor,
  zeros,
  type Tensor,
} from "../../src/engine/index.ts";

describe("long loops", () => {
  test("the heap does not grow with the number of training steps", () => {
    const model = new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Linear(8, 1));
    const optimizer = new optim.Adam(model.parameters());
    const [x, y] = [randn([16, 2]), randn([16, 1])];
    const train = (steps: number) => {
      for (let i = 0; i < steps; i++) {
        optimizer.zeroGrad();
        nn.functional.mseLoss(model.forward(x), y).backward();
        optimizer.step();
      }
    };
    train(300);
    const { heap } = memoryUse();
    train(1200);
    expect(memoryUse().heap).toBe(heap);
  });

  test("a million training steps take no more memory than ten thousand", () => {
    const w = tensor([0.5, -0.5], { requiresGrad: true });
    const [x, y] = [tensor([1, 2]), tensor(3)];
    const optimizer = new optim.SGD([w], { lr: 1e-3 });
    const train = (steps: number) => {
      for (let i = 0; i < steps; i++) {
        optimizer.zeroGrad();
        w.mul(x).sum().sub(y).square().backward();
        optimizer.step();
      }
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };
    const before = train(10_000);
    const { heap } = memoryUse();
    const after = train(990_000);
    expect(memoryUse().heap).toBe(heap);
    // The collector runs when it likes: what would pile up here is 500 MB and more.
    expect(after - before).toBeLessThan(100 * 2 ** 20);
  }, 60_000);

  test("kept losses do not keep the graphs behind them", () => {
    const w = randn([64, 64], { requiresGrad: true });
    const kept: Tensor[] = [];
    for (let i = 0; i < 20_000; i++) {
      const loss = w.mul(0.5).square().mean();
      loss.backward();
      w.grad = null;
      kept.push(loss);
    }
    expect(new Set(kept.map((loss) => loss.item())).size).toBe(1);
    // Each graph holds 48 kB of intermediate results: a gigabyte in all.
    expect(process.memoryUsage().arrayBuffers).toBeLessThan(300 * 2 ** 20);
  });

  test("large temporary tensors do not pile up on the heap", () => {
    const make = () => noGrad(() => zeros([512, 512]).add(1).sum().item());
    for (let i = 0; i < 70; i++) make();
    const { heap } = memoryUse();
    for (let i = 0; i < 140; i++) expect(make()).toBe(512 * 512);
    expect(memoryUse().heap).toBe(heap);
  });
});

describe("what is kept stays valid", () => {
  test("losses pushed to a list keep their values over any number of steps", () => {
    const kept: Tensor[] = [];
    for (let i = 0; i < 5000; i++) {
      kept.push(tensor([i, i + 0.5]).mul(2));
      randn([64]).square().sum();
    }
    for (const [i, x] of kept.entries()) expect(x.toArray()).toEqual([2 * i, 2 * i + 1]);
  });

  test("large tensors keep their numbers too, and can be used again after a long pause", () => {
    const kept = Array.from({ length: 40 }, (_, i) => tensor(i).expand([300, 300]).add(0.5));
    for (let i = 0; i < 80; i++) noGrad(() => zeros([600, 600]).add(i));
    for (const [i, x] of kept.entries()) {
      expect(x.mean().item()).toBeCloseTo(i + 0.5, 5);
      expect(x.add(1).get(299, 299).item()).toBe(i + 1.5);
    }
  });

  test("a graph survives arbitrary work between forward and backward", () => {
    const w = tensor([1, 2, 3], { dtype: "float64", requiresGrad: true });
    const loss = w.square().sum();
    for (let i = 0; i < 20000; i++) noGrad(() => w.mul(i));
    loss.backward();
    expect(w.grad!.toArray()).toEqual([2, 4, 6]);
  });
});

describe("what the engine releases is out of everybody's reach", () => {
  const model = () =>
    new nn.Sequential(new nn.Linear(8, 300), new nn.ReLU(), new nn.Flatten(), new nn.Linear(300, 4));

  test("a gradient that was looked at stays as it was, over any number of further steps", () => {
    const net = model();
    const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
    const x = randn([32, 8]);
    const kept: [Tensor, number[]][] = [];
    for (let i = 0; i < 300; i++) {
      optimizer.zeroGrad();
      net.forward(x).square().mean().backward();
      if (i % 50 === 0) {
        const gradient = net.parameters()[0]!.grad!;
        kept.push([gradient, Array.from(gradient.data)]);
      }
      optimizer.step();
    }
    for (const [gradient, numbers] of kept) expect(Array.from(gradient.data)).toEqual(numbers);
  });

  test("a module of one's own may keep what passes through it", () => {
    class Probe extends nn.Module {
      seen: Tensor[] = [];
      override forward(x: Tensor): Tensor {
        this.seen.push(x);
        return x;
      }
    }
    const probe = new Probe();
    const net = new nn.Sequential(
      new nn.Linear(8, 300),
      new nn.ReLU(),
      new nn.Flatten(),
      probe,
      new nn.Linear(300, 4),
    );
    const x = randn([32, 8]);
    net.forward(x).sum().backward();
    noGrad(() => net.forward(x));
    const [first, second] = probe.seen.map((tensor) => tensor.toArray());
    for (let i = 0; i < 50; i++)
      net
        .forward(randn([32, 8]))
        .sum()
        .backward();
    expect(probe.seen[0]!.toArray()).toEqual(first);
    expect(probe.seen[1]!.toArray()).toEqual(second);
    expect(first).toEqual(second);
  });

  test("training through nn.Sequential gives the bits of the same layers called one by one", () => {
    const run = (forward: (net: nn.Sequential, x: Tensor) => Tensor) => {
      manualSeed(3);
      const net = model();
      const optimizer = new optim.SGD(net.parameters(), { lr: 0.1, momentum: 0.9 });
      const x = randn([32, 8]);
      for (let i = 0; i < 20; i++) {
        optimizer.zeroGrad();
        forward(net, x).square().mean().backward();
        optimizer.step();
      }
      return net.parameters().map((parameter) => parameter.toArray());
    };
    const whole = run((net, x) => net.forward(x));
    const single = run((net, x) => {
      let y = x;
      for (const module of net) y = module.forward(y);
      return y;
    });
    expect(whole).toEqual(single);
  });

  test("two leaves that receive the same gradient can change theirs independently", () => {
    const [a, b] = [tensor([1, 2], { requiresGrad: true }), tensor([3, 4], { requiresGrad: true })];
    a.add(b).sum().backward();
    a.grad!.mul_(10);
    expect(a.grad!.toArray()).toEqual([10, 10]);
    expect(b.grad!.toArray()).toEqual([1, 1]);
  });

  test("the gradient passed to backward is the caller's and stays so", () => {
    const w = tensor([1, 2], { requiresGrad: true });
    const gradient = tensor([0.5, 0.25]);
    w.mul(1).backward({ gradient });
    w.grad!.mul_(8);
    randn([64]).square();
    expect(gradient.toArray()).toEqual([0.5, 0.25]);
  });
});

describe("changes in place", () => {
  test("a saved tensor that was changed makes backward fail", () => {
    const w = tensor([1, 2], { requiresGrad: true });
    const x = tensor([3, 4]);
    const y = w.mul(x).sum();
    x.add_(1);
    expect(() => y.backward()).toThrow(/mul needs.*changed in place/);
  });

  test("also through a reshape, which shares the numbers", () => {
    const w = tensor([1, 2], { requiresGrad: true });
    const x = tensor([3, 4]);
    const y = w.mul(x).sum();
    x.reshape([2, 1]).fill_(0);
    expect(() => y.backward()).toThrow(/changed in place/);
  });

  test("a tensor that was not saved may change", () => {
    const w = tensor([1, 2], { requiresGrad: true });
    const x = tensor([3, 4]);
    const y = w.add(x).sum();
    x.fill_(100);
    y.backward();
    expect(w.grad!.toArray()).toEqual([1, 1]);
  });

  test("parameters change in place only inside noGrad", () => {
    const w = tensor([1, 2], { requiresGrad: true });
    expect(() => w.sub_(1)).toThrow(/noGrad/);
    noGrad(() => w.sub_(1));
    expect(w.toArray()).toEqual([0, 1]);
  });

  test("an optimiser step between forward and backward is noticed", () => {
    const w = tensor([1, 2], { requiresGrad: true });
    const optimizer = new optim.SGD([w], { lr: 0.1 });
    const first = w.square().sum();
    const second = w.square().sum();
    first.backward();
    optimizer.step();
    expect(() => second.backward()).toThrow(/changed in place/);
  });
});

test("a tensor over the limit is refused before anything is allocated", () => {
  expect(() => zeros([100_000, 100_000])).toThrow(MemoryError);
  expect(() => zeros([100_000, 100_000])).toThrow(/37\.3 GB.*limit is 1\.0 GB/);
  setMemoryLimit(32 * 2 ** 20);
  try {
    expect(() => zeros([4096, 4096])).toThrow(/64\.0 MB.*32\.0 MB/);
  } finally {
    setMemoryLimit(2 ** 30);
  }
});

describe("gradients over several calls", () => {
  test("grad adds up until zeroGrad", () => {
    const w = tensor(3, { requiresGrad: true });
    w.square().backward();
    w.square().backward();
    expect(w.grad!.item()).toBe(12);
    new optim.SGD([w]).zeroGrad();
    expect(w.grad).toBeNull();
  });

  test("a freed graph cannot be walked again, a retained one can", () => {
    const w = tensor(3, { requiresGrad: true });
    const y = w.square();
    y.backward({ retainGraph: true });
    y.backward();
    expect(() => y.backward()).toThrow(/freed/);
  });

  test("graphs deeper than the call stack", () => {
    const w = tensor(1, { requiresGrad: true });
    let y: Tensor = w;
    for (let i = 0; i < 50_000; i++) y = y.add(0);
    y.backward();
    expect(w.grad!.item()).toBe(1);
  });

  test("detectAnomaly names the operation that made the NaN", () => {
    const x = tensor([1, -1], { requiresGrad: true });
    expect(() => autograd.detectAnomaly(() => x.log())).toThrow(/log gave NaN at position 1/);
    expect(() => autograd.detectAnomaly(() => x.sub(x).abs().sqrt().mul(0).sum().backward())).toThrow(
      /The backward of sqrt gave NaN/,
    );
  });
});

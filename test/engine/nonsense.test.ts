// Nonsense in, an error of the engine out: whatever is passed to a public function, the engine itself never stumbles with a
// TypeError or RangeError. What the errors say is in wrong-calls/.
import { describe, expect, test } from "vitest";
import * as engine from "../../src/engine/index.ts";

const { EngineError, Tensor, ones, tensor, zeros } = engine;

type Callable = (...args: unknown[]) => unknown;

/** One of each kind of thing that people pass by mistake. */
const values: [shown: string, value: unknown][] = [
  ["undefined", undefined],
  ["null", null],
  ['"a"', "a"],
  ["NaN", NaN],
  ["-1", -1],
  ["1.5", 1.5],
  ["2", 2],
  ["1000", 1000],
  ["true", true],
  ["{}", {}],
  ["[]", []],
  ["[1, 2]", [1, 2]],
  ['["a"]', ["a"]],
  ["() => 1", () => 1],
  ["a matrix", ones([2, 3])],
  ["an empty tensor", zeros([0])],
  ["int32", tensor([0, 5], { dtype: "int32" })],
];

/** These change how the engine works for everybody who comes after; Optimizer is abstract. */
const leftOut = new Set(["setMemoryLimit", "setNumThreads", "manualSeed", "Optimizer"]);

/** Calls with no, each and each two of the values; what an error other than the engine's own says. */
function stumbles(name: string, call: Callable): string[] {
  const found: string[] = [];
  const attempt = (...args: [shown: string, value: unknown][]): void => {
    try {
      call(...args.map(([, value]) => value));
    } catch (error) {
      if (error instanceof EngineError) return;
      found.push(`${name}(${args.map(([shown]) => shown).join(", ")}): ${String(error)}`);
    }
  };
  attempt();
  for (const first of values) {
    attempt(first);
    for (const second of values) attempt(first, second);
  }
  return found;
}

/** Functions and classes of a namespace and of those inside it; errors and bases are not for calling. */
function callables(prefix: string, namespace: object): [name: string, call: Callable][] {
  return Object.entries(namespace).flatMap(([name, value]: [string, unknown]): [string, Callable][] => {
    if (leftOut.has(name) || name.endsWith("Error")) return [];
    if (typeof value === "object" && value !== null) return callables(`${prefix}${name}.`, value);
    if (typeof value !== "function") return [];
    if (!/^class\b/.test(Function.prototype.toString.call(value))) {
      return [[prefix + name, value as Callable]];
    }
    const construct: Callable = (...args) => Reflect.construct(value, args) as unknown;
    return [[`new ${prefix}${name}`, construct]];
  });
}

/** Methods that are for the engine itself. */
const internal = new Set(["constructor", "setGradient", "checkForNaN"]);

const methods = Object.entries(Object.getOwnPropertyDescriptors(Tensor.prototype)).flatMap(
  ([name, { value }]): [string, Callable][] => {
    if (typeof value !== "function" || internal.has(name)) return [];
    return [
      [`matrix.${name}`, (...args) => Reflect.apply(value, ones([2, 3]), args) as unknown],
      [`scalar.${name}`, (...args) => Reflect.apply(value, tensor(1), args) as unknown],
      [
        `int32.${name}`,
        (...args) => Reflect.apply(value, tensor([[1, 2]], { dtype: "int32" }), args) as unknown,
      ],
    ];
  },
);

describe("nonsense never makes the engine stumble", () => {
  test.each(callables("", engine))("%s", (name, call) => {
    expect(stumbles(name, call)).toEqual([]);
  });

  test.each(methods)("%s", (name, call) => {
    expect(stumbles(name, call)).toEqual([]);
  });
});

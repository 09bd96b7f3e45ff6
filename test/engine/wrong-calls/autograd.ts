// Wrong calls of autograd.
import {
  AnomalyError,
  DtypeError,
  GradientError,
  OptionError,
  ShapeError,
  type Tensor,
  ValueError,
  autograd,
  enableGrad,
  noGrad,
  ones,
  tensor,
} from "../../../src/engine/index.ts";
import { type Groups, type Row, any, int, lists, tensors } from "./rows.ts";

const { functional } = autograd;
const w = (): Tensor => tensor([1, 2], { dtype: "float64", requiresGrad: true });
const point = ones([2], { dtype: "float64" });
/** ∂/∂x of a function that pretends: its value is x², its recorded gradient that of x. */
const wrong = (x: Tensor): Tensor => x.add(x.square().sub(x).detach()).sum();

/** A tool that takes a function and a list of inputs. */
const tool = (call: (f: never, inputs: never) => unknown): Row[] => [
  [() => call(any(undefined), any([w()])), ValueError, "undefined"],
  [() => call(any(w()), any([w()])), ValueError, "a Tensor"],
  [
    () =>
      call(
        any((x: Tensor) => x.sum()),
        any([1]),
      ),
    ValueError,
    "not 1",
  ],
  [
    () =>
      call(
        any((x: Tensor) => x.sum()),
        any(undefined),
      ),
    ValueError,
    "undefined",
  ],
  [
    () =>
      call(
        any((x: Tensor) => x.sum()),
        any([]),
      ),
    ValueError,
    "length 0",
  ],
  [
    () =>
      call(
        any(() => 3),
        any([w()]),
      ),
    ValueError,
    "not 3",
  ],
  [
    () =>
      call(
        any(() => undefined),
        any([w()]),
      ),
    ValueError,
    "undefined",
  ],
  [
    () =>
      call(
        any((x: Tensor) => x.sum()),
        any([point]),
      ),
    GradientError,
    "requiresGrad",
  ],
  [
    () =>
      call(
        any((x: Tensor) => x.sum()),
        any([tensor([1], { requiresGrad: true })]),
      ),
    DtypeError,
    "float32",
  ],
];

const checkOptions = (call: (options: never) => unknown): Row[] => [
  [() => call(any({ eps: 0 })), OptionError, "not 0"],
  [() => call(any({ eps: NaN })), OptionError, "NaN"],
  [() => call(any({ atol: -1 })), OptionError, "-1"],
  [() => call(any({ rtol: "a" })), OptionError, '"a"'],
  [() => call(any({ raiseException: 1 })), OptionError, "not 1"],
  [() => call(any({ raise_exception: true })), OptionError, "Did you mean raiseException?"],
  [() => call(any(null)), OptionError, "null"],
];

/** A tool that takes a function and a point. */
const pointTool = (call: (f: never, x: never) => unknown): Row[] => [
  ...tensors((x) =>
    call(
      any((y: Tensor) => y.sum()),
      x,
    ),
  ),
  [() => call(any(undefined), any(point)), ValueError, "undefined"],
  [() => call(any("sin"), any(point)), ValueError, '"sin"'],
  [
    () =>
      call(
        any(() => 1),
        any(point),
      ),
    ValueError,
    "not 1",
  ],
  [
    () =>
      call(
        any((y: Tensor) => y.sum()),
        any(int([1])),
      ),
    DtypeError,
    "int32",
  ],
];

export const autogradCalls: Groups = {
  "autograd.grad": [
    ...lists((output) => autograd.grad(output, [w()])),
    [() => autograd.grad(any(2), [w()]), ValueError, "not 2"],
    ...lists((input) => autograd.grad(w().sum(), input)),
    [() => autograd.grad(w().sum(), any([1])), ValueError, "not 1"],
    [() => autograd.grad(any([w().sum(), null]), [w()]), ValueError, "null"],
    [() => autograd.grad(w().sum(), [w()]), GradientError, "allowUnused"],
    [() => autograd.grad(w().sum(), [point]), GradientError, "(2,)"],
    [() => autograd.grad(w().mul(2), [w()]), GradientError, "(2,)"],
    [() => autograd.grad(point, [w()]), GradientError, "(2,)"],
    [() => autograd.grad(w().sum(), [w()], any({ create_graph: true })), OptionError, "createGraph"],
    [() => autograd.grad(w().sum(), [w()], any(true)), OptionError, "true"],
    [() => autograd.grad(w().mul(2), [w()], { gradOutputs: ones([3]) }), ShapeError, "(3,)"],
    [() => autograd.grad(w().mul(2), [w()], any({ gradOutputs: 1 })), ValueError, "not 1"],
    [() => autograd.grad(w().mul(2), [w()], any({ gradOutputs: ["a"] })), ValueError, '"a"'],
    [() => autograd.grad(w().sum(), [w()], { gradOutputs: [ones([]), ones([])] }), ValueError, "2"],
    [() => autograd.grad(w().sum(), [w()], any({ createGraph: 1 })), OptionError, "not 1"],
    [() => autograd.grad(w().sum(), [w()], any({ retainGraph: "yes" })), OptionError, '"yes"'],
    [() => autograd.grad(w().sum(), [w()], any({ allowUnused: 0 })), OptionError, "not 0"],
    [() => autograd.grad([], [w()]), ValueError, "length 0"],
  ],
  "autograd.gradcheck": [
    ...tool((f, inputs) => autograd.gradcheck(f, inputs)),
    ...checkOptions((options) => autograd.gradcheck((x) => x.sum(), [w()], options)),
    [() => autograd.gradcheck(wrong, [w()]), GradientError, "input 0 (2,) at [0]"],
    [() => autograd.gradcheck(wrong, [w()]), GradientError, "analytic gradient 1"],
  ],
  "autograd.gradgradcheck": [
    ...tool((f, inputs) => autograd.gradgradcheck(f, inputs)),
    ...checkOptions((options) => autograd.gradgradcheck((x) => x.sum(), [w()], options)),
    [() => autograd.gradgradcheck((x) => x.sum(), [w()], any({ gradOutputs: 1 })), ValueError, "not 1"],
    [
      () => autograd.gradgradcheck((x) => x.mul(x.detach()).sum(), [w()]),
      GradientError,
      "analytic gradient 0",
    ],
  ],
  "autograd.functional.jacobian": [
    ...pointTool((f, x) => functional.jacobian(f, x)),
    [() => functional.jacobian((x) => x, point, any({ strict: true })), OptionError, "strict"],
    [() => functional.jacobian((x) => x, point, any({ createGraph: 1 })), OptionError, "not 1"],
  ],
  "autograd.functional.hessian": [
    ...pointTool((f, x) => functional.hessian(f, x)),
    [() => functional.hessian((x) => x, point), ShapeError, "(2,)"],
  ],
  "autograd.functional.vjp": [
    ...pointTool((f, x) => functional.vjp(f, x, ones([]))),
    ...tensors((v) => functional.vjp((x) => x, point, v)),
    [() => functional.vjp((x) => x, point, ones([3])), ShapeError, "(3,)"],
  ],
  "autograd.functional.jvp": [
    ...pointTool((f, x) => functional.jvp(f, x, ones([2]))),
    ...tensors((v) => functional.jvp((x) => x, point, v)),
    [() => functional.jvp((x) => x, point, ones([3])), ShapeError, "(3,)"],
  ],
  noGrad: [
    [() => noGrad(any(undefined)), ValueError, "undefined"],
    [() => noGrad(any(w())), ValueError, "Tensor"],
  ],
  enableGrad: [[() => enableGrad(any(1)), ValueError, "not 1"]],
  detectAnomaly: [
    [() => autograd.detectAnomaly(any(true)), ValueError, "true"],
    [() => autograd.detectAnomaly(any(undefined)), ValueError, "undefined"],
  ],
  sqrt: [
    [() => autograd.detectAnomaly(() => tensor([-1], { requiresGrad: true }).sqrt()), AnomalyError, "NaN"],
  ],
  "The backward of": [
    [
      () => autograd.detectAnomaly(() => tensor([0], { requiresGrad: true }).sqrt().mul(0).sum().backward()),
      AnomalyError,
      "sqrt",
    ],
  ],
};

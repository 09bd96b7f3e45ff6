// LBFGS: quasi-Newton steps from the last few changes of the gradient.
import { noGrad } from "../autograd/tape.ts";
import { DtypeError, OptionError, ValueError, checkNumber, describe } from "../errors.ts";
import { cat } from "../ops/layout.ts";
import { Tensor } from "../tensor.ts";
import { strongWolfe, type Place } from "./line-search.ts";
import { checkChoice, checkRates } from "./options.ts";
import { Optimizer, type ParameterGroup, type Parameters } from "./optimizer.ts";
import { dictionary, restoreNumber, restoreTensor, type SavedState } from "./state.ts";

export interface LBFGSOptions {
  /** Length of a step; with a line search the first length tried. Default 1. */
  lr: number;
  /** Most iterations of one `step`. Default 20. */
  maxIter: number;
  /** Most evaluations of the closure in one `step`; null: 1.25·maxIter. Default null. */
  maxEval: number | null;
  /** Stop when no number of the gradient is larger. Default 1e-7. */
  toleranceGrad: number;
  /** Stop when neither the loss nor any parameter changes more. Default 1e-9. */
  toleranceChange: number;
  /** How many changes to remember. Default 100. */
  historySize: number;
  /** "strongWolfe" searches along each direction, null takes lr as it is. Default null. */
  lineSearchFn: "strongWolfe" | null;
}

/** A remembered change: of the gradient (y), of the parameters (s), and 1/(y·s). */
interface Change {
  y: Tensor;
  s: Tensor;
  rho: number;
}

const defaults: LBFGSOptions = {
  lr: 1,
  maxIter: 20,
  maxEval: null,
  toleranceGrad: 1e-7,
  toleranceChange: 1e-9,
  historySize: 100,
  lineSearchFn: null,
};

const owner = "optim.LBFGS";

/** Changes with a smaller y·s say nothing about the curvature. */
const LEAST_CURVATURE = 1e-10;

/**
 * Limited-memory BFGS (Nocedal, 1980; Nocedal and Wright, Numerical Optimization, algorithm 7.4). Each iteration goes along
 * −H·g, where H is the inverse Hessian as the last `historySize` changes of the gradient tell it, starting from
 * (y·s)/(y·y)·I. One `step` makes up to maxIter iterations, and calls the closure for each:
 *
 *     optimizer.step(() => {
 *       optimizer.zeroGrad();
 *       const loss = nn.functional.mseLoss(model.forward(x), y);
 *       loss.backward();
 *       return loss;
 *     });
 *
 * Use it with the whole data set: noise in the gradient looks like curvature. One parameter group, one dtype.
 */
export class LBFGS extends Optimizer<LBFGSOptions> {
  #iterations = 0;
  #evaluations = 0;
  #history: Change[] = [];
  /** The diagonal that H starts from. */
  #scale = 1;
  /** The last direction, how far it was gone, and the gradient and loss before that; null before the first iteration. */
  #last: { direction: Tensor; t: number; gradient: Tensor; loss: number } | null = null;

  constructor(parameters: Parameters<LBFGSOptions>, options: Partial<LBFGSOptions> = {}) {
    super(owner, parameters, options, defaults);
  }

  override addParamGroup(group: ParameterGroup<LBFGSOptions>): void {
    if (this.groups.length > 0) throw new OptionError(`${owner}: there can be only one parameter group.`);
    super.addParamGroup(group);
    const types = new Set(this.allParameters().map(({ dtype }) => dtype));
    if (types.size > 1) {
      throw new DtypeError(
        `${owner}: all parameters must have one dtype; here are ${[...types].join(" and ")}.`,
      );
    }
  }

  protected override checkOptions(options: LBFGSOptions): void {
    checkRates(owner, options, ["lr", "toleranceGrad", "toleranceChange"]);
    checkNumber(owner, "maxIter", options.maxIter, { min: 1, whole: true });
    if (options.maxEval !== null) checkNumber(owner, "maxEval", options.maxEval, { min: 1, whole: true });
    checkNumber(owner, "historySize", options.historySize, { min: 1, whole: true });
    checkChoice(owner, "lineSearchFn", options.lineSearchFn, ["strongWolfe", null]);
  }

  /**
   * Up to maxIter iterations.
   * @param closure clears the gradients, computes the loss, calls backward and returns the loss; called repeatedly
   * @returns the loss at the beginning
   * @throws ValueError without a closure
   */
  override step(): null;
  override step<Loss extends Tensor | number>(closure: () => Loss): Loss;
  override step(closure?: () => Tensor | number): Tensor | number | null {
    if (closure === undefined) {
      throw new ValueError(
        `${owner}: step needs a function that computes the loss and calls backward, since it is evaluated several times.`,
      );
    }
    const before = this.evaluate(closure);
    noGrad(() => this.#minimise(closure, lossOf(before)));
    return before;
  }

  #minimise(closure: () => Tensor | number, startLoss: number): void {
    const { lr, maxIter, toleranceGrad, toleranceChange, lineSearchFn } = this.groups[0]!;
    const maxEval = this.groups[0]!.maxEval ?? Math.floor(maxIter * 1.25);
    let loss = startLoss;
    let gradient = this.#gradient();
    let evaluations = 1;
    this.#evaluations++;
    if (largest(gradient) <= toleranceGrad) return;
    for (let i = 1; ; i++) {
      this.#iterations++;
      const direction = this.#direction(gradient);
      let t = this.#iterations === 1 ? Math.min(1, 1 / gradient.abs().sum().item()) * lr : lr;
      const slope = dot(gradient, direction);
      const start: Place = { t: 0, loss, gradient, slope };
      this.#last = { direction, t, gradient, loss };
      if (slope > -toleranceChange) return;
      const evaluate = () => {
        const value = lossOf(this.evaluate(closure));
        return { loss: value, gradient: this.#gradient() };
      };
      let made = 0;
      if (lineSearchFn === null) {
        this.#move(direction, t);
        // What the last iteration reaches is not looked at: with noise it would say nothing about the next call.
        if (i < maxIter) {
          ({ loss, gradient } = evaluate());
          made = 1;
        }
      } else {
        const origin = this.allParameters().map((parameter) => parameter.detach().clone());
        const visit = (distance: number): Place => {
          this.#move(direction, distance);
          const found = evaluate();
          for (const [k, parameter] of this.allParameters().entries()) parameter.copy_(origin[k]!);
          return { t: distance, ...found, slope: dot(found.gradient, direction) };
        };
        const search = strongWolfe(visit, start, t, toleranceChange / largest(direction));
        ({ t, loss, gradient } = search.place);
        made = search.evaluations;
        this.#last.t = t;
        this.#move(direction, t);
      }
      evaluations += made;
      this.#evaluations += made;
      if (i >= maxIter || evaluations >= maxEval) return;
      if (largest(gradient) <= toleranceGrad) return;
      if (Math.abs(t) * largest(direction) <= toleranceChange) return;
      if (Math.abs(loss - start.loss) < toleranceChange) return;
    }
  }

  /** −H·g, after H has learned from the last change. */
  #direction(gradient: Tensor): Tensor {
    const last = this.#last;
    if (last === null) return gradient.neg();
    const y = gradient.sub(last.gradient);
    const s = last.direction.mul(last.t);
    const curvature = dot(y, s);
    if (curvature > LEAST_CURVATURE) {
      this.#history.push({ y, s, rho: 1 / curvature });
      this.#history.splice(0, this.#history.length - this.groups[0]!.historySize);
      this.#scale = curvature / dot(y, y);
    }
    const history = this.#history;
    const alphas: number[] = [];
    let q = gradient.neg();
    for (let i = history.length - 1; i >= 0; i--) {
      const { y, s, rho } = history[i]!;
      alphas[i] = dot(s, q) * rho;
      q = q.sub(y.mul(alphas[i]!));
    }
    let r = q.mul(this.#scale);
    for (const [i, { y, s, rho }] of history.entries()) {
      r = r.add(s.mul(alphas[i]! - dot(y, r) * rho));
    }
    return r;
  }

  /** All gradients as one vector; zeros where there is none. */
  #gradient(): Tensor {
    return cat(
      this.allParameters().map((parameter) => {
        const gradient = this.gradientOf(parameter) ?? Tensor.full(parameter.shape, 0, parameter.dtype);
        return gradient.detach().reshape([-1]);
      }),
    ).clone();
  }

  /** Moves all parameters by t·direction. */
  #move(direction: Tensor, t: number): void {
    let from = 0;
    for (const parameter of this.allParameters()) {
      const part = direction.slice(from, from + parameter.size).reshape(parameter.shape);
      parameter.add_(part.mul(t));
      from += parameter.size;
    }
  }

  /** As in PyTorch all of it stands under the first parameter. */
  protected override saveState(): Record<string, SavedState> {
    if (this.#evaluations === 0) return {};
    const last = this.#last;
    return {
      0: {
        funcEvals: this.#evaluations,
        nIter: this.#iterations,
        hDiag: this.#scale,
        d: last === null ? null : last.direction.clone(),
        t: last === null ? null : last.t,
        prevFlatGrad: last === null ? null : last.gradient.clone(),
        prevLoss: last === null ? null : last.loss,
        oldDirs: this.#history.map(({ y }) => y.clone()),
        oldStps: this.#history.map(({ s }) => s.clone()),
        ro: this.#history.map(({ rho }) => rho),
      },
    };
  }

  protected override restoreState(where: string, saved: Record<string, SavedState>): void {
    const names = Object.keys(saved);
    if (names.some((name) => name !== "0")) {
      throw new ValueError(`${where}: all state stands under 0 here; the state has ${names.join(", ")}.`);
    }
    if (names.length === 0) {
      this.#evaluations = 0;
      this.#iterations = 0;
      this.#scale = 1;
      this.#last = null;
      this.#history = [];
      return;
    }
    const parameters = this.allParameters();
    const count = parameters.reduce((sum, { size }) => sum + size, 0);
    const state = dictionary(where, "state[0]", saved[0]);
    const number = (name: string) => restoreNumber(where, name, state[name]);
    const vector = (name: string, value: unknown) =>
      restoreTensor(where, name, value, [count], parameters[0]!.dtype);
    const list = (name: string): unknown[] => {
      const value = state[name];
      if (Array.isArray(value)) return value;
      throw new ValueError(`${where}: ${name} must be a list, not ${describe(value)}.`);
    };
    const last =
      state["d"] === null
        ? null
        : {
            direction: vector("d", state["d"]),
            t: number("t"),
            gradient: vector("prevFlatGrad", state["prevFlatGrad"]),
            loss: number("prevLoss"),
          };
    const [steps, rhos] = [list("oldStps"), list("ro")];
    const history = list("oldDirs").map((y, i) => ({
      y: vector(`oldDirs[${i}]`, y),
      s: vector(`oldStps[${i}]`, steps[i]),
      rho: restoreNumber(where, `ro[${i}]`, rhos[i]),
    }));
    [this.#evaluations, this.#iterations, this.#scale] = [
      number("funcEvals"),
      number("nIter"),
      number("hDiag"),
    ];
    this.#last = last;
    this.#history = history;
  }
}

/** The loss that a closure gave, as a number. */
function lossOf(loss: Tensor | number): number {
  if (typeof loss === "number") return loss;
  if (loss instanceof Tensor) return loss.item();
  throw new ValueError(
    `${owner}: the closure must return the loss, a tensor with one number, not ${describe(loss)}.`,
  );
}

function dot(a: Tensor, b: Tensor): number {
  return a.dot(b).item();
}

function largest(x: Tensor): number {
  return x.abs().max().item();
}

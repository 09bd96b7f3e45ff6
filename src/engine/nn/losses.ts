// Losses as modules: the options of nn.functional given once, forward(input, target).
import type { Tensor } from "../tensor.ts";
import * as functional from "./functional.ts";
import type { BinaryOptions, CrossEntropyOptions, LossOptions, Reduction } from "./functional.ts";
import { Module } from "./module.ts";

/** (prediction − target)²; see functional.mseLoss. */
export class MSELoss extends Module {
  readonly #options: LossOptions;
  constructor(options: LossOptions = {}) {
    super();
    this.#options = options;
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    return functional.mseLoss(input, target, this.#options);
  }
}

/** |prediction − target|; see functional.l1Loss. */
export class L1Loss extends Module {
  readonly #options: LossOptions;
  constructor(options: LossOptions = {}) {
    super();
    this.#options = options;
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    return functional.l1Loss(input, target, this.#options);
  }
}

/** Quadratic near, linear far; see functional.huberLoss. */
export class HuberLoss extends Module {
  readonly #options: LossOptions & { delta?: number };
  constructor(options: LossOptions & { delta?: number } = {}) {
    super();
    this.#options = options;
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    return functional.huberLoss(input, target, this.#options);
  }
}

/** See functional.smoothL1Loss. */
export class SmoothL1Loss extends Module {
  readonly #options: LossOptions & { beta?: number };
  constructor(options: LossOptions & { beta?: number } = {}) {
    super();
    this.#options = options;
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    return functional.smoothL1Loss(input, target, this.#options);
  }
}

/** −ln softmax(scores)[class]; see functional.crossEntropy. */
export class CrossEntropyLoss extends Module {
  readonly #options: CrossEntropyOptions;
  constructor(options: CrossEntropyOptions = {}) {
    super();
    this.#options = options;
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    return functional.crossEntropy(input, target, this.#options);
  }
}

/** −logProbability[class]; see functional.nllLoss. */
export class NLLLoss extends Module {
  readonly #options: Omit<CrossEntropyOptions, "labelSmoothing">;
  constructor(options: Omit<CrossEntropyOptions, "labelSmoothing"> = {}) {
    super();
    this.#options = options;
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    return functional.nllLoss(input, target, this.#options);
  }
}

/** Binary cross-entropy of scores; see functional.binaryCrossEntropyWithLogits. */
export class BCEWithLogitsLoss extends Module {
  readonly #options: BinaryOptions & { posWeight?: Tensor };
  constructor(options: BinaryOptions & { posWeight?: Tensor } = {}) {
    super();
    this.#options = options;
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    return functional.binaryCrossEntropyWithLogits(input, target, this.#options);
  }
}

/** Binary cross-entropy of probabilities; see functional.binaryCrossEntropy. */
export class BCELoss extends Module {
  readonly #options: BinaryOptions;
  constructor(options: BinaryOptions = {}) {
    super();
    this.#options = options;
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    return functional.binaryCrossEntropy(input, target, this.#options);
  }
}

/** Kullback–Leibler divergence; see functional.klDiv. */
export class KLDivLoss extends Module {
  readonly #options: { reduction?: Reduction | "batchmean"; logTarget?: boolean };
  constructor(options: { reduction?: Reduction | "batchmean"; logTarget?: boolean } = {}) {
    super();
    this.#options = options;
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    return functional.klDiv(input, target, this.#options);
  }
}

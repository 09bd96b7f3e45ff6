// Embedding: a learned table of vectors, read by row number.
import { noGrad } from "../autograd/tape.ts";
import type { FloatDtype } from "../dtype.ts";
import { checkNumber, checkOptions } from "../errors.ts";
import { where } from "../ops/elementwise.ts";
import type { Generator } from "../random/generator.ts";
import { Tensor } from "../tensor.ts";
import { checkGenerator } from "./functional-dropout.ts";
import { embedding, resolvePaddingIndex } from "./functional-embedding.ts";
import { normal } from "./init.ts";
import { Module, Parameter } from "./module.ts";

/**
 * Row numbers in, vectors out: int32 (…) → (…, embeddingDim).
 *
 * weight has shape (numEmbeddings, embeddingDim) and starts normal with mean 0 and standard deviation 1, as in PyTorch. The row
 * `paddingIdx` starts at zero and receives no gradient.
 */
export class Embedding extends Module {
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  readonly paddingIdx: number | null;
  weight: Parameter;

  constructor(
    numEmbeddings: number,
    embeddingDim: number,
    options: {
      /** A row that stays as it is; negative from the back. Default: none. */
      paddingIdx?: number | null;
      /** Default float32. */
      dtype?: FloatDtype;
      /** Where the initial values come from. Default: the default generator. */
      generator?: Generator;
    } = {},
  ) {
    super();
    checkOptions("nn.Embedding", options, ["paddingIdx", "dtype", "generator"]);
    checkNumber("nn.Embedding", "numEmbeddings", numEmbeddings, { min: 1, whole: true });
    checkNumber("nn.Embedding", "embeddingDim", embeddingDim, { min: 1, whole: true });
    const { dtype = "float32", generator } = options;
    checkGenerator("nn.Embedding", generator);
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.paddingIdx = resolvePaddingIndex("nn.Embedding", numEmbeddings, options.paddingIdx);
    this.weight = new Parameter(Tensor.full([numEmbeddings, embeddingDim], 0, dtype));
    normal(this.weight, 0, 1, generator === undefined ? {} : { generator });
    const { paddingIdx } = this;
    if (paddingIdx === null) return;
    const row = Tensor.adopt(
      Int32Array.from({ length: numEmbeddings }, (_, i) => Number(i === paddingIdx)),
      [numEmbeddings, 1],
      "int32",
    );
    noGrad(() => this.weight.copy_(where(row, 0, this.weight)));
  }

  override forward(indices: Tensor): Tensor {
    return embedding(indices, this.weight, { paddingIdx: this.paddingIdx });
  }

  protected override describe(): string {
    const padding = this.paddingIdx === null ? "" : `, padding ${this.paddingIdx}`;
    return `${this.numEmbeddings} rows of ${this.embeddingDim}${padding}`;
  }
}

// The namespace `data`: made-up problems, datasets and loaders, splits, scaling, augmentation, CSV.
export {
  makeCheckerboard,
  makeCircles,
  makeMoons,
  makeRings,
  makeSpirals,
  makeXor,
} from "./classification.ts";
export {
  makeBlobs,
  makeGaussianMixture,
  type BlobsOptions,
  type GaussianMixtureOptions,
} from "./mixtures.ts";
export {
  makeRareFeatures,
  makeUniqueFeatures,
  type RareFeaturesOptions,
  type UniqueFeaturesOptions,
} from "./sparse.ts";
export type { ClassificationData, ClassificationOptions } from "./frame.ts";
export {
  curves,
  makeCurve,
  makeFriedman1,
  makeFriedman2,
  makeFriedman3,
  makeRegression,
  type Curve,
  type CurveOptions,
  type MakeRegressionOptions,
  type RegressionData,
  type RegressionOptions,
} from "./regression.ts";
export { makeDoubleWell, type DoubleWellOptions, type Well } from "./double-well.ts";
export { makeGlyphs, type Glyph, type GlyphsOptions } from "./glyphs.ts";
export { strokeDigits, type StrokeDigits, type StrokeDigitsOptions } from "./digits/stroke-digits.ts";
export type { DigitShift, Handwriting } from "./digits/look.ts";
export {
  ConcatDataset,
  Dataset,
  ListDataset,
  Subset,
  TensorDataset,
  collate,
  type Batch,
} from "./dataset.ts";
export { DataLoader, type DataLoaderOptions } from "./loader.ts";
export {
  RandomSampler,
  SequentialSampler,
  WeightedRandomSampler,
  type Countable,
  type RandomSamplerOptions,
  type Sampler,
  type WeightedRandomSamplerOptions,
} from "./sampler.ts";
export { randomSplit, trainTestSplit, type TrainTestSplitOptions } from "./split.ts";
export { KFold, StratifiedKFold, bootstrap, type Fold, type KFoldOptions } from "./folds.ts";
export { MinMaxScaler, StandardScaler } from "./scalers.ts";
export { Table, parseCSV, type CSVOptions } from "./csv.ts";
export type { SeedOptions } from "./common.ts";
export * as transforms from "./transforms/index.ts";

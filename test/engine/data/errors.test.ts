// Wrong calls of `data` and `metrics` throw errors that name the function, what it was given, the rule and the fix.
import { expect, test } from "vitest";
import { EngineError, type Tensor, data, metrics, ones, tensor } from "../../../src/engine/index.ts";

const untyped = (value: unknown) => value as never;
const labels = (values: number[]): Tensor => tensor(values, { dtype: "int32" });
const { transforms } = data;
const ten = new data.TensorDataset(ones([10, 2]), labels([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]));

const calls: [name: string, call: () => unknown, code: EngineError["code"], message: RegExp][] = [
  // Seeds
  [
    "a number as generator",
    () => data.makeMoons({ generator: untyped(3) }),
    "option",
    /makeMoons: generator must be a Generator.*\{ seed: 3 \}/,
  ],
  ["generator and seed", () => data.makeMoons({ seed: 1, generator: untyped({}) }), "option", /not both/],
  [
    "a broken seed",
    () => data.strokeDigits({ seed: 1.5 }),
    "option",
    /strokeDigits: seed must be a whole number, not 1\.5/,
  ],
  // Options of problems
  [
    "an unknown option",
    () => data.makeMoons(untyped({ n_samples: 5 })),
    "option",
    /unknown option n_samples\. Did you mean nSamples\?/,
  ],
  [
    "options that are no object",
    () => data.makeRings(untyped(null)),
    "option",
    /makeRings: options must be one object/,
  ],
  [
    "no examples",
    () => data.makeMoons({ nSamples: 0 }),
    "option",
    /nSamples must be a whole number ≥ 1, not 0/,
  ],
  [
    "too many examples",
    () => data.makeMoons({ nSamples: 1e12 }),
    "memory",
    /makeMoons: a tensor of 1,000,000,000,000/,
  ],
  ["NaN noise", () => data.makeMoons({ noise: NaN }), "option", /noise must be a number ≥ 0, not NaN/],
  [
    "infinite noise",
    () => data.makeCurve(data.curves.sine(), { noise: Infinity }),
    "option",
    /noise must be finite/,
  ],
  [
    "counts for too few classes",
    () => data.makeMoons({ nSamples: [5] }),
    "option",
    /nSamples must hold 2 numbers, not 1/,
  ],
  [
    "counts and weights",
    () => data.makeMoons({ nSamples: [5, 5], weights: [1, 1] }),
    "option",
    /give one of them/,
  ],
  [
    "weights that are all 0",
    () => data.makeMoons({ weights: [0, 0] }),
    "option",
    /at least one of the weights/,
  ],
  [
    "a scale for other features",
    () => data.makeMoons({ scale: [1, 2, 3] }),
    "option",
    /scale must hold 2 numbers, not 3/,
  ],
  ["points in int32", () => data.makeMoons({ dtype: untyped("int32") }), "dtype", /"float32" or "float64"/],
  [
    "shuffle that is a number",
    () => data.makeMoons({ shuffle: untyped(1) }),
    "option",
    /shuffle must be true or false, not 1/,
  ],
  [
    "labelNoise above 1",
    () => data.makeBlobs({ labelNoise: 2 }),
    "option",
    /labelNoise must be a number ≥ 0 ≤ 1/,
  ],
  ["a factor of 1", () => data.makeCircles({ factor: 1 }), "option", /factor must be a number ≥ 0 < 1/],
  ["no rings", () => data.makeRings({ radii: [] }), "option", /radii must not be empty/],
  [
    "centers that are no points",
    () => data.makeBlobs({ centers: untyped([1, 2]) }),
    "option",
    /centers must be an array of rows/,
  ],
  [
    "centers of different lengths",
    () => data.makeBlobs({ centers: [[1, 2], [3]] }),
    "option",
    /centers\[1\] must hold 2 numbers, not 1/,
  ],
  [
    "a mixture without means",
    () => data.makeGaussianMixture(untyped({})),
    "option",
    /means must be an array of rows/,
  ],
  [
    "a covariance that is not symmetric",
    () =>
      data.makeGaussianMixture({
        means: [[0, 0]],
        covariances: [
          [
            [1, 0.5],
            [0, 1],
          ],
        ],
      }),
    "option",
    /covariances\[0\] is not symmetric/,
  ],
  [
    "a covariance that is none",
    () =>
      data.makeGaussianMixture({
        means: [[0, 0]],
        covariances: [
          [
            [1, 2],
            [2, 1],
          ],
        ],
      }),
    "option",
    /not positive definite/,
  ],
  [
    "coefficients and features",
    () => data.makeRegression({ coef: [1, 2], nFeatures: 3 }),
    "option",
    /coef \(2, 1\).*leave out nFeatures/,
  ],
  ["a curve by name", () => data.makeCurve(untyped("sine")), "value", /data\.curves\.wave\(\).*not "sine"/],
  [
    "a curve that returns a number",
    () => data.makeCurve(untyped(() => 1)),
    "value",
    /must return a tensor, not 1/,
  ],
  ["a curve that loses rows", () => data.makeCurve((x) => x.sum()), "shape", /a row for each row/],
  [
    "an empty interval",
    () => data.makeCurve(data.curves.sine(), { low: 1, high: 1 }),
    "option",
    /low must lie below high/,
  ],
  [
    "steps that do not ascend",
    () => data.curves.step({ at: [1, 0], levels: [0, 1, 2] }),
    "option",
    /at must ascend/,
  ],
  [
    "frequencies above 1",
    () => data.makeRareFeatures({ frequency: [0.5, 2] }),
    "option",
    /frequency\[1\] must be a number ≥ 0 ≤ 1/,
  ],
  [
    "glyphs of two sizes",
    () => data.makeGlyphs({ glyphs: [["##"], ["#"]] }),
    "value",
    /glyphs\[0\] is 1 × 2, glyphs\[1\]/,
  ],
  [
    "glyphs with other characters",
    () => data.makeGlyphs({ glyphs: [["#o"]] }),
    "value",
    /made of "#" and "\."/,
  ],
  [
    "a batch for the well that is a vector",
    () => data.makeDoubleWell().loss(tensor(0), ones([3])),
    "shape",
    /rows of X.*\(3,\)/,
  ],
  [
    "digits that do not exist",
    () => data.strokeDigits({ digits: [3, 10] }),
    "option",
    /digits\[1\] must be a whole number ≥ 0 ≤ 9/,
  ],
  ["a digit twice", () => data.strokeDigits({ digits: [3, 3] }), "option", /names one twice/],
  ["no digits", () => data.strokeDigits({ digits: [] }), "option", /digits must not be empty/],
  ["pictures too small", () => data.strokeDigits({ size: 4 }), "option", /size must be a whole number ≥ 8/],
  ["a shift beyond 1", () => data.strokeDigits({ shift: 2 }), "option", /shift must be a number ≥ 0 ≤ 1/],
  [
    "an unknown shift",
    () => data.strokeDigits({ shift: untyped({ weight: 1 }) }),
    "option",
    /shift: unknown option weight/,
  ],
  [
    "a shift by name",
    () => data.strokeDigits({ shift: untyped("hard") }),
    "option",
    /number from 0 to 1 or an object/,
  ],
  [
    "NaN thickness",
    () => data.strokeDigits({ thickness: NaN }),
    "option",
    /thickness must be a number ≥ 0, not NaN/,
  ],
  // Datasets
  [
    "a dataset of arrays",
    () => new data.TensorDataset(untyped([1, 2])),
    "value",
    /argument 1 must be a tensor/,
  ],
  ["a dataset of a scalar", () => new data.TensorDataset(tensor(1)), "shape", /first dimension/],
  [
    "a dataset of different lengths",
    () => new data.TensorDataset(ones([3]), ones([4])),
    "shape",
    /argument 1 has 3, argument 2 has 4/,
  ],
  ["a dataset of nothing", () => new data.TensorDataset(), "value", /at least one tensor/],
  [
    "an example that does not exist",
    () => ten.get(10),
    "index",
    /example 10 does not exist; there are 10, numbered 0 … 9/,
  ],
  ["an example counted from the back", () => ten.get(-1), "index", /example -1/],
  [
    "a subset of a tensor",
    () => new data.Subset(untyped(ones([3])), [0]),
    "value",
    /new data\.TensorDataset\(X, y\)/,
  ],
  ["a subset of what is not there", () => new data.Subset(ten, [0, 12]), "index", /example 12/],
  [
    "examples of different kinds",
    () => data.collate<unknown>([1, "a"]),
    "value",
    /the first is 1, number 1 is "a"/,
  ],
  ["an empty batch", () => data.collate([]), "value", /at least one example/],
  // Loader and samplers
  [
    "a loader of a tensor",
    () => new data.DataLoader(untyped(ones([4]))),
    "value",
    /DataLoader: needs a Dataset, not a Tensor\. Wrap tensors/,
  ],
  [
    "PyTorch's option names",
    () => new data.DataLoader(ten, untyped({ batch_size: 4 })),
    "option",
    /Did you mean batchSize\?/,
  ],
  [
    "a batch of 0",
    () => new data.DataLoader(ten, { batchSize: 0 }),
    "option",
    /batchSize must be a whole number ≥ 1/,
  ],
  [
    "sampler and shuffle",
    () => new data.DataLoader(ten, { shuffle: true, sampler: [0] }),
    "option",
    /leave out shuffle or sampler/,
  ],
  [
    "a sampler that is a number",
    () => new data.DataLoader(ten, { sampler: untyped(3) }),
    "option",
    /sampler must be a sampler or an array/,
  ],
  [
    "a collateFn that is none",
    () => new data.DataLoader(ten, { collateFn: untyped("stack") }),
    "option",
    /collateFn must be a function/,
  ],
  [
    "a sampler that leaves the dataset",
    () => [...new data.DataLoader(ten, { sampler: [11] })],
    "index",
    /example 11/,
  ],
  [
    "a sampler of nothing countable",
    () => new data.SequentialSampler(untyped("abc".length / 2)),
    "value",
    /SequentialSampler: needs a dataset/,
  ],
  ["random draws from nothing", () => new data.RandomSampler(0, { numSamples: 3 }), "value", /no examples/],
  [
    "negative weights",
    () => new data.WeightedRandomSampler([1, -1], 3),
    "option",
    /weights\[1\] must be a number ≥ 0/,
  ],
  [
    "weights that are all 0 for a sampler",
    () => new data.WeightedRandomSampler([0], 3),
    "option",
    /at least one weight/,
  ],
  [
    "more draws than examples",
    () => new data.WeightedRandomSampler([1, 0, 1], 3, { replacement: false }),
    "option",
    /at most 2/,
  ],
  // Splits
  [
    "lengths that do not add up",
    () => data.randomSplit(ten, [5, 4]),
    "option",
    /add up to 10.*\[5, 4\] add up to 9/,
  ],
  ["a split of tensors", () => data.randomSplit(untyped(ones([4])), [4]), "value", /Dataset/],
  ["a split of nothing", () => (data.trainTestSplit as () => unknown)(), "value", /at least one tensor/],
  [
    "a split of different lengths",
    () => data.trainTestSplit(ones([3]), ones([4])),
    "shape",
    /argument 2 has 4/,
  ],
  [
    "a test set of everything",
    () => data.trainTestSplit(ones([3]), { testSize: 3 }),
    "option",
    /3 examples cannot be split into 0 for training and 3/,
  ],
  [
    "a test size between the kinds",
    () => data.trainTestSplit(ones([3]), { testSize: 1.5 }),
    "option",
    /fraction between 0 and 1 or a whole number/,
  ],
  [
    "stratify by floats",
    () => data.trainTestSplit(ones([4]), { stratify: ones([4]) }),
    "dtype",
    /stratify.*\.to\("int32"\)/,
  ],
  [
    "stratify by others",
    () => data.trainTestSplit(ones([4]), { stratify: labels([0, 1]) }),
    "shape",
    /2 class numbers for 4 examples/,
  ],
  [
    "stratify a class of one",
    () => data.trainTestSplit(ones([4]), { stratify: labels([0, 0, 1, 0]) }),
    "option",
    /class 1 has one/,
  ],
  [
    "stratify without shuffle",
    () => data.trainTestSplit(ones([4]), { shuffle: false, stratify: labels([0, 0, 1, 1]) }),
    "option",
    /stratify draws at random/,
  ],
  [
    "stratify into too small a part",
    () => data.trainTestSplit(ones([4]), { testSize: 1, stratify: labels([0, 0, 1, 1]) }),
    "option",
    /each of the 2 classes/,
  ],
  ["one fold", () => new data.KFold({ nSplits: 1 }), "option", /nSplits must be a whole number ≥ 2/],
  ["a seed without shuffle", () => new data.KFold({ seed: 1 }), "option", /no effect without shuffle/],
  [
    "more folds than examples",
    () => new data.KFold({ nSplits: 5 }).split(4),
    "option",
    /4 examples cannot be split into nSplits = 5/,
  ],
  [
    "more folds than examples of a class",
    () => new data.StratifiedKFold({ nSplits: 3 }).split(4, labels([0, 1, 0, 1])),
    "option",
    /the largest has 2/,
  ],
  [
    "folds of negative classes",
    () => new data.StratifiedKFold({ nSplits: 2 }).split(2, labels([0, -1])),
    "value",
    /class number -1 at position 1/,
  ],
  ["a bootstrap of nothing", () => data.bootstrap(0), "value", /no examples to draw from/],
  // Scalers
  [
    "transform before fit",
    () => new data.StandardScaler().transform(ones([2, 2])),
    "value",
    /StandardScaler\.transform: call fit\(X\)/,
  ],
  ["the mean before fit", () => new data.StandardScaler().mean, "value", /StandardScaler\.mean: call fit/],
  [
    "other features than fitted",
    () => new data.MinMaxScaler().fit(ones([2, 3])).transform(ones([2, 2])),
    "shape",
    /features of shape \(2,\).*fitted to \(3,\)/,
  ],
  [
    "NaN in what is fitted",
    () =>
      new data.StandardScaler().fit(
        tensor([
          [1, 2],
          [3, NaN],
        ]),
      ),
    "value",
    /NaN \(row 1, feature 1/,
  ],
  ["nothing to fit", () => new data.MinMaxScaler().fit(ones([0, 2])), "shape", /holds no numbers/],
  ["an array to fit", () => new data.MinMaxScaler().fit(untyped([[1]])), "value", /must be a tensor/],
  [
    "a range that is none",
    () => new data.MinMaxScaler({ featureRange: [1, 0] }),
    "option",
    /low < high, not \[1, 0\]/,
  ],
  // CSV
  [
    "a row that is too short",
    () => data.parseCSV("a,b\n1,2\n3"),
    "value",
    /row 2 has 1 value, where the first line names 2 columns/,
  ],
  [
    "a row that is too long without header",
    () => data.parseCSV("1,2\n3,4,5", { header: false }),
    "value",
    /row 2 has 3 values, where the first row has 2/,
  ],
  [
    "a quote that does not end",
    () => data.parseCSV('a,b\n1,2\n3,"4'),
    "value",
    /row 2, column 2: the quoted field has no closing quote/,
  ],
  [
    "text behind a quote",
    () => data.parseCSV('a,b\n"x"y,2'),
    "value",
    /row 1, column 1: there is text after the closing quote/,
  ],
  ["a broken header", () => data.parseCSV('a,"b\n1,2'), "value", /the header, column 2/],
  ["two columns of one name", () => data.parseCSV("a, a\n1,2"), "value", /two columns are named "a"/],
  ["an empty text", () => data.parseCSV(" \n"), "value", /empty; its first line must name the columns/],
  ["a text that is none", () => data.parseCSV(untyped(3)), "value", /the text of a file, not 3/],
  ["a delimiter of two characters", () => data.parseCSV("a", { delimiter: "::" }), "option", /one character/],
  [
    "a column that does not exist",
    () => data.parseCSV("a,b\n1,2").column("c"),
    "value",
    /no column "c"; the columns are a, b/,
  ],
  [
    "texts as numbers",
    () => data.parseCSV("a,b\n1,2\n1,x").toTensor(),
    "value",
    /row 2, column "b": "x" is not a number.*toLabels\("b"\)/,
  ],
  [
    "a missing whole number",
    () => data.parseCSV("a,b\n1,2\n,3").toTensor(["a"], { dtype: "int32" }),
    "value",
    /row 2, column "a": the value is missing/,
  ],
  [
    "a fraction as a whole number",
    () => data.parseCSV("a\n1.5").toTensor(["a"], { dtype: "int32" }),
    "value",
    /1\.5 is not a whole number/,
  ],
  [
    "a missing class",
    () => data.parseCSV("a,b\nx,1\n,2").toLabels("a"),
    "value",
    /row 2, column "a": the value is missing/,
  ],
  // Transforms
  [
    "flips of points",
    () => transforms.randomHorizontalFlip()(ones([3, 2])),
    "shape",
    /images, \(n, channels, height, width\), not \(3, 2\)/,
  ],
  [
    "flips of whole numbers",
    () => transforms.randomVerticalFlip()(labels([1]).reshape([1, 1, 1, 1])),
    "dtype",
    /float numbers/,
  ],
  [
    "points that are images",
    () => transforms.randomPoints()(ones([3, 3])),
    "shape",
    /points, \(n, 2\), not \(3, 3\)/,
  ],
  ["a probability above 1", () => transforms.randomErasing({ p: 2 }), "option", /p must be a number ≥ 0 ≤ 1/],
  ["a scale upside down", () => transforms.randomAffine({ scale: [2, 1] }), "option", /0 < min ≤ max/],
  ["an array as a batch", () => transforms.gaussianNoise()(untyped([1])), "value", /needs a tensor/],
  [
    "a transform that is none",
    () => transforms.compose(untyped(3)),
    "value",
    /transform 1 must be a function/,
  ],
  [
    "mixup of classes whose number is unknown",
    () => transforms.mixup()(ones([2, 2]), labels([0, 1])),
    "option",
    /classes \(needed/,
  ],
  [
    "mixup of different lengths",
    () => transforms.mixup()(ones([2, 2]), ones([3, 1])),
    "shape",
    /2 examples and the targets \(3, 1\) 3/,
  ],
  // Metrics
  [
    "accuracy of one score",
    () => metrics.accuracy(ones([3, 1]), labels([0, 1, 1])),
    "shape",
    /z\.reshape\(\[-1\]\)\.greater\(0\)/,
  ],
  ["accuracy with float labels", () => metrics.accuracy(ones([3, 2]), ones([3])), "dtype", /\.to\("int32"\)/],
  [
    "accuracy with other labels",
    () => metrics.accuracy(ones([3, 2]), labels([0])),
    "shape",
    /\(3,\), not \(1,\)/,
  ],
  [
    "accuracy of arrays",
    () => metrics.accuracy(untyped([[1]]), labels([0])),
    "value",
    /predictions must be a tensor/,
  ],
  ["accuracy of nothing", () => metrics.accuracy(ones([0, 2]), labels([])), "shape", /there are no examples/],
  [
    "topk beyond the classes",
    () => metrics.accuracy(ones([1, 2]), labels([0]), { topk: 3 }),
    "option",
    /topk must be a whole number ≥ 1 ≤ 2/,
  ],
  [
    "too few classes",
    () => metrics.confusionMatrix(labels([3]), labels([0]), { classes: 2 }),
    "option",
    /classes must be a whole number ≥ 4/,
  ],
  [
    "a negative label",
    () => metrics.classReport(labels([0]), labels([-1])),
    "value",
    /the label at position 0 is -1/,
  ],
  ["R² of different shapes", () => metrics.r2Score(ones([3, 1]), ones([3])), "shape", /same shape/],
  ["R² of one example", () => metrics.r2Score(ones([1]), ones([1])), "shape", /at least two examples/],
];

test.each(calls)("%s", (_name, call, code, message) => {
  let error: unknown;
  try {
    call();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(EngineError);
  expect((error as EngineError).code).toBe(code);
  expect((error as EngineError).message).toMatch(message);
});

// The namespace `data.transforms`: augmentation, as functions from a batch to a batch.
export { compose, gaussianNoise, type NoiseOptions, type Transform } from "./transform.ts";
export {
  randomAffine,
  randomErasing,
  randomHorizontalFlip,
  randomRotation,
  randomShift,
  randomVerticalFlip,
  type AffineOptions,
  type ErasingOptions,
  type FlipOptions,
} from "./images.ts";
export { randomPoints, type PointsOptions } from "./points.ts";
export { mixup, type MixupOptions } from "./mixup.ts";

// Pictures like those of the lessons, small.
import type { Grid, Mark, PlotDescription, SurfaceDescription } from "../../../src/runtime/index.ts";

/** (1 − xy)² over [−2, 2]². */
export function saddle(size: number): Grid {
  const at = (index: number): number => -2 + (4 * index) / (size - 1);
  return {
    x: [-2, 2],
    y: [-2, 2],
    columns: size,
    rows: size,
    values: Array.from(
      { length: size * size },
      (_, index) => (1 - at(index % size) * at(Math.floor(index / size))) ** 2,
    ),
  };
}

export function plotOf(marks: Mark[], more: Partial<PlotDescription> = {}): PlotDescription {
  return { version: 1, title: "A picture", marks, ...more };
}

export const surface: SurfaceDescription = {
  version: 1,
  title: "The saddle",
  x: { label: "w₁" },
  y: { label: "w₂" },
  z: { label: "loss" },
  grid: saddle(9),
  trajectories: [{ label: "descent", x: [0.1, 0.5, 1], y: [0.1, 0.5, 1], z: [0.98, 0.5625, 0] }],
  arrows: [{ label: "λ = −2", from: [0, 0, 1], to: [0.7, 0.7, 1] }],
  handle: { input: "ball", x: 0.5, y: 0.5 },
};

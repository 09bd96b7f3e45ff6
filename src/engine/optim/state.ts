// Saved states of optimisers: tensors and numbers by name, that may have gone through JSON in between.
import { tensor, type TensorData } from "../create.ts";
import type { Dtype } from "../dtype.ts";
import { ShapeError, ValueError, describe, formatShape } from "../errors.ts";
import { Storage } from "../memory/heap.ts";
import { sameShape, type Shape } from "../shape.ts";
import { Tensor } from "../tensor.ts";

/** A value in a saved state. Tensors turn into nested arrays in JSON; both can be loaded. */
export type SavedValue = Tensor | TensorData | string | null | undefined;

/** What is remembered for one parameter, under PyTorch's names (expAvg, momentumBuffer, …). */
export type SavedState = Record<string, SavedValue | readonly SavedValue[]>;

/** What `stateDict` of an optimiser gives. */
export interface OptimizerStateDict {
  /** By the number of the parameter, counted through all groups. */
  state: Record<string, SavedState>;
  /** The options of each group; `params` are the numbers of its parameters. */
  paramGroups: (Record<string, unknown> & { params: number[] })[];
}

/** What an optimiser keeps for a parameter: numbers, and buffers of the parameter's size (null where not needed yet). */
export type Memory = Record<string, Storage | number | null>;

/** An object with names, or an error that says which. */
export function dictionary(owner: string, what: string, value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Tensor)) {
    return value as Record<string, unknown>;
  }
  throw new ValueError(
    `${owner}: ${what} must be an object as stateDict() gives it, not ${describe(value)}.`,
  );
}

/** A copy of a memory that can be kept. */
export function saveMemory(memory: Memory, shape: Shape): SavedState {
  const saved: SavedState = {};
  for (const [name, value] of Object.entries(memory)) {
    saved[name] = value instanceof Storage ? new Tensor(value, shape).clone() : value;
  }
  return saved;
}

/**
 * The memory that a saved state describes.
 * @param fresh what the memory is before the first step: it says which names there are and which of them are buffers
 */
export function restoreMemory(
  owner: string,
  number: string,
  saved: unknown,
  fresh: Memory,
  parameter: Tensor,
): Memory {
  const values = dictionary(owner, `state[${number}]`, saved);
  for (const name of Object.keys(values)) {
    if (!(name in fresh)) {
      throw new ValueError(
        `${owner}: state[${number}] has ${name}, which is unknown here; the names are ${Object.keys(fresh).join(", ")}.`,
      );
    }
  }
  const memory: Memory = {};
  for (const [name, start] of Object.entries(fresh)) {
    const value = values[name];
    const what = `${name} of state[${number}]`;
    if (typeof start === "number") {
      memory[name] = restoreNumber(owner, what, value);
    } else if (value === null && start === null) {
      memory[name] = null;
    } else {
      memory[name] = restoreTensor(owner, what, value, parameter.shape, parameter.dtype).storage;
    }
  }
  return memory;
}

export function restoreNumber(owner: string, what: string, value: unknown): number {
  if (typeof value === "number" && !Number.isNaN(value)) return value;
  throw new ValueError(`${owner}: ${what} must be a number, not ${describe(value)}.`);
}

/** A tensor of its own with the numbers of a saved one. */
export function restoreTensor(
  owner: string,
  what: string,
  value: unknown,
  shape: Shape,
  dtype: Dtype,
): Tensor {
  if (value === undefined || value === null || typeof value === "string") {
    throw new ValueError(
      `${owner}: ${what} must be a tensor of shape ${formatShape(shape)}, not ${describe(value)}.`,
    );
  }
  const restored = tensor(value as TensorData, { dtype });
  if (sameShape(restored.shape, shape)) return restored;
  throw new ShapeError(
    `${owner}: ${what} has shape ${formatShape(restored.shape)}; the parameter here has ${formatShape(shape)}.`,
  );
}

// Checks of option values that several optimisers and schedules share.
import { OptionError, checkNumber, describe } from "../errors.ts";

/** Refuses what is not a finite number ≥ 0: learning rates, ε, decays. */
export function checkRate(owner: string, name: string, value: unknown): asserts value is number {
  checkNumber(owner, name, value, { min: 0 });
  if (value === Infinity) throw new OptionError(`${owner}: ${name} must be finite, not Infinity.`);
}

/** checkRate for several options. */
export function checkRates<Options>(
  owner: string,
  options: Options,
  names: (keyof Options & string)[],
): void {
  for (const name of names) checkRate(owner, name, options[name]);
}

/** Refuses what is neither true nor false. */
export function checkSwitches<Options>(
  owner: string,
  options: Options,
  names: (keyof Options & string)[],
): void {
  for (const name of names) {
    const value = options[name];
    if (typeof value !== "boolean") {
      throw new OptionError(`${owner}: ${name} must be true or false, not ${describe(value)}.`);
    }
  }
}

/** Refuses decay rates that are not two numbers in [0, 1). */
export function checkBetas(owner: string, betas: unknown): void {
  if (!Array.isArray(betas) || betas.length !== 2) {
    throw new OptionError(
      `${owner}: betas must be two numbers [β₁, β₂], e.g. [0.9, 0.999], not ${describe(betas)}.`,
    );
  }
  for (const beta of betas) checkNumber(owner, "each of betas", beta, { min: 0, below: 1 });
}

/** Refuses a word that is not among the choices. */
export function checkChoice(
  owner: string,
  name: string,
  value: unknown,
  choices: readonly (string | null)[],
): void {
  if (choices.includes(value as string | null)) return;
  const list = choices.map((choice) => (choice === null ? "null" : `"${choice}"`)).join(" or ");
  throw new OptionError(`${owner}: ${name} must be ${list}, not ${describe(value)}.`);
}

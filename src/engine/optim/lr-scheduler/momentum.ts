// Momentum that a schedule moves against the learning rate: `momentum` of a group, or β₁ of its betas.
import { OptionError } from "../../errors.ts";
import type { AnyOptimizer } from "./scheduler.ts";

type MomentumGroup = { momentum?: number; betas?: readonly [number, number] };

/** Refuses an optimiser that has no momentum. */
export function checkHasMomentum(owner: string, optimizer: AnyOptimizer): void {
  const group = optimizer.paramGroups[0]!;
  if ("momentum" in group || "betas" in group) return;
  throw new OptionError(
    `${owner}: cycleMomentum needs an optimiser with momentum or betas. Pass { cycleMomentum: false } for this one.`,
  );
}

/** Sets the momentum of a group. */
export function setMomentum(optimizer: AnyOptimizer, position: number, momentum: number): void {
  const group = optimizer.paramGroups[position]! as MomentumGroup;
  if (group.betas === undefined) group.momentum = momentum;
  else group.betas = [momentum, group.betas[1]];
}

// One prediction: open until the reader guesses or skips it; its cell waits until then.
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { PredictBlock } from "../../lesson/index.ts";
import type { Output } from "../../runtime/index.ts";
import { type Guess, noPredictWork, type PredictWork } from "../storage/records.ts";

export class PredictModel {
  readonly id: string;
  readonly block: Signal<PredictBlock>;
  readonly work: Signal<PredictWork> = signal(noPredictWork);
  readonly open: ReadonlySignal<boolean>;

  constructor(block: PredictBlock) {
    this.id = block.id;
    this.block = signal(block);
    this.open = computed(() => this.work.value.guess === null && !this.work.value.skipped);
  }
}

export function isGuess(guess: Guess | null): guess is Guess {
  if (guess === null) return false;
  return typeof guess === "number" ? Number.isFinite(guess) : guess.length > 1;
}

/** What the cell of a prediction has shown: that it ran, and the outcome it named, if any. */
export function afterRun(work: PredictWork, id: string, outputs: readonly Output[]): PredictWork {
  const named = outputs.findLast((output) => output.kind === "outcome" && output.predict === id);
  const outcome = named?.kind === "outcome" ? named.value : null;
  return { ...work, happened: true, outcome };
}

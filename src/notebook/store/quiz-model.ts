// One quiz: the answer in the making, the answer that was checked, and what was said about it.
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { QuizBlock } from "../../lesson/index.ts";
import { noQuizWork, type QuizAnswer, type QuizWork } from "../storage/records.ts";
import type { QuizResult } from "./session.ts";

export class QuizModel {
  readonly id: string;
  readonly block: Signal<QuizBlock>;
  readonly work: Signal<QuizWork> = signal(noQuizWork);
  /** What was said about the checked answer; made anew from the lesson when the page opens. */
  readonly result: Signal<QuizResult | null> = signal(null);
  readonly checking: Signal<boolean> = signal(false);
  readonly failure: Signal<string | null> = signal(null);

  /** There is an answer to check that has not been checked. */
  readonly ready: ReadonlySignal<boolean>;
  /** Nothing can be changed any more: answered rightly, or the explanation has been seen. */
  readonly closed: ReadonlySignal<boolean>;

  constructor(block: QuizBlock) {
    this.id = block.id;
    this.block = signal(block);
    this.ready = computed(() => {
      const { draft, checked } = this.work.value;
      return toAnswer(this.block.value, draft) !== null && !sameAnswer(draft, checked);
    });
    this.closed = computed(() => this.work.value.correct || this.work.value.gaveUp);
  }
}

/** A draft as the judge takes it; `null` while it is no answer. A number is kept as it was typed. */
export function toAnswer(block: QuizBlock, draft: QuizAnswer | null): QuizAnswer | null {
  if (draft === null) return null;
  if (typeof draft === "number") return Number.isFinite(draft) ? draft : null;
  if (typeof draft !== "string") return draft.length > 0 ? draft : null;
  if (block.quiz === "numeric") return parseNumber(draft);
  return draft.trim() === "" ? null : draft;
}

export function sameAnswer(a: QuizAnswer | null, b: QuizAnswer | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** A number as people type it: a decimal comma and a true minus sign are understood, and so are fractions. */
export function parseNumber(text: string): number | null {
  const plain = text.trim().replaceAll("−", "-").replace(",", ".");
  const fraction = /^([+-]?\d+(?:\.\d+)?)\s*\/\s*(\d+(?:\.\d+)?)$/.exec(plain);
  if (fraction !== null) {
    const value = Number(fraction[1]) / Number(fraction[2]);
    return Number.isFinite(value) ? value : null;
  }
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : null;
}

export function afterAnswer(work: QuizWork, answer: QuizAnswer, result: QuizResult): QuizWork {
  return {
    ...work,
    draft: answer,
    checked: answer,
    correct: result.correct,
    points: result.points,
    tries: work.tries + 1,
  };
}

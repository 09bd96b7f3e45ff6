// Judges works, several at a time, each once. What is judged is handed on at once; what cannot be is named.
import type { SubmissionVerdict } from "../../grading/index.ts";
import type { Unjudged, Work } from "./submissions.ts";

export interface Judging {
  judged: { work: Work; verdict: SubmissionVerdict }[];
  unjudged: Unjudged[];
}

/**
 * @param judge gives the verdict on one work; a rejection is tried once more
 * @throws (rejects) with the signal's reason when it is aborted; what was judged until then has been handed on
 */
export async function judgeAll(options: {
  works: readonly Work[];
  jobs: number;
  judge: (work: Work) => Promise<SubmissionVerdict>;
  onDone: (work: Work, verdict: SubmissionVerdict | null) => void;
  signal: AbortSignal;
}): Promise<Judging> {
  const { works, jobs, judge, onDone, signal } = options;
  const verdicts = new Map<Work, SubmissionVerdict>();
  const unjudged: Unjudged[] = [];
  const waiting = works.values();
  const work = async (): Promise<void> => {
    // All the workers draw from one iterator.
    for (const next of waiting) {
      const verdict = await attempt(judge, next, signal);
      if ("problem" in verdict) unjudged.push({ file: next.file, problems: [verdict.problem] });
      else verdicts.set(next, verdict.verdict);
      onDone(next, "problem" in verdict ? null : verdict.verdict);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, work));
  const judged = works.flatMap((one) => {
    const verdict = verdicts.get(one);
    return verdict === undefined ? [] : [{ work: one, verdict }];
  });
  return { judged, unjudged };
}

async function attempt(
  judge: (work: Work) => Promise<SubmissionVerdict>,
  work: Work,
  signal: AbortSignal,
): Promise<{ verdict: SubmissionVerdict } | { problem: string }> {
  let problem = "";
  for (let tries = 0; tries < 2; tries += 1) {
    signal.throwIfAborted();
    try {
      return { verdict: await judge(work) };
    } catch (error) {
      signal.throwIfAborted();
      problem = error instanceof Error ? error.message : String(error);
    }
  }
  return { problem: `it could not be judged: ${problem}` };
}

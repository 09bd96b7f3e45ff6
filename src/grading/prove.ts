// Proves a lesson's exercises by judging known answers: the solution, the starter, and each misconception.
import type { ExerciseBlock, Lesson, LessonProblem, Misconception, Span } from "../lesson/index.ts";
import type { KernelHost } from "../runtime/index.ts";
import { gradeAnswer } from "./check.ts";
import { problemAt, problemInCode } from "./problems.ts";
import { probeMisconceptions } from "./probes.ts";
import type { MisconceptionProbes, Verdict } from "./types.ts";

/** Secret seeds that every proof has to stand: what holds by luck with one of them does not hold for a class. */
const SEEDS = ["proof-1", "proof-2", "proof-3"] as const;

/** Hears what is judged next, with its place: an answer that never ends is known by it. */
export type OnStep = (doing: string, span: Span) => void;

/**
 * What is wrong with a lesson's exercises: the solution must earn full points and trigger no feedback, the starter
 * must earn nothing, and each misconception must lose points and be recognised as itself alone. That misconceptions
 * can be told apart is `preparePublicLesson`'s finding.
 */
export async function proveExercises(
  lesson: Lesson,
  host: KernelHost,
  onStep: OnStep = () => {},
): Promise<LessonProblem[]> {
  const problems: LessonProblem[] = [];
  for (const block of lesson.blocks) {
    if (block.kind === "exercise") problems.push(...(await proveExercise(block, host, onStep)));
  }
  return problems;
}

async function proveExercise(
  exercise: ExerciseBlock,
  host: KernelHost,
  onStep: OnStep,
): Promise<LessonProblem[]> {
  const { code, starter } = exercise.solution;
  const { probes } = await probeMisconceptions(exercise, host, onStep);
  const grade = (answer: string, seed: string): Promise<Verdict> =>
    gradeAnswer({ exercise, answer, host, seed, probes, reveal: true });
  onStep(`the solution of “${exercise.id}”`, code.span);
  const solution = await proveSolution(exercise, grade);
  // Without a solution that works nothing else says anything.
  if (solution.length > 0) return solution;
  if (starter.trim() !== "") onStep(`the starter of “${exercise.id}”`, code.span);
  const problems = await proveStarter(exercise, grade);
  for (const misconception of exercise.misconceptions) {
    onStep(`the misconception “${misconception.id}”`, misconception.code.span);
    problems.push(...(await proveMisconception(misconception, probes, grade)));
  }
  return problems;
}

type Grade = (answer: string, seed: string) => Promise<Verdict>;

async function proveSolution(exercise: ExerciseBlock, grade: Grade): Promise<LessonProblem[]> {
  const { code } = exercise.solution;
  for (const seed of SEEDS) {
    const verdict = await grade(code.source, seed);
    const problems: LessonProblem[] = [];
    if (verdict.error !== null && verdict.error !== undefined) {
      const message = `The solution of “${exercise.id}” does not run: ${verdict.error.message}`;
      return [problemInCode(code.span, verdict.error, message)];
    }
    for (const [index, test] of verdict.tests.entries()) {
      if (test.passed) continue;
      const span = exercise.tests[index]?.code.span ?? exercise.span;
      const why = test.message === null ? "" : `: ${test.message.replaceAll("\n", "; ")}`;
      problems.push(
        problemAt(
          span,
          `The solution of “${exercise.id}” fails the test “${test.name}”${why}`,
          "correct the solution, or the test",
        ),
      );
    }
    for (const id of verdict.feedback) {
      problems.push(
        problemAt(code.span, `The solution of “${exercise.id}” is taken for the misconception “${id}”`),
      );
    }
    if (problems.length > 0) return problems;
  }
  return [];
}

async function proveStarter(exercise: ExerciseBlock, grade: Grade): Promise<LessonProblem[]> {
  for (const seed of SEEDS) {
    const verdict = await grade(exercise.solution.starter, seed);
    const problems = verdict.tests.flatMap((test, index) => {
      if (!test.passed) return [];
      const span = exercise.tests[index]?.code.span ?? exercise.span;
      return [
        problemAt(
          span,
          `The starter of “${exercise.id}” already passes the test “${test.name}” and earns ${test.points} points`,
          "test something that the starter does not do, or begin with less",
        ),
      ];
    });
    if (problems.length > 0) return problems;
  }
  return [];
}

async function proveMisconception(
  misconception: Misconception,
  probes: MisconceptionProbes,
  grade: Grade,
): Promise<LessonProblem[]> {
  for (const seed of SEEDS) {
    const verdict = await grade(misconception.code.source, seed);
    const problems = misconceptionProblems(misconception, probes, verdict);
    if (problems.length > 0) return problems;
  }
  return [];
}

function misconceptionProblems(
  { id, code }: Misconception,
  probes: MisconceptionProbes,
  verdict: Verdict,
): LessonProblem[] {
  const problems: LessonProblem[] = [];
  if (verdict.points >= verdict.maxPoints) {
    problems.push(
      problemAt(
        code.span,
        `The misconception “${id}” passes every test`,
        "add a test with a case that it gets wrong",
      ),
    );
  }
  // What cannot be recognised at all is a finding of `preparePublicLesson`.
  if (!probes.outcomes.some((outcome) => outcome.misconception === id)) return problems;
  if (!verdict.feedback.includes(id)) {
    problems.push(
      problemAt(
        code.span,
        `The misconception “${id}” is not recognised by what it does`,
        "let it give the same result each time it is called",
      ),
    );
  }
  for (const other of verdict.feedback) {
    if (other === id) continue;
    problems.push(problemAt(code.span, `The misconception “${id}” is also taken for “${other}”`));
  }
  return problems;
}

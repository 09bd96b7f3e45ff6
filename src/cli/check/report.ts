// What a check found, as lines for people and as data for programs.
import { join } from "node:path";
import { formatProblem, type LessonProblem } from "../../lesson/index.ts";
import { counted } from "../terminal.ts";
import type { LessonCheck } from "./lesson.ts";
import { type MutantReport, scoreOf, type Survivor } from "./mutants.ts";

/** A checked lesson; file names in it are as the command is to show them. */
export interface CheckedLesson extends LessonCheck {
  folder: string;
}

/** The same with file names that begin at the terminal's folder. */
export function renamed(
  { problems, mutants, ...rest }: LessonCheck,
  folder: string,
  nameOf: (file: string) => string,
): CheckedLesson {
  const placed = <T extends { file: string }>(thing: T): T => ({
    ...thing,
    file: nameOf(join(folder, thing.file)),
  });
  return {
    ...rest,
    folder: nameOf(folder),
    problems: problems.map(placed),
    mutants: mutants.map((report) => ({
      ...report,
      place: placed(report.place),
      survivors: report.survivors.map(placed),
    })),
  };
}

/** A solution whose tests let too many mutants through. */
export function scoreProblems(lesson: CheckedLesson, least: number): LessonProblem[] {
  return lesson.mutants.flatMap((report) => {
    const score = scoreOf(report);
    if (score === null || score >= least) return [];
    return [
      {
        ...report.place,
        message: `The tests of “${report.exercise}” notice ${score} % of the mutants, of ${least} % that were asked for`,
        fix: "add a test for each survivor below",
      },
    ];
  });
}

export function mutantLines(reports: readonly MutantReport[]): string[] {
  return reports.flatMap((report) => [scoreLine(report), ...report.survivors.flatMap(survivorLines)]);
}

function scoreLine(report: MutantReport): string {
  const { exercise, killed, survivors, equivalent, stillborn, untried } = report;
  const score = scoreOf(report);
  const facts = [
    `${counted(killed, "mutant")} of ${killed + survivors.length} noticed`,
    ...(equivalent > 0 ? [`${equivalent} that nobody could notice`] : []),
    ...(stillborn > 0 ? [`${stillborn} that do not compile`] : []),
    ...(untried > 0 ? [`${untried} for which there was no time`] : []),
  ];
  return `${exercise}: ${score === null ? "no mutants" : `${score} %`} (${facts.join(", ")})`;
}

function survivorLines({ file, line, column, what, before, after, shown }: Survivor): string[] {
  return [
    `${file}:${line}:${column}: survived: ${what}`,
    ...before.map((text) => `  - ${text.trimEnd()}`),
    ...after.map((text) => `  + ${text.trimEnd()}`),
    `    ${shown}`,
  ];
}

export function summary(lessons: readonly CheckedLesson[], problems: number): string {
  if (problems > 0) return counted(problems, "problem");
  const sum = (key: "cells" | "exercises") => lessons.reduce((total, lesson) => total + lesson[key], 0);
  return `${counted(lessons.length, "lesson")}, ${counted(sum("cells"), "cell")}, ${counted(sum("exercises"), "exercise")}: no problems`;
}

/** For programs; the format's number changes when a field changes its meaning or goes. */
export function asData(lessons: readonly CheckedLesson[], problems: readonly LessonProblem[]): unknown {
  return {
    format: "descent-check/1",
    ok: problems.length === 0,
    problems: problems.map((problem) => ({ ...problem, text: formatProblem(problem) })),
    lessons: lessons.map(({ problems: found, mutants, ...lesson }) => ({
      ...lesson,
      problems: found.length,
      mutants: mutants.map((report) => ({ ...report, score: scoreOf(report) })),
    })),
  };
}

// The reader's score in one lesson, from what the models hold.
import type { ExerciseModel } from "./exercise-model.ts";
import type { QuizModel } from "./quiz-model.ts";

export interface Score {
  earned: number;
  possible: number;
  /** Points that only the grader can give. */
  hidden: number;
}

export function scoreOf(exercises: Iterable<ExerciseModel>, quizzes: Iterable<QuizModel>): Score {
  const score: Score = { earned: 0, possible: 0, hidden: 0 };
  for (const exercise of exercises) {
    const possible = exercise.visiblePoints.value;
    score.possible += possible;
    score.hidden += exercise.block.value.exercise.hiddenPoints;
    // A lesson may lower the points after somebody has earned them.
    score.earned += Math.min(exercise.work.value.best, possible);
  }
  for (const quiz of quizzes) {
    const { points } = quiz.block.value;
    score.possible += points;
    score.earned += Math.min(quiz.work.value.points, points);
  }
  return score;
}

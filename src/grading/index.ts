// The public face of the grading room: verdicts, points, misconceptions, submissions.
export { checkAnswer, gradeAnswer } from "./check.ts";
export { gradeSubmission, type QuizVerdict, type SubmissionVerdict } from "./grade-submission.ts";
export { type Probing, type ProbingTrouble, probeMisconceptions } from "./probes.ts";
export { preparePublicLesson } from "./prepare.ts";
export { type OnStep, proveExercises } from "./prove.ts";
export type * from "./public-lesson.ts";
export { answerQuiz, type QuizAnswer, type QuizResult } from "./quiz.ts";
export { type LessonScore, scoreLesson } from "./score.ts";
export { openSolution, sealSolution } from "./seal.ts";
export { deriveSeed, PUBLIC_SEED } from "./seeds.ts";
export { parseSubmission, type SubmissionParse, toSubmission } from "./submission.ts";
export type * from "./types.ts";

// Runs in the test's page: judges answers in sandbox frames, as a lesson's page does.
import { checkAnswer, type PublicExercise, type Verdict } from "../../../src/grading/index.ts";
import { createFrameHost } from "../../../src/runtime/index.ts";
import { partFiles } from "./engine-parts.ts";

const host = createFrameHost({ sandboxUrl: "./sandbox.html", document, parts: partFiles });

declare global {
  interface Window {
    judge: (exercise: PublicExercise, answer: string) => Promise<Verdict>;
  }
}

window.judge = (exercise, answer) => checkAnswer({ exercise, answer, host });

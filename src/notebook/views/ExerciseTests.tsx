// What the tests say: each result as it comes, the author's words, the recognised mistake.
import type { TestVerdict, Verdict } from "../../grading/index.ts";
import type { ExerciseModel } from "../store/exercise-model.ts";
import { formatCount, formatPoints, plural } from "../store/words.ts";
import { Html } from "./Html.tsx";
import { Icon } from "./icons.tsx";

export function TestResults({ exercise }: { exercise: ExerciseModel }) {
  const checking = exercise.checking.value;
  const { verdict } = exercise.work.value;
  const failure = exercise.failure.value;
  const { tests: visible, hiddenPoints } = exercise.block.value.exercise;
  return (
    <div class="check-result">
      {failure !== null && (
        <div class="note note-bad" role="alert">
          <p>The answer could not be checked: {failure} This does not count as an attempt.</p>
        </div>
      )}
      {checking !== null ? (
        <TestList
          tests={checking.tests}
          waiting={visible.slice(checking.tests.length).map((test) => test.name)}
        />
      ) : (
        verdict !== null && <VerdictView exercise={exercise} verdict={verdict} />
      )}
      {hiddenPoints > 0 && (
        <p class="hidden-note">
          {visible.length === 0 ? "All" : formatCount(hiddenPoints)}{" "}
          {visible.length === 0 ? "points" : hiddenPoints === 1 ? "more point is" : "more points are"} decided
          by hidden tests when your work is graded.
        </p>
      )}
    </div>
  );
}

function VerdictView({ exercise, verdict }: { exercise: ExerciseModel; verdict: Verdict }) {
  const feedback = exercise.help.value?.feedback ?? [];
  const recognised = feedback.filter((one) => verdict.feedback.includes(one.misconception));
  const old = exercise.verdictIsOld.value;
  return (
    <div class="verdict" data-old={old ? "true" : undefined}>
      <p class={`verdict-head ${verdict.status === "passed" ? "is-good" : "is-bad"}`}>
        <Icon name={verdict.status === "passed" ? "check" : "cross"} />
        <strong>{headline(verdict)}</strong>
        {old && <span class="tag">you have changed your answer since</span>}
      </p>
      {recognised.map((one) => (
        <section
          key={one.misconception}
          class="note note-warn misconception"
          aria-label="Feedback on your answer"
        >
          <Html html={one.html} />
        </section>
      ))}
      <TestList tests={verdict.tests} waiting={[]} />
    </div>
  );
}

function headline(verdict: Verdict): string {
  const failed = verdict.tests.filter((test) => !test.passed).length;
  switch (verdict.status) {
    case "passed":
      return `Every test passed: ${formatPoints(verdict.points)}.`;
    case "partial":
    case "failed":
      return `${plural(failed, "test")} did not pass.`;
    case "error":
      return "Your code stopped with an error.";
    case "timeout":
      return "Your code took too long.";
    case "memory":
      return "Your code used too much memory.";
    case "refused":
      return "Your code could not be accepted.";
    case "missing":
      return "There is no answer yet.";
  }
}

function TestList({ tests, waiting }: { tests: readonly TestVerdict[]; waiting: readonly string[] }) {
  if (tests.length === 0 && waiting.length === 0) return null;
  return (
    <ul class="test-list" aria-label="Tests">
      {tests.map((test, index) => (
        <li key={index} class={test.passed ? "is-good" : "is-bad"}>
          <Icon name={test.passed ? "check" : "cross"} />
          <div class="test-words">
            <span class="test-name">
              <span class="sr-only">{test.passed ? "Passed: " : "Failed: "}</span>
              {test.name}
            </span>
            {test.message !== null && <pre class="test-message">{test.message}</pre>}
          </div>
          <span class="test-points">
            {formatCount(test.points)}/{formatCount(test.maxPoints)}
          </span>
        </li>
      ))}
      {waiting.map((name, index) => (
        <li key={`waiting-${index}`} class="is-waiting">
          {index === 0 ? (
            <span class="spinner" aria-hidden="true" />
          ) : (
            <span class="test-dot" aria-hidden="true" />
          )}
          <div class="test-words">
            <span class="test-name">{name}</span>
          </div>
        </li>
      ))}
    </ul>
  );
}

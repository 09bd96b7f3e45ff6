// Help with an exercise: hints, asked for one after another, and in the end the author's solution.
import type { Highlights } from "../code/highlights.ts";
import { hideSolution } from "../store/exercise-actions.ts";
import type { ExerciseModel } from "../store/exercise-model.ts";
import type { NotebookStore } from "../store/store.ts";
import { plural } from "../store/words.ts";
import { Html } from "./Html.tsx";

export function Hints({ exercise, store }: { exercise: ExerciseModel; store: NotebookStore }) {
  const { hints } = exercise.block.value.exercise;
  const { hintsShown, passed } = exercise.work.value;
  if (hints.length === 0) return null;
  const until = exercise.failuresUntilHint.value;
  const more = hintsShown < hints.length && !passed;
  return (
    <div class="hints">
      {hints.slice(0, hintsShown).map((_, index) => (
        <section key={index} class="note note-info" aria-label={`Hint ${index + 1}`}>
          <p class="note-title">
            Hint {index + 1} of {hints.length}
          </p>
          <HintText html={exercise.help.value?.hints[index]?.html} store={store} />
        </section>
      ))}
      {more && exercise.hintsWaiting.value > 0 && (
        <button type="button" class="quiet" onClick={() => store.showHint(exercise.id)}>
          {hintsShown === 0 ? "Show a hint" : "Show the next hint"}
        </button>
      )}
      {more && until !== null && exercise.work.value.failed > 0 && (
        <p class="faint">
          {hintsShown === 0 ? "A hint" : "The next hint"} can be shown after{" "}
          {plural(until, "more failed check")}.
        </p>
      )}
    </div>
  );
}

/** Hints do not come with the page: the words may still be on their way. */
function HintText({ html, store }: { html: string | undefined; store: NotebookStore }) {
  if (html !== undefined) return <Html html={html} />;
  if (!store.help.failed.value) return <p class="faint">Fetching the hint…</p>;
  return (
    <>
      <p role="alert">The hint could not be fetched. Are you online?</p>
      <p class="note-actions">
        <button type="button" class="quiet" onClick={() => store.help.want()}>
          Try again
        </button>
      </p>
    </>
  );
}

export function SolutionPanel({
  exercise,
  store,
  highlights,
}: {
  exercise: ExerciseModel;
  store: NotebookStore;
  highlights: Highlights;
}) {
  const solution = exercise.solution.value;
  const { passed, gaveUp, failed } = exercise.work.value;
  const used = exercise.attemptsLeft.value === 0;
  const { id } = exercise;
  switch (solution.state) {
    case "hidden": {
      const free = passed || gaveUp || used;
      if (!free && failed === 0) return null;
      return (
        <p class="solution-offer">
          <button type="button" class="quiet" onClick={() => void store.revealSolution(id)}>
            {free ? "Show the author's solution" : "Give up and show the solution"}
          </button>
        </p>
      );
    }
    case "confirm":
      return (
        <div class="note note-warn" role="group" aria-label="Give up?">
          <p>
            Once you have seen the solution, checks of this exercise earn no more points here. What you have
            earned stays.
          </p>
          <p class="note-actions">
            <button type="button" class="quiet" onClick={() => void store.revealSolution(id)}>
              Show the solution
            </button>
            <button type="button" class="quiet" onClick={() => hideSolution(store, id)}>
              Keep trying
            </button>
          </p>
        </div>
      );
    case "loading":
      return <p class="faint">Fetching the solution…</p>;
    case "failed":
      return (
        <div class="note note-bad" role="alert">
          <p>The solution could not be fetched: {solution.message}</p>
          <p class="note-actions">
            <button type="button" class="quiet" onClick={() => void store.revealSolution(id)}>
              Try again
            </button>
          </p>
        </div>
      );
    case "shown":
      return (
        <section class="solution" aria-label="The author's solution">
          <header class="solution-head">
            <span class="note-title">The author's solution</span>
            <button type="button" class="quiet" onClick={() => hideSolution(store, id)}>
              Hide
            </button>
          </header>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that the keyboard can scroll it */}
          <div class="code">
            <pre class="code-static" tabIndex={0} role="group" aria-label="Code of the solution">
              <code dangerouslySetInnerHTML={{ __html: highlights.html(solution.source) }} />
            </pre>
          </div>
        </section>
      );
  }
}

// An exercise: what is asked, the reader's answer, what the tests say, and help on the way.
import type { Highlights } from "../code/highlights.ts";
import { cancelCheck } from "../store/exercise-actions.ts";
import type { ExerciseModel } from "../store/exercise-model.ts";
import type { NotebookStore } from "../store/store.ts";
import { formatCount, formatDuration, formatPoints, plural } from "../store/words.ts";
import { AuthorMoved } from "./Cell.tsx";
import { CellCode } from "./CellCode.tsx";
import { CellResult } from "./CellResult.tsx";
import { CellStatus } from "./CellStatus.tsx";
import { Hints, SolutionPanel } from "./ExerciseHelp.tsx";
import { TestResults } from "./ExerciseTests.tsx";
import { Html } from "./Html.tsx";
import { Icon } from "./icons.tsx";
import { ResetButtons } from "./ResetButtons.tsx";
import { RunCell, RunStop } from "./RunStop.tsx";

export interface ExerciseProps {
  id: string;
  store: NotebookStore;
  highlights: Highlights;
}

export function ExerciseIsland({ id, store, highlights }: ExerciseProps) {
  const exercise = store.exercises.get(id);
  if (exercise === undefined) return null;
  const { statementHtml, exercise: definition } = exercise.block.value;
  const { cell } = exercise;
  const title = definition.title ?? definition.objective;
  const passed = exercise.work.value.passed;
  return (
    <section
      class="exercise"
      aria-labelledby={`exercise-${id}-title`}
      data-passed={passed ? "true" : undefined}
    >
      <header class="task-head">
        <span class="task-kind">Exercise</span>
        <h3 class="task-title" id={`exercise-${id}-title`}>
          {title}
        </h3>
        <ExercisePoints exercise={exercise} />
      </header>
      {statementHtml !== "" && <Html class="task-text" html={statementHtml} />}
      <div class="cell answer" data-cell={cell.id} data-activity={cell.activity.value}>
        <CellCode cell={cell} store={store} highlights={highlights} title={`Answer to ${title}`} />
        <ExerciseBar exercise={exercise} store={store} title={title} />
        <AuthorMoved cell={cell} store={store} />
        <CellResult cell={cell} store={store} title={`your answer to ${title}`} />
      </div>
      <TestResults exercise={exercise} />
      <Hints exercise={exercise} store={store} />
      <SolutionPanel exercise={exercise} store={store} highlights={highlights} />
    </section>
  );
}

function ExercisePoints({ exercise }: { exercise: ExerciseModel }) {
  const { best, passed } = exercise.work.value;
  const visible = exercise.visiblePoints.value;
  return (
    <span class="task-points">
      {passed && <Icon name="check" />}
      {best > 0 ? `${formatCount(best)} of ${formatPoints(visible)}` : formatPoints(visible)}
    </span>
  );
}

function ExerciseBar({
  exercise,
  store,
  title,
}: {
  exercise: ExerciseModel;
  store: NotebookStore;
  title: string;
}) {
  const { cell, id } = exercise;
  const checking = exercise.checking.value;
  const left = exercise.attemptsLeft.value;
  const locked = store.readOnly.value;
  return (
    <div class="cell-bar">
      <RunStop
        busy={checking !== null}
        start={{
          label: `Check answer to ${title}`,
          word: "Check",
          kind: "primary",
          disabled: locked || left === 0,
        }}
        stop={{ label: `Cancel the check of ${title}`, word: "Cancel" }}
        onStart={() => void store.check(id)}
        onStop={() => cancelCheck(store, id)}
      />
      <RunCell
        cell={cell}
        store={store}
        called={`answer to ${title}`}
        title="Try the code without checking it"
      />
      {checking === null ? (
        <CellStatus cell={cell} store={store} />
      ) : (
        <span class="cell-status status-running">
          <span class="spinner" aria-hidden="true" />
          Checking
          <span aria-hidden="true"> {formatDuration(Math.max(0, store.now.value - checking.startedAt))}</span>
        </span>
      )}
      <span class="cell-name">
        {left !== null && <span class="tag">{plural(left, "attempt")} left</span>}
      </span>
      <span class="cell-actions">
        <ResetButtons
          cell={cell}
          store={store}
          word="Reset to starter"
          label={`Reset to starter: ${title}`}
        />
      </span>
    </div>
  );
}

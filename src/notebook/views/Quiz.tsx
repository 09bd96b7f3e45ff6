// A quiz: a question, an answer in one of five forms, feedback, and the explanation in the end.
import type { Choice, QuizBlock } from "../../lesson/index.ts";
import type { Highlights } from "../code/highlights.ts";
import { parseNumber, type QuizModel, sameAnswer } from "../store/quiz-model.ts";
import type { NotebookStore } from "../store/store.ts";
import { formatCount, formatPoints } from "../store/words.ts";
import { Html, InlineHtml } from "./Html.tsx";
import { Icon } from "./icons.tsx";

export interface QuizProps {
  id: string;
  store: NotebookStore;
  highlights: Highlights;
}

export function QuizIsland({ id, store, highlights }: QuizProps) {
  const quiz = store.quizzes.get(id);
  if (quiz === undefined) return null;
  const block = quiz.block.value;
  const locked = store.readOnly.value || quiz.closed.value;
  const submit = (event: Event): void => {
    event.preventDefault();
    void store.answerQuiz(id);
  };
  return (
    <form class="quiz" onSubmit={submit} data-correct={quiz.work.value.correct ? "true" : undefined}>
      <header class="task-head">
        <span class="task-kind">Question</span>
        <span class="task-spacer" />
        <span class="task-points">
          {quiz.work.value.correct && <Icon name="check" />}
          {quiz.work.value.correct
            ? `${formatCount(quiz.work.value.points)} of ${formatPoints(block.points)}`
            : formatPoints(block.points)}
        </span>
      </header>
      <fieldset class="quiz-body" disabled={locked} aria-describedby={`quiz-${id}-feedback`}>
        <legend class="task-text">
          <Html html={block.questionHtml} />
        </legend>
        <Answer block={block} quiz={quiz} store={store} highlights={highlights} locked={locked} />
      </fieldset>
      <div id={`quiz-${id}-feedback`} aria-live="polite">
        <Feedback quiz={quiz} block={block} />
      </div>
      <QuizActions quiz={quiz} store={store} />
    </form>
  );
}

interface AnswerProps {
  block: QuizBlock;
  quiz: QuizModel;
  store: NotebookStore;
  highlights: Highlights;
  locked: boolean;
}

function Answer({ block, quiz, store, highlights, locked }: AnswerProps) {
  switch (block.quiz) {
    case "choice":
    case "multiple":
      return (
        <Choices choices={block.choices} several={block.quiz === "multiple"} quiz={quiz} store={store} />
      );
    case "numeric":
      return <NumericAnswer quiz={quiz} store={store} unit={block.unit} />;
    case "short":
      return (
        <p class="quiz-field">
          <label for={`quiz-${quiz.id}-answer`}>Your answer</label>
          <input
            id={`quiz-${quiz.id}-answer`}
            type="text"
            autocomplete="off"
            value={textOf(quiz)}
            onInput={(event) => store.draftAnswer(quiz.id, event.currentTarget.value)}
          />
        </p>
      );
    case "trace":
      return (
        <>
          <div class="code">
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that the keyboard can scroll it */}
            <pre class="code-static" tabIndex={0} role="group" aria-label="The program">
              <code dangerouslySetInnerHTML={{ __html: highlights.html(block.program.source) }} />
            </pre>
          </div>
          <p class="quiz-field quiz-field-wide">
            <label for={`quiz-${quiz.id}-answer`}>What does it print? One line for each line printed.</label>
            <textarea
              id={`quiz-${quiz.id}-answer`}
              rows={Math.max(2, block.answer.split("\n").length)}
              autocomplete="off"
              spellcheck={false}
              readOnly={locked}
              value={textOf(quiz)}
              onInput={(event) => store.draftAnswer(quiz.id, event.currentTarget.value)}
            />
          </p>
        </>
      );
  }
}

function Choices({
  choices,
  several,
  quiz,
  store,
}: {
  choices: readonly Choice[];
  several: boolean;
  quiz: QuizModel;
  store: NotebookStore;
}) {
  const { draft, gaveUp, correct } = quiz.work.value;
  const chosen = Array.isArray(draft) ? draft : [];
  const toggle = (index: number, on: boolean): void => {
    if (!several) store.draftAnswer(quiz.id, [index]);
    else
      store.draftAnswer(
        quiz.id,
        on ? [...chosen, index].sort((a, b) => a - b) : chosen.filter((i) => i !== index),
      );
  };
  return (
    <ul class="choices">
      {choices.map((choice, index) => {
        const revealed = (gaveUp || correct) && choice.correct;
        return (
          <li key={index}>
            <label class={`choice${revealed ? " is-right" : ""}`}>
              <input
                type={several ? "checkbox" : "radio"}
                name={`quiz-${quiz.id}`}
                checked={chosen.includes(index)}
                onChange={(event) => toggle(index, event.currentTarget.checked)}
              />
              <span class="choice-words">
                {isFormulaOnly(choice.html) && <span class="sr-only">Choice {index + 1}: </span>}
                <InlineHtml html={choice.html} />
                {revealed && <span class="sr-only"> (right)</span>}
              </span>
            </label>
          </li>
        );
      })}
    </ul>
  );
}

/** A formula alone is no name for a radio button: not every reader's tool reads MathML. */
function isFormulaOnly(html: string): boolean {
  const words = html
    .replaceAll(/<math[\s\S]*?<\/math>/g, "")
    .replaceAll(/<span class="katex-html"[\s\S]*$/g, "");
  return html.includes("katex") && words.replaceAll(/<[^>]*>/g, "").trim() === "";
}

function NumericAnswer({
  quiz,
  store,
  unit,
}: {
  quiz: QuizModel;
  store: NotebookStore;
  unit: string | null;
}) {
  const text = textOf(quiz);
  const unreadable = text.trim() !== "" && parseNumber(text) === null;
  return (
    <>
      <p class="quiz-field">
        <label for={`quiz-${quiz.id}-answer`}>Your answer</label>
        <span class="quiz-field-value">
          <input
            id={`quiz-${quiz.id}-answer`}
            type="text"
            inputMode="decimal"
            autocomplete="off"
            class="quiz-number"
            value={text}
            aria-invalid={unreadable}
            aria-describedby={unreadable ? `quiz-${quiz.id}-number` : undefined}
            onInput={(event) => store.draftAnswer(quiz.id, event.currentTarget.value)}
          />
          {unit !== null && <span class="unit">{unit}</span>}
        </span>
      </p>
      {unreadable && (
        <p class="faint" id={`quiz-${quiz.id}-number`}>
          Write a number such as 0.25, −3, 1/3 or 2e-4.
        </p>
      )}
    </>
  );
}

function textOf(quiz: QuizModel): string {
  const { draft } = quiz.work.value;
  return typeof draft === "string" || typeof draft === "number" ? String(draft) : "";
}

function Feedback({ quiz, block }: { quiz: QuizModel; block: QuizBlock }) {
  const { checked, draft, correct, gaveUp } = quiz.work.value;
  const result = quiz.result.value;
  const current = checked !== null && sameAnswer(draft, checked);
  return (
    <>
      {quiz.failure.value !== null && (
        <div class="note note-bad">
          <p>{quiz.failure.value}</p>
        </div>
      )}
      {current && result !== null && (
        <div class={`note ${correct ? "note-good" : "note-bad"}`}>
          <p class="note-title">{correct ? "Right" : "Not right yet"}</p>
          {result.feedbackHtml.map((html, index) => (
            <Html key={index} html={html} />
          ))}
        </div>
      )}
      {gaveUp && !correct && <RightAnswer block={block} />}
      {(correct || gaveUp) && block.explanationHtml !== null && (
        <section class="explanation" aria-label="Explanation">
          <Html html={block.explanationHtml} />
        </section>
      )}
    </>
  );
}

/** The answer, once it has been given up; the choices of a list are marked where they stand. */
function RightAnswer({ block }: { block: QuizBlock }) {
  switch (block.quiz) {
    case "choice":
    case "multiple":
      return null;
    case "numeric":
      return (
        <p>
          The answer is <strong>{`${block.answer}${block.unit === null ? "" : ` ${block.unit}`}`}</strong>.
        </p>
      );
    case "short":
      return (
        <p>
          The answer is <strong>{block.accept[0]}</strong>.
        </p>
      );
    case "trace":
      return (
        <div>
          <p>It prints:</p>
          <pre class="test-message">{block.answer}</pre>
        </div>
      );
  }
}

function QuizActions({ quiz, store }: { quiz: QuizModel; store: NotebookStore }) {
  const { tries } = quiz.work.value;
  if (quiz.closed.value) return null;
  const wrong = quiz.work.value.checked !== null;
  return (
    <p class="task-actions">
      <button
        type="submit"
        class="primary"
        disabled={!quiz.ready.value || quiz.checking.value || store.readOnly.value}
      >
        Check answer
      </button>
      {wrong && (
        <button type="button" class="quiet" onClick={() => store.retryQuiz(quiz.id)}>
          Clear and try again
        </button>
      )}
      {tries > 0 && (
        <button type="button" class="quiet" onClick={() => store.giveUpQuiz(quiz.id)}>
          Show the answer
        </button>
      )}
    </p>
  );
}

// A prediction: asked before its cell may run, and afterwards shown beside what happened.
import type { PredictBlock } from "../../lesson/index.ts";
import { isGuess, type PredictModel } from "../store/predict-model.ts";
import { parseNumber } from "../store/quiz-model.ts";
import type { NotebookStore } from "../store/store.ts";
import type { Guess, PredictWork } from "../storage/records.ts";
import { drawing, loadDrawing } from "./drawing.ts";
import { Html, InlineHtml } from "./Html.tsx";

export function PredictIsland({ id, store }: { id: string; store: NotebookStore }) {
  const prediction = store.predictions.get(id);
  if (prediction === undefined) return null;
  const block = prediction.block.value;
  const open = prediction.open.value;
  const submit = (event: Event): void => {
    event.preventDefault();
    store.keepGuess(id);
  };
  return (
    <form class="predict" data-prediction={id} data-open={open ? "true" : undefined} onSubmit={submit}>
      <header class="task-head">
        <span class="task-kind">Predict first</span>
      </header>
      <fieldset class="quiz-body" disabled={store.readOnly.value || !open}>
        <legend class="task-text">
          <Html html={block.questionHtml} />
        </legend>
        <GuessField block={block} prediction={prediction} store={store} />
      </fieldset>
      {open ? (
        <p class="task-actions">
          <button
            type="submit"
            class="primary"
            disabled={!isGuess(prediction.work.value.draft) || store.readOnly.value}
          >
            Keep my prediction
          </button>
          <button type="button" class="quiet" onClick={() => store.skipGuess(id)}>
            Skip
          </button>
        </p>
      ) : (
        <Aftermath block={block} prediction={prediction} store={store} />
      )}
    </form>
  );
}

interface GuessProps {
  block: PredictBlock;
  prediction: PredictModel;
  store: NotebookStore;
}

function GuessField({ block, prediction, store }: GuessProps) {
  const { work } = prediction;
  const { draft, guess, happened, outcome } = work.value;
  const shown: Guess | null = guess ?? draft;
  switch (block.predict) {
    case "choice":
      return (
        <ul class="choices">
          {block.choices.map((choice, index) => {
            const revealed = happened && choice.correct;
            return (
              <li key={index}>
                <label class={`choice${revealed ? " is-right" : ""}`}>
                  <input
                    type="radio"
                    name={`predict-${block.id}`}
                    checked={shown === index}
                    onChange={() => store.draftGuess(block.id, index)}
                  />
                  <span class="choice-words">
                    <InlineHtml html={choice.html} />
                    {revealed && <span class="tag tag-good">what happened</span>}
                    {guess === index && <span class="tag">your prediction</span>}
                  </span>
                </label>
              </li>
            );
          })}
        </ul>
      );
    case "number":
      return <NumberGuess block={block} shown={typeof shown === "number" ? shown : null} store={store} />;
    case "sketch": {
      const view = store.live.value ? drawing.value : null;
      if (view === null) return <p class="faint">Here you can draw your guess once the page has loaded.</p>;
      return (
        <view.SketchPad
          x={block.x}
          y={block.y}
          guess={Array.isArray(shown) ? shown : null}
          actual={happened && Array.isArray(outcome) ? outcome : null}
          onChange={(curve) => store.draftGuess(block.id, curve)}
        />
      );
    }
  }
}

function NumberGuess({
  block,
  shown,
  store,
}: {
  block: Extract<PredictBlock, { predict: "number" }>;
  shown: number | null;
  store: NotebookStore;
}) {
  const range = block.min !== null && block.max !== null ? `between ${block.min} and ${block.max}` : null;
  return (
    <p class="quiz-field">
      <label for={`predict-${block.id}-guess`}>Your guess{range === null ? "" : `, ${range}`}</label>
      <span class="quiz-field-value">
        <input
          id={`predict-${block.id}-guess`}
          type="text"
          inputMode="decimal"
          autocomplete="off"
          class="quiz-number"
          key={store.restores.value}
          defaultValue={shown === null ? "" : String(shown)}
          onInput={(event) => {
            const value = parseNumber(event.currentTarget.value);
            const inside =
              value !== null &&
              (block.min === null || value >= block.min) &&
              (block.max === null || value <= block.max);
            store.draftGuess(block.id, inside ? value : null);
          }}
        />
        {block.unit !== null && <span class="unit">{block.unit}</span>}
      </span>
    </p>
  );
}

function Aftermath({ block, prediction, store }: GuessProps) {
  const { guess, happened, outcome, skipped } = prediction.work.value;
  if (!happened) {
    return (
      <p class="task-actions">
        <span class="faint">
          {guess === null && skipped ? "Skipped." : "Your prediction is kept."} Run the cell below to see what
          happens.
        </span>
        <button type="button" class="quiet" onClick={() => store.reopenGuess(block.id)}>
          {guess === null ? "Predict after all" : "Change my prediction"}
        </button>
      </p>
    );
  }
  return (
    <div class="aftermath" aria-live="polite">
      {block.predict !== "sketch" && <Comparison block={block} guess={guess} outcome={outcome} />}
      {block.outcomeHtml !== null && <Html html={block.outcomeHtml} />}
    </div>
  );
}

function Comparison({
  block,
  guess,
  outcome,
}: {
  block: PredictBlock;
  guess: Guess | null;
  outcome: PredictWork["outcome"];
}) {
  const unit = block.predict === "number" && block.unit !== null ? ` ${block.unit}` : "";
  const guessed =
    guess === null
      ? null
      : block.predict === "choice" && typeof guess === "number"
        ? (block.choices[guess]?.html ?? null)
        : null;
  const happened = outcome === null || Array.isArray(outcome) ? null : `${formatOutcome(outcome)}${unit}`;
  if (guess === null && happened === null) return null;
  return (
    <dl class="comparison">
      {guess !== null && (
        <div>
          <dt>You predicted</dt>
          <dd>{guessed === null ? `${String(guess)}${unit}` : <InlineHtml html={guessed} />}</dd>
        </div>
      )}
      {happened !== null && (
        <div>
          <dt>What happened</dt>
          <dd>{happened}</dd>
        </div>
      )}
    </dl>
  );
}

function formatOutcome(outcome: number | string): string {
  return typeof outcome === "number" ? String(Number(outcome.toPrecision(5))) : outcome;
}

/** A sketch needs the drawing part before anything has run. */
export function prepareSketches(blocks: Iterable<PredictBlock>): void {
  for (const block of blocks) {
    if (block.predict !== "sketch") continue;
    void loadDrawing();
    return;
  }
}

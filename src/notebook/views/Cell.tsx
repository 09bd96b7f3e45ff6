// A runnable cell, with the reader's copies of it below.
import { useEffect, useRef } from "preact/hooks";
import type { Highlights } from "../code/highlights.ts";
import type { CellModel } from "../store/cell-model.ts";
import type { NotebookStore } from "../store/store.ts";
import { CellCode } from "./CellCode.tsx";
import { CellResult } from "./CellResult.tsx";
import { CellStatus } from "./CellStatus.tsx";
import { moveFocus } from "./go-to.ts";
import { Icon } from "./icons.tsx";
import { ResetButtons } from "./ResetButtons.tsx";
import { RunCell } from "./RunStop.tsx";

export interface CellIslandProps {
  id: string;
  store: NotebookStore;
  highlights: Highlights;
}

export function CellIsland({ id, store, highlights }: CellIslandProps) {
  const cell = store.cells.get(id);
  if (cell === undefined) return null;
  return (
    <>
      <Cell cell={cell} store={store} highlights={highlights} />
      {store.copiesOf(id).map((copy) => (
        <Cell key={copy.id} cell={copy} store={store} highlights={highlights} />
      ))}
    </>
  );
}

function Cell({
  cell,
  store,
  highlights,
}: {
  cell: CellModel;
  store: NotebookStore;
  highlights: Highlights;
}) {
  const author = cell.author.value;
  const copyNumber = cell.copyOf === null ? null : Number(/\d+$/.exec(cell.id)?.[0] ?? 1);
  const title = copyNumber === null ? author.title : `${author.title}, copy ${copyNumber}`;
  const fold = useRef<HTMLDetailsElement>(null);
  // A mistake in code that is folded away must be seen.
  const { error } = cell.state.value;
  useEffect(() => {
    if (error?.place?.cell === cell.id && fold.current !== null) fold.current.open = true;
  }, [error]);
  const code = <CellCode cell={cell} store={store} highlights={highlights} title={title} />;
  return (
    <section
      class={`cell${cell.copyOf === null ? "" : " cell-copy"}`}
      aria-label={title}
      data-cell={cell.id}
      data-activity={cell.activity.value}
      data-stale={cell.state.value.stale ? "true" : undefined}
    >
      {author.fold && cell.copyOf === null ? (
        <details class="cell-fold" ref={fold}>
          <summary>
            <Icon name="fold" />
            Code
          </summary>
          {code}
        </details>
      ) : (
        code
      )}
      <CellBar cell={cell} store={store} title={title} copyNumber={copyNumber} />
      <AuthorMoved cell={cell} store={store} />
      <CellResult cell={cell} store={store} title={title} />
    </section>
  );
}

function CellBar({
  cell,
  store,
  title,
  copyNumber,
}: {
  cell: CellModel;
  store: NotebookStore;
  title: string;
  copyNumber: number | null;
}) {
  const author = cell.author.value;
  const locked = store.readOnly.value;
  return (
    <div class="cell-bar">
      <RunButton cell={cell} store={store} title={title} />
      <CellStatus cell={cell} store={store} />
      <span class="cell-name">
        {author.name !== null && <span class="cell-title">{author.name}</span>}
        {copyNumber !== null && <span class="tag">your copy</span>}
        {cell.copyOf === null && cell.edited.value && <span class="tag">edited</span>}
        {author.readonly && copyNumber === null && <span class="tag">read only</span>}
      </span>
      <span class="cell-actions">
        <ResetButtons cell={cell} store={store} word="Reset" label={`Reset ${title} to the author's text`} />
        <button
          key="duplicate"
          data-action="duplicate"
          type="button"
          class="quiet"
          disabled={locked}
          aria-label={`Duplicate ${title}`}
          title="Make a copy below, to try something"
          onClick={() => store.duplicate(cell.id)}
        >
          <Icon name="duplicate" />
          <span class="button-word">Duplicate</span>
        </button>
        {cell.copyOf !== null && (
          <button
            key="remove"
            type="button"
            class="quiet"
            disabled={locked}
            aria-label={`Remove ${title}`}
            title="Remove this copy"
            onClick={() => {
              const original = cell.copyOf ?? cell.id;
              store.removeCopy(cell.id);
              moveFocus(original, "[data-action=duplicate]");
            }}
          >
            <Icon name="remove" />
            <span class="button-word">Remove</span>
          </button>
        )}
      </span>
    </div>
  );
}

function RunButton({ cell, store, title }: { cell: CellModel; store: NotebookStore; title: string }) {
  const activity = cell.activity.value;
  const gate = store.gateOf(cell.id);
  if (gate !== null && activity !== "running" && activity !== "queued") {
    return (
      <button key="gate" type="button" class="run gated" onClick={() => focusPrediction(gate.id)}>
        Make your prediction first
      </button>
    );
  }
  return <RunCell key="run" cell={cell} store={store} called={title} />;
}

/** Takes the reader to the question that the cell waits for. */
function focusPrediction(id: string): void {
  const question = document.querySelector<HTMLElement>(`[data-prediction="${CSS.escape(id)}"]`);
  question?.scrollIntoView({ block: "center" });
  question?.querySelector<HTMLElement>("input, button, [tabindex='0']")?.focus({ preventScroll: true });
}

export function AuthorMoved({ cell, store }: { cell: CellModel; store: NotebookStore }) {
  if (!cell.authorMoved.value) return null;
  return (
    <div class="note note-info" role="note">
      <p>The author's version of this code has changed since you edited it.</p>
      <p class="note-actions">
        <button type="button" class="quiet" onClick={() => store.reset(cell.id)}>
          Use the author's version
        </button>
        <button type="button" class="quiet" onClick={() => store.keepMine(cell.id)}>
          Keep mine
        </button>
      </p>
    </div>
  );
}

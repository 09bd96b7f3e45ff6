// What went wrong in a cell: the message, what to write instead, and the way to the place in the code.
import type { ComponentChildren, JSX } from "preact";
import type { CellError, CellPlace } from "../../runtime/index.ts";

interface ErrorViewProps {
  error: CellError;
  /** The cell the error is shown below: places in it are named without the cell. */
  cell?: string | undefined;
  /** Takes the reader to a place in the code; without it places are plain text. */
  onGoTo?: ((place: CellPlace) => void) | undefined;
}

export function ErrorView({ error, cell, onGoTo }: ErrorViewProps): JSX.Element {
  const home = cell ?? error.place?.cell;
  return (
    <div class="error-view" role="alert">
      <p class="error-message">
        <strong class="error-name">{error.name}</strong> {withCode(error.message)}
      </p>
      {error.fix !== undefined && <p class="error-fix">{withCode(error.fix)}</p>}
      {error.place && (
        <p class="error-place">
          <Place place={error.place} home={cell === undefined ? undefined : home} onGoTo={onGoTo} />
        </p>
      )}
      {error.frames.length > 1 && (
        <details class="error-frames">
          <summary>Called from</summary>
          <ol>
            {error.frames.map((frame, index) => (
              <li key={index}>
                <code>{frame.functionName ?? "top level"}</code>{" "}
                <Place place={frame} home={home} onGoTo={onGoTo} />
              </li>
            ))}
          </ol>
        </details>
      )}
    </div>
  );
}

function Place({
  place,
  home,
  onGoTo,
}: {
  place: CellPlace;
  home: string | undefined;
  onGoTo: ErrorViewProps["onGoTo"];
}): JSX.Element {
  const text = placeText(place, home);
  return onGoTo ? (
    <button type="button" class="error-go" onClick={() => onGoTo(place)}>
      {text}
    </button>
  ) : (
    <span>{text}</span>
  );
}

/** `line 3, column 7`, with the cell's name where it is not the one at hand. */
export function placeText(place: CellPlace, home?: string): string {
  const where = `line ${place.line}, column ${place.column}`;
  return home === undefined || home === place.cell ? where : `cell ${place.cell}, ${where}`;
}

/** Parts of a message between backticks are code. */
function withCode(text: string): ComponentChildren {
  return text
    .split(/`([^`\n]+)`/)
    .map((piece, index) => (index % 2 === 0 ? piece : <code key={index}>{piece}</code>));
}

// Everything a cell shows, in the order in which it came. While a cell runs again what it showed before stays
// until the new output takes its place, and controls stay the same elements: dragging a slider that re-runs its own cell never breaks.
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { CellError, CellPlace, InputDescription, InputValue, Output } from "../../runtime/index.ts";
import { arrange, holdEarlier, type Drawn } from "./arrange.ts";
import { ErrorView } from "./error.tsx";
import { FormulaView } from "./formula.tsx";
import { InputView, type InputHandlers } from "./inputs.tsx";
import { Inspector } from "./inspector.tsx";
import { LogView } from "./log.tsx";
import { MarkdownView } from "./markdown.tsx";
import { count } from "./numbers.ts";
import { PlotSlot, SurfaceSlot } from "./plot-slot.tsx";
import { ProgressView } from "./progress.tsx";
import { TableView } from "./table.tsx";
import "./outputs.css";

export interface OutputsProps extends InputHandlers {
  /** Id of the cell. */
  cell: string;
  outputs: Output[];
  /** Values of the cell's inputs, by key; an input without one shows the value it was made with. */
  inputValues: Record<string, InputValue>;
  /** The cell is running: outputs of the run before stay until they are replaced. */
  running?: boolean | undefined;
  error?: CellError | null | undefined;
  onGoTo?: ((place: CellPlace) => void) | undefined;
}

export function Outputs({
  cell,
  outputs,
  inputValues,
  onInput,
  onInputEnd,
  running = false,
  error,
  onGoTo,
}: OutputsProps): JSX.Element | null {
  const settled = useRef<Drawn[]>([]);
  const current = arrange(outputs);
  if (!running) settled.current = current;
  const drawn = running ? holdEarlier(settled.current, current) : current;
  const handlers: InputHandlers = { onInput, onInputEnd };
  const points = pointInputs(drawn);
  const placed = placedPoints(drawn);
  if (drawn.length === 0 && !error) return null;
  return (
    <div class="outputs" data-cell={cell}>
      {drawn.map((item) =>
        item.kind === "logs" ? (
          <LogView key={item.id} lines={item.lines} />
        ) : item.output.kind === "input" && placed.has(item.output.input.key) ? null : (
          <OutputView
            key={item.id}
            output={item.output}
            inputValues={inputValues}
            points={points}
            {...handlers}
          />
        ),
      )}
      {error && <ErrorView error={error} cell={cell} onGoTo={onGoTo} />}
    </div>
  );
}

export type PointInput = Extract<InputDescription, { type: "point" }>;

/** What a picture needs to let the reader drag points in it. */
export interface PointHandling extends InputHandlers {
  points: ReadonlyMap<string, PointInput>;
  inputValues: Record<string, InputValue>;
}

interface OutputViewProps extends PointHandling {
  output: Extract<Drawn, { kind: "output" }>["output"];
}

function OutputView({ output, ...handling }: OutputViewProps): JSX.Element {
  switch (output.kind) {
    case "value":
      return <Inspector value={output.value} />;
    case "table":
      return (
        <TableView
          title={output.title}
          columns={output.columns}
          rows={output.rows}
          omitted={output.omitted}
        />
      );
    case "plot":
      return <PlotSlot plot={output.plot} {...handling} />;
    case "surface":
      return <SurfaceSlot surface={output.surface} {...handling} />;
    case "formula":
      return <FormulaView tex={output.tex} display={output.display} />;
    case "markdown":
      return <MarkdownView text={output.text} />;
    case "progress":
      return <ProgressView label={output.label} value={output.value} max={output.max} />;
    case "input":
      return (
        <InputView
          input={output.input}
          value={handling.inputValues[output.input.key]}
          onInput={handling.onInput}
          onInputEnd={handling.onInputEnd}
        />
      );
    case "dropped":
      return (
        <p class="output-note output-dropped">
          {count(output.count, "further output")} not kept: the cell showed more than a page can hold.
        </p>
      );
  }
}

function pointInputs(drawn: readonly Drawn[]): Map<string, PointInput> {
  const points = new Map<string, PointInput>();
  for (const item of drawn)
    if (item.kind === "output" && item.output.kind === "input" && item.output.input.type === "point")
      points.set(item.output.input.key, item.output.input);
  return points;
}

/** Keys of the points that some picture draws. */
function placedPoints(drawn: readonly Drawn[]): Set<string> {
  const keys = new Set<string>();
  for (const item of drawn) {
    if (item.kind !== "output") continue;
    if (item.output.kind === "plot")
      for (const mark of item.output.plot.marks) if (mark.type === "handle") keys.add(mark.input);
    if (item.output.kind === "surface" && item.output.surface.handle)
      keys.add(item.output.surface.handle.input);
  }
  return keys;
}

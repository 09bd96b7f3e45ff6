// One button that starts something and, once that has lasted a moment, stops it. It stays the same element throughout, so
// that the keyboard's focus stays on it; while it changes its meaning it does nothing.
import type { CellModel } from "../store/cell-model.ts";
import type { NotebookStore } from "../store/store.ts";
import { Icon } from "./icons.tsx";
import { useLasting } from "./lasting.ts";

export interface RunStopProps {
  /** It has been started and is not over. */
  busy: boolean;
  /** Busy with what can be stopped; `busy` alone while it still waits for the kernel to come. */
  stoppable?: boolean;
  start: { label: string; word: string; kind: "run" | "primary"; title?: string; disabled?: boolean };
  stop: { label: string; word: string };
  onStart: () => void;
  onStop: () => void;
}

export function RunStop({ busy, stoppable = busy, start, stop, onStart, onStop }: RunStopProps) {
  const lasting = useLasting(busy && stoppable);
  const stops = lasting && busy;
  const off = busy !== stops || lasting !== busy || (!busy && start.disabled === true);
  return (
    <button
      type="button"
      class={stops ? "run stop" : start.kind}
      aria-label={stops ? stop.label : start.label}
      title={stops ? undefined : start.title}
      aria-disabled={off ? "true" : undefined}
      onClick={() => {
        if (!off) (stops ? onStop : onStart)();
      }}
    >
      <Icon name={stops ? "stop" : start.kind === "primary" ? "check" : "run"} />
      {stops ? stop.word : start.word}
    </button>
  );
}

/** Runs a cell, or stops it. `called` is what the cell is called in the button's name. */
export function RunCell({
  cell,
  store,
  called,
  title,
}: {
  cell: CellModel;
  store: NotebookStore;
  called: string;
  title?: string;
}) {
  const activity = cell.activity.value;
  const kernel = store.kernel.value;
  return (
    <RunStop
      busy={activity === "running" || activity === "queued"}
      stoppable={
        activity === "running" || (activity === "queued" && kernel !== "off" && kernel !== "starting")
      }
      start={{ label: `Run ${called}`, word: "Run", kind: "run", ...(title === undefined ? {} : { title }) }}
      stop={{ label: `Stop ${called}`, word: "Stop" }}
      onStart={() => void store.run(cell.id)}
      onStop={() => void store.stop()}
    />
  );
}

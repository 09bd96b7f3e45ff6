// The lesson's toolbar: runs and stops everything, says what the kernel does and how far the reader has come.
import { useState } from "preact/hooks";
import type { KernelStatus } from "../store/session.ts";
import type { NotebookStore } from "../store/store.ts";
import { formatCount, formatPoints } from "../store/words.ts";
import { Icon } from "./icons.tsx";
import { useLasting } from "./lasting.ts";
import { Notices } from "./Notices.tsx";
import { WorkMenu, type WorkActions } from "./WorkMenu.tsx";

const kernelWords: Record<KernelStatus, string> = {
  off: "Kernel not started",
  starting: "Kernel starting",
  ready: "Kernel ready",
  busy: "Running",
  stopping: "Stopping",
};

export function Toolbar({ store, actions }: { store: NotebookStore; actions: WorkActions }) {
  const [stopping, setStopping] = useState(false);
  const busy = store.busy.value;
  const kernel = store.kernel.value;
  const stop = async (): Promise<void> => {
    setStopping(true);
    try {
      await store.stop();
    } finally {
      setStopping(false);
    }
  };
  const lasting = useLasting(busy);
  const canStop = busy && lasting && !stopping;
  const canRestart = kernel !== "off" && kernel !== "starting";
  const words = stopping
    ? kernelWords.stopping
    : lasting && busy && kernel !== "starting"
      ? kernelWords.busy
      : kernelWords[kernel];
  return (
    <>
      <div class="toolbar" role="toolbar" aria-label="Lesson">
        {/* None of them is ever disabled: that would take the focus from the one that was just pressed. */}
        <button
          type="button"
          class="run"
          aria-disabled={busy ? "true" : undefined}
          onClick={() => {
            if (!busy) void store.runAll();
          }}
        >
          <Icon name="run" />
          Run all
        </button>
        <button
          type="button"
          class="run stop"
          aria-disabled={canStop ? undefined : "true"}
          onClick={() => {
            if (canStop) void stop();
          }}
        >
          <Icon name="stop" />
          <span class="button-word">Stop</span>
        </button>
        <button
          type="button"
          class="quiet"
          aria-disabled={canRestart ? undefined : "true"}
          title="Forget every value; nothing you wrote is lost"
          aria-label="Restart kernel"
          onClick={() => {
            if (canRestart) void store.restart();
          }}
        >
          <Icon name="reset" />
          <span class="button-word">Restart kernel</span>
        </button>
        <span
          class="kernel"
          role="status"
          data-kernel={busy && lasting ? "busy" : kernel === "busy" ? "ready" : kernel}
        >
          <span class="kernel-dot" aria-hidden="true" />
          <span class="kernel-words">{words}</span>
        </span>
        <Score store={store} />
        <WorkMenu store={store} actions={actions} />
      </div>
      <Notices store={store} />
      <p class="sr-only" aria-live="polite">
        {store.announcement.value}
      </p>
    </>
  );
}

function Score({ store }: { store: NotebookStore }) {
  const { earned, possible, hidden } = store.score.value;
  if (possible === 0) return null;
  return (
    <span class="score" title={whatPointsMean(hidden)}>
      <span class="score-bar" aria-hidden="true">
        <span style={{ width: `${(100 * earned) / possible}%` }} />
      </span>
      <span class="score-words">
        {formatCount(earned)} of {formatCount(possible)}
        <span class="score-unit"> {possible === 1 ? "point" : "points"} here</span>
      </span>
    </span>
  );
}

function whatPointsMean(hidden: number): string {
  const here = "The points that this page can give, for its tests and questions.";
  if (hidden === 0) return here;
  return `${here} ${formatPoints(hidden)} more ${hidden === 1 ? "is" : "are"} decided by hidden tests when your work is graded.`;
}

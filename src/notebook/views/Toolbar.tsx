// The lesson's toolbar: runs and stops everything, says what the kernel does and how far the reader has come.
import { useState } from "preact/hooks";
import type { KernelStatus } from "../store/session.ts";
import type { NotebookStore } from "../store/store.ts";
import { formatCount, formatPoints } from "../store/words.ts";
import { Icon } from "./icons.tsx";
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
  const words = stopping
    ? kernelWords.stopping
    : busy && kernel !== "starting"
      ? kernelWords.busy
      : kernelWords[kernel];
  return (
    <>
      <div class="toolbar" role="toolbar" aria-label="Lesson">
        <button type="button" class="run" disabled={busy} onClick={() => void store.runAll()}>
          <Icon name="run" />
          Run all
        </button>
        <button type="button" class="run stop" disabled={!busy || stopping} onClick={() => void stop()}>
          <Icon name="stop" />
          Stop
        </button>
        <button
          type="button"
          class="quiet"
          disabled={kernel === "off" || kernel === "starting"}
          title="Forget every value; nothing you wrote is lost"
          aria-label="Restart kernel"
          onClick={() => void store.restart()}
        >
          <Icon name="reset" />
          <span class="button-word">Restart kernel</span>
        </button>
        <span class="kernel" role="status" data-kernel={busy ? "busy" : kernel}>
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
  const { earned, possible } = store.score.value;
  if (possible === 0) return null;
  return (
    <span class="score" title="Points of visible tests and quizzes">
      <span class="score-bar" aria-hidden="true">
        <span style={{ width: `${(100 * earned) / possible}%` }} />
      </span>
      <span class="score-words">
        {formatCount(earned)} of {formatPoints(possible)}
      </span>
    </span>
  );
}

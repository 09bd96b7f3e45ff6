// The page is already readable. The notebook behind its islands comes when the browser is idle, or at once when the
// reader touches a cell.
import { wasWanted } from "./early-clicks.ts";
import { whenIdle } from "./idle.ts";

/** @param options.unasked also without being touched, when there is time */
export function wakeIslands({ unasked }: { unasked: boolean }): void {
  let started: Promise<void> | null = null;
  const start = () => {
    started ??= import("./notebook.ts").then(({ startNotebook }) => startNotebook());
    started.catch((error: unknown) => {
      started = null;
      showFailure(error);
    });
  };
  document.documentElement.addEventListener("descent:wanted", start, { once: true });
  for (const event of ["focusin", "pointerdown"] as const)
    document.addEventListener(event, ({ target }) => {
      if (target instanceof Element && target.closest(".island") !== null) start();
    });
  if (wasWanted()) start();
  // Who saves data gets the notebook only when using it.
  else if (unasked && !savesData()) whenIdle(start);
}

function savesData(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  return connection?.saveData === true;
}

function showFailure(error: unknown): void {
  const island = document.querySelector(".island");
  if (island === null || document.querySelector(".notebook-failed") !== null) return;
  const message = document.createElement("p");
  message.className = "notebook-failed callout callout-warning";
  message.setAttribute("role", "alert");
  message.textContent = `The cells could not be started: ${error instanceof Error ? error.message : String(error)} — check the connection and reload the page.`;
  island.before(message);
}

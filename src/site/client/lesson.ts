// Attaches to a lesson's page: small and quick, for the page is already readable. The notebook itself comes when the
// browser is idle, or at once when the reader touches a cell.
import { wasWanted } from "./early-clicks.ts";
import { followContents } from "./follow-contents.ts";
import { keepPlace } from "./place.ts";
import { focusScrollable } from "./scrollable.ts";
import { attachTheme } from "./theme.ts";
import { whenIdle } from "./idle.ts";

attachTheme();
focusScrollable(".katex-display, pre");
followContents((section) => keepPlace(section));

let started: Promise<void> | null = null;
const start = () => {
  started ??= import("./notebook.ts").then(({ startNotebook }) => startNotebook());
  started.catch(showFailure);
};

document.documentElement.addEventListener("descent:wanted", start, { once: true });
for (const event of ["focusin", "pointerdown"] as const)
  document.addEventListener(event, ({ target }) => {
    if (target instanceof Element && target.closest(".island") !== null) start();
  });
if (wasWanted()) start();
// Who saves data gets the notebook only when using it; a lesson that could not be read has none.
else if (!savesData() && document.querySelector(".sections") !== null) whenIdle(start);

if (import.meta.hot) {
  void import("./live-update.ts").then(({ followLesson }) => followLesson());
}

function savesData(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  return connection?.saveData === true;
}

function showFailure(error: unknown): void {
  started = null;
  const island = document.querySelector(".island");
  if (island === null || document.querySelector(".notebook-failed") !== null) return;
  const message = document.createElement("p");
  message.className = "notebook-failed callout callout-warning";
  message.setAttribute("role", "alert");
  message.textContent = `The cells could not be started: ${error instanceof Error ? error.message : String(error)} — check the connection and reload the page.`;
  island.before(message);
}

// Development only: a saved lesson appears in the open page, and what its cells hold stays as it is.
// Vite looks for the words `import.meta.hot`: they cannot be shortened by destructuring.
import type { NotebookData } from "../../notebook/index.ts";
import type { LessonUpdate, ProblemsUpdate } from "../serve.ts";
import { morphChildren } from "./morph.ts";
import { currentNotebook } from "./notebook.ts";

export function followLesson(): void {
  const { lesson } = document.body.dataset;
  import.meta.hot?.on("descent:lesson", (update: LessonUpdate) => {
    if (update.lesson !== lesson) return;
    hideProblems();
    if (document.querySelector(".sections") === null) return location.reload();
    for (const [selector, html] of Object.entries(update.parts)) {
      const part = document.querySelector(selector);
      if (part === null) continue;
      const fresh = document.createElement("template");
      fresh.innerHTML = html;
      morphChildren(part, fresh.content, { keepIslands: currentNotebook() !== null });
    }
    currentNotebook()?.update(update.notebook as NotebookData);
    document.dispatchEvent(new Event("descent:updated"));
  });
  import.meta.hot?.on("descent:problems", (update: ProblemsUpdate) => {
    if (update.lesson === lesson) showProblems(update.problems);
  });
}

function showProblems(problems: string[]): void {
  hideProblems();
  const panel = document.createElement("aside");
  panel.className = "problems-panel";
  panel.setAttribute("role", "alert");
  const title = document.createElement("p");
  title.textContent = `${problems.length} to correct. The page shows the last version that could be read.`;
  const list = document.createElement("ul");
  list.className = "problems";
  for (const problem of problems) {
    const item = document.createElement("li");
    item.textContent = problem;
    list.append(item);
  }
  panel.append(title, list);
  document.body.append(panel);
}

function hideProblems(): void {
  document.querySelector(".problems-panel")?.remove();
}

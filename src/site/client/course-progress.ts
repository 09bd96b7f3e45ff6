// How far the reader is in each chapter, read from what the notebook keeps on this device.
import { type LessonProgress, readCourseProgress } from "../../notebook/index.ts";

export async function showProgress(course: string): Promise<void> {
  const progress = await readCourseProgress(course);
  for (const chapter of document.querySelectorAll<HTMLElement>(".chapter")) {
    const known = progress[chapter.dataset["lesson"] ?? ""];
    const place = chapter.querySelector(".chapter-progress");
    if (known === undefined || place === null) continue;
    const parts = describe(known);
    place.replaceChildren(...parts);
  }
}

/** Points where the chapter has any, otherwise cells; nothing before the reader has begun. */
function describe({ earned, possible, cellsRun, cells }: LessonProgress): (Node | string)[] {
  if (earned === 0 && cellsRun === 0) return [];
  if (possible > 0 && earned >= possible) return [bar(1, 1), `All ${possible} points`];
  if (possible > 0) return [bar(earned, possible), `${round(earned)} of ${possible} points`];
  return [bar(cellsRun, cells), `${cellsRun} of ${cells} cells run`];
}

function bar(value: number, max: number): HTMLElement {
  const element = document.createElement("span");
  element.className = "progress";
  // The words beside it say the same.
  element.setAttribute("aria-hidden", "true");
  element.style.setProperty("--part", String(max === 0 ? 0 : value / max));
  return element;
}

function round(points: number): string {
  return String(Math.round(points * 10) / 10);
}

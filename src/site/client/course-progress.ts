// How far the reader is in each chapter, read from what the notebook keeps on this device.
import { readCourseProgress } from "../../notebook/index.ts";

export async function showProgress(course: string): Promise<void> {
  const progress = await readCourseProgress(course);
  for (const chapter of document.querySelectorAll<HTMLElement>(".chapter")) {
    const known = progress[chapter.dataset["lesson"] ?? ""];
    const place = chapter.querySelector(".chapter-progress");
    if (known === undefined || place === null) continue;
    place.textContent = JSON.stringify(known);
  }
}

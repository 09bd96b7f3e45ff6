// The course page's script: how far each chapter is, and the way back to where the reader was.
import { lastPlace } from "./place.ts";
import { attachTheme } from "./theme.ts";

attachTheme();
const { course = "" } = document.body.dataset;
showPlace();
void import("./course-progress.ts").then(({ showProgress }) => showProgress(course));

function showPlace(): void {
  const place = lastPlace(course);
  const line = document.querySelector<HTMLElement>(".continue");
  if (place === null || line === null) return;
  // A chapter may have been renamed since.
  if (document.querySelector(`[data-lesson="${CSS.escape(place.lesson)}"]`) === null) return;
  const link = document.createElement("a");
  link.href = `./${place.lesson}/#${encodeURIComponent(place.section)}`;
  link.textContent = "Continue";
  const where = document.createElement("span");
  where.textContent = `${place.title}: ${place.sectionTitle}`;
  line.append(link, where);
  line.hidden = false;
}

// Attaches to a lesson's page: small and quick, for the page is already readable.
import { followContents } from "./follow-contents.ts";
import { wakeIslands } from "./islands.ts";
import { keepPlace } from "./place.ts";
import { focusScrollable } from "./scrollable.ts";
import { attachTheme } from "./theme.ts";

attachTheme();
focusScrollable(".katex-display, pre");
followContents((section) => keepPlace(section));
// A lesson that could not be read has no notebook.
wakeIslands({ unasked: document.querySelector(".sections") !== null });

if (import.meta.hot) {
  void import("./live-update.ts").then(({ followLesson }) => followLesson());
}

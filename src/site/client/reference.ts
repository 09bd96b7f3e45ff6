// Attaches to the pages of the API reference: the contents beside the text, the example's cells, the filter of the index.
import { attachFilter } from "./filter.ts";
import { followContents } from "./follow-contents.ts";
import { wakeIslands } from "./islands.ts";
import { focusScrollable } from "./scrollable.ts";
import { attachTheme } from "./theme.ts";

attachTheme();
attachFilter();
focusScrollable(".katex-display, pre");
followContents(() => {});
// A reader who looks something up runs no cell, most times.
wakeIslands({ unasked: false });

// Code on paper.
import { highlightCode } from "../../notebook/static.ts";
import { markup, raw, type Html } from "../markup.ts";

export function renderCode(source: string): Html {
  return markup`<pre><code>${raw(highlightCode(source, "ts"))}</code></pre>`;
}

// Code as HTML without colours: what a page shows until the grammar has arrived.

/** Text made safe to stand in HTML, in an element or an attribute. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** One line of code, its text already HTML. */
export function codeLine(html: string): string {
  return `<span class="code-line">${html}</span>`;
}

/** A `code-line` element for each line, without colours. */
export function plainCode(source: string): string {
  return source
    .split("\n")
    .map((line) => codeLine(escapeHtml(line)))
    .join("\n");
}

// Building HTML as text: a tagged template that escapes what it is given, so that only text marked as HTML passes unchanged.

/** Text that is known to be safe HTML. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

export type HtmlPart = Html | string | number | null | undefined | false | readonly HtmlPart[];

/** Marks text as HTML: for prose that the lesson reader rendered and for the island renderer's output. */
export function raw(text: string): Html {
  return new Html(text);
}

/** A template whose strings are escaped (in text and in quoted attributes); `null`, `undefined` and `false` print nothing. */
export function markup(strings: TemplateStringsArray, ...parts: HtmlPart[]): Html {
  let text = strings[0] ?? "";
  parts.forEach((part, index) => {
    text += print(part) + (strings[index + 1] ?? "");
  });
  return new Html(text);
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

function print(part: HtmlPart): string {
  if (part === null || part === undefined || part === false) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "string") return escapeHtml(part);
  if (typeof part === "number") return String(part);
  return part.map(print).join("");
}

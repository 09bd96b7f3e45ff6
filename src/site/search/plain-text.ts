// The words of rendered prose, as a search compares them and shows them. A formula gives the text of its MathML.
import { Parser } from "htmlparser2";

/** Elements that are drawn for the eye only: what they show is said elsewhere. */
const isDecoration = (attributes: Record<string, string>) => attributes["aria-hidden"] === "true";

export function plainText(html: string): string {
  let text = "";
  /** Inside a decoration: how many elements deep. */
  let hidden = 0;
  const parser = new Parser({
    onopentag(_name, attributes) {
      if (hidden > 0 || isDecoration(attributes)) hidden += 1;
    },
    ontext(data) {
      if (hidden === 0) text += data;
    },
    onclosetag(name) {
      if (hidden > 0) hidden -= 1;
      else if (blocks.has(name)) text += " ";
    },
  });
  parser.end(html);
  return text.replaceAll(/\s+/g, " ").trim();
}

const blocks = new Set([
  "p",
  "li",
  "td",
  "th",
  "pre",
  "blockquote",
  "h2",
  "h3",
  "h4",
  "dt",
  "dd",
  "br",
  "math",
]);

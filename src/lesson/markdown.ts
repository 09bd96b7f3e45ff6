// Prose: Markdown with KaTeX formulas and call-outs, rendered to HTML. Raw HTML and unknown macros are errors.
import katex from "katex";
import { Marked, type Token, type Tokens, type TokenizerAndRendererExtension } from "marked";
import { type Problems, suggest } from "./problems.ts";

/** A link or picture of the prose, to be checked once all headings are known. */
export interface Reference {
  href: string;
  offset: number;
  image: boolean;
}

export interface RenderOptions {
  problems: Problems;
  /** The stretch of the source that was lexed, and its offset in the file: places are found by searching in it. */
  raw: string;
  offset: number;
  references: Reference[];
}

const callouts = { NOTE: "Note", WARNING: "Warning", DISPUTED: "Disputed" } as const;

/** Inline tags that Markdown has no sign for. */
const plainTag = /^<(?:\/?(?:kbd|sub|sup|mark|small)|br ?\/?)>$/;

interface FormulaToken extends Tokens.Generic {
  type: "formula";
  tex: string;
  display: boolean;
}

const blockFormula: TokenizerAndRendererExtension = {
  name: "blockFormula",
  level: "block",
  start: (source) => /(?:^|\n) {0,3}\$\$/.exec(source)?.index,
  tokenizer(source) {
    const match = /^ {0,3}\$\$([\s\S]+?)\$\$[ \t]*(?:\n+|$)/.exec(source);
    return match === null ? undefined : { type: "formula", raw: match[0], tex: match[1]!, display: true };
  },
};

const inlineFormula: TokenizerAndRendererExtension = {
  name: "inlineFormula",
  level: "inline",
  start: (source) => source.indexOf("$"),
  tokenizer(source) {
    const display = /^\$\$([\s\S]+?)\$\$/.exec(source);
    if (display !== null) return { type: "formula", raw: display[0], tex: display[1]!, display: true };
    // As Pandoc has it: no space inside the dollars, no digit after the closing one, so that "$5 and $6" stays text.
    const match = /^\$(?![\s$])((?:\\[\s\S]|[^\\$])*?[^\s\\$]|(?:\\[\s\S])+)\$(?!\d)/.exec(source);
    return match === null ? undefined : { type: "formula", raw: match[0], tex: match[1]!, display: false };
  },
};

const lexer = new Marked({ gfm: true, extensions: [blockFormula, inlineFormula] });

/** The tokens of a text. Their `raw` strings joined are the text, which is how places are counted. */
export function lex(text: string): Token[] {
  return lexer.lexer(text);
}

/** Renders block tokens. What is wrong with them goes to `options.problems`. */
export function renderTokens(tokens: Token[], options: RenderOptions): string {
  return rendererFor(options).parser(tokens);
}

/** Renders a Markdown text such as a hint or a quiz's question, whose first character stands at `offset` of the file. */
export function renderMarkdown(
  text: string,
  options: { problems: Problems; offset: number; references: Reference[] },
): string {
  return renderTokens(lex(text), { ...options, raw: text }).trim();
}

/** Renders one line without a paragraph around it, such as a choice. */
export function renderInline(
  text: string,
  options: { problems: Problems; offset: number; references: Reference[] },
): string {
  return rendererFor({ ...options, raw: text }).parseInline(text) as string;
}

/** MathML speaks for itself; the TeX that KaTeX repeats beside it is a twentieth of a page and nobody reads it. */
function withoutSource(html: string): string {
  return html.replaceAll(/<annotation encoding="application\/x-tex">[^<]*<\/annotation>|<\/?semantics>/g, "");
}

/** Formulas by their TeX: who writes prose must not wait for the formulas around it. */
const knownFormulas = new Map<string, string>();
const formulaLimit = 5000;

/** Throws `katex.ParseError`. */
function formulaHtml(tex: string, display: boolean): string {
  const key = `${display ? "display" : "inline"} ${tex}`;
  const known = knownFormulas.get(key);
  if (known !== undefined) return known;
  const html = withoutSource(
    katex.renderToString(tex, {
      displayMode: display,
      output: "htmlAndMathml",
      strict: "ignore",
      trust: false,
    }),
  );
  if (knownFormulas.size >= formulaLimit) knownFormulas.clear();
  knownFormulas.set(key, html);
  return html;
}

function rendererFor(options: RenderOptions): Marked {
  const { problems, references } = options;
  let searchFrom = 0;
  /** Tokens are rendered in the order of the source, so each is found at or after the one before it. */
  const locate = (raw: string, { isLeaf }: { isLeaf: boolean }): number => {
    const firstLine = raw.trim().split("\n", 1)[0]!;
    const found = options.raw.indexOf(firstLine, searchFrom);
    if (found === -1) return options.offset + searchFrom;
    searchFrom = isLeaf ? found + firstLine.length : found;
    return options.offset + found;
  };
  const locateLeaf = (raw: string) => locate(raw, { isLeaf: true });
  const locateContainer = (raw: string) => locate(raw, { isLeaf: false });

  const renderFormula = ({ raw, tex, display }: FormulaToken): string => {
    const offset = locateLeaf(raw);
    try {
      return formulaHtml(tex.trim(), display);
    } catch (error) {
      const at = error instanceof katex.ParseError ? error.position : 0;
      const lead = raw.indexOf(tex) + (tex.length - tex.trimStart().length);
      const message =
        error instanceof Error
          ? error.message.replace(/^KaTeX parse error: /, "").replace(/ at position \d+:.*$/s, "")
          : String(error);
      problems.at(
        offset + lead + (at ?? 0),
        `This formula does not render: ${message}`,
        "correct the TeX; macros are KaTeX's",
      );
      return "";
    }
  };

  const marked = new Marked({
    gfm: true,
    extensions: [
      { ...blockFormula, name: "blockFormula" },
      { ...inlineFormula, name: "inlineFormula" },
      { name: "formula", renderer: (token) => renderFormula(token as FormulaToken) },
    ],
  });
  marked.use({
    renderer: {
      html({ raw, text }) {
        const offset = locateLeaf(raw);
        if (/^\s*<!--[\s\S]*?-->\s*$/.test(text)) return "";
        if (plainTag.test(text.trim())) return text;
        problems.at(
          offset,
          `HTML is not part of a lesson: ${text.trim().split("\n")[0]}`,
          "write it in Markdown",
        );
        return "";
      },
      code({ raw }) {
        problems.at(
          locateLeaf(raw),
          "Code must stand at the left margin, outside lists and quotes",
          "move the fence out, or use `inline code`",
        );
        return "";
      },
      heading({ raw, depth, tokens }) {
        problems.at(
          locateContainer(raw),
          "A heading must stand at the left margin, outside lists and quotes",
          "move it out, or make it **bold**",
        );
        return `<p class="depth-${depth}">${this.parser.parseInline(tokens)}</p>`;
      },
      link({ raw, href, title, tokens }) {
        references.push({ href, offset: locateContainer(raw), image: false });
        const text = this.parser.parseInline(tokens);
        const external = /^[a-z]+:/i.test(href) ? ' rel="noopener"' : "";
        return `<a href="${attribute(href)}"${title ? ` title="${attribute(title)}"` : ""}${external}>${text}</a>`;
      },
      image({ raw, href, title, text }) {
        const offset = locateLeaf(raw);
        references.push({ href, offset, image: true });
        if (text.trim() === "")
          problems.at(
            offset,
            "A picture needs words for those who do not see it",
            `write ![what it shows](${href})`,
          );
        return `<img src="${attribute(href)}" alt="${attribute(text)}"${title ? ` title="${attribute(title)}"` : ""} loading="lazy">`;
      },
      blockquote({ raw, tokens }) {
        const offset = locateContainer(raw);
        const name = /^ {0,3}>\s*\[!([^\]\n]*)\]/.exec(raw)?.[1];
        if (name === undefined) return `<blockquote>\n${this.parser.parse(tokens)}</blockquote>\n`;
        const kind = Object.keys(callouts).find((known): known is keyof typeof callouts => known === name);
        if (kind === undefined) {
          problems.at(offset, `The call-out [!${name}] is not known`, suggest(name, Object.keys(callouts)));
          return "";
        }
        dropMarker(tokens, `[!${name}]`);
        return `<aside class="callout callout-${kind.toLowerCase()}" aria-label="${callouts[kind]}">\n<p class="callout-title">${callouts[kind]}</p>\n${this.parser.parse(tokens)}</aside>\n`;
      },
      table(token) {
        const align = (cell: Tokens.TableCell) => (cell.align ? ` class="align-${cell.align}"` : "");
        const row = (cells: Tokens.TableCell[], tag: string) =>
          `<tr>${cells.map((cell) => `<${tag}${tag === "th" ? ' scope="col"' : ""}${align(cell)}>${this.parser.parseInline(cell.tokens)}</${tag}>`).join("")}</tr>\n`;
        // A chapter may have many tables; as landmarks they would have to differ in name.
        return `<div class="table-scroll" tabindex="0" role="group" aria-label="Table"><table>\n<thead>\n${row(token.header, "th")}</thead>\n<tbody>\n${token.rows.map((cells) => row(cells, "td")).join("")}</tbody>\n</table></div>\n`;
      },
    },
  });
  return marked;
}

/** Takes `[!NOTE]` off the first paragraph of a call-out, and the paragraph away when nothing is left of it. */
function dropMarker(tokens: Token[], marker: string): void {
  const paragraph = tokens[0];
  if (paragraph?.type !== "paragraph") return;
  const inline = paragraph.tokens ?? [];
  const first = inline[0];
  if (first?.type === "text") first.text = (first as Tokens.Text).text.replace(marker, "").trimStart();
  const [head, ...rest] = inline;
  if (head?.type === "text" && (head as Tokens.Text).text.trim() === "") {
    while (rest[0]?.type === "br") rest.shift();
    paragraph.tokens = rest;
    if (rest.length === 0) tokens.shift();
  }
}

function attribute(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll('"', "&quot;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

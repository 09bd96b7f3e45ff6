// A docstring as HTML. Docstrings are written to be read in the source: paragraphs, indented formulas, lists, `code` and
// $formulas$. They are not Markdown: an underscore or an asterisk in them is a name or a product.
import katex from "katex";
import { markup, raw, type Html } from "../markup.ts";

export interface DocstringTools {
  /** Where a name of the engine is documented; `null` for what is none. */
  hrefOf: (name: string) => string | null;
  /** Code as highlighted HTML. */
  code: (source: string) => string;
}

type Block =
  | { kind: "paragraph" | "formula"; text: string }
  | { kind: "list"; items: string[] }
  /** Indented or fenced: code, or a formula as a typewriter has it. */
  | { kind: "verbatim"; text: string };

export function renderDocstring(text: string, tools: DocstringTools): Html {
  return markup`${blocksOf(text).map((block) => renderBlock(block, tools))}`;
}

/** The first paragraph, as plain text: what a pop-up shows. */
export function summaryOf(text: string): string {
  const [first] = blocksOf(text);
  return first?.kind === "paragraph" ? plainText(first.text) : "";
}

/** The first sentence of the summary: what a list shows. */
export function sentenceOf(text: string): string {
  const summary = summaryOf(text);
  // A full stop after an abbreviation or a name's initial ends nothing.
  const end = /[.!?](?=\s+\p{Lu})(?<!\b(?:e\.g|i\.e|cf|al|vs|\p{Lu})\.)/u.exec(summary);
  return end === null ? summary : summary.slice(0, end.index + 1);
}

/** The same as HTML without links, for a list that is made of links. */
export function sentenceHtml(text: string): Html {
  return renderInline(sentenceOf(text), { hrefOf: () => null, code: (source) => raw(source).text });
}

/** One line of a docstring. */
export function renderInline(text: string, tools: DocstringTools): Html {
  const parts: Html[] = [];
  let end = 0;
  for (const match of text.matchAll(inlinePattern)) {
    parts.push(markup`${text.slice(end, match.index)}`, renderMark(match, tools));
    end = match.index + match[0].length;
  }
  parts.push(markup`${text.slice(end)}`);
  return markup`${parts}`;
}

const inlinePattern =
  /`(?<code>[^`]+)`|\{@link\s+(?<link>[^}\s|]+)[^}]*\}|\$(?<tex>[^\s$](?:[^$]*[^\s$])?)\$(?!\d)|(?<![\w*])\*(?<stressed>\p{L}[\p{L} -]*)\*(?![\w*])|(?<url>https?:\/\/[^\s)>\]]*[^\s)>\].,;])/gu;

function renderMark({ groups = {} }: RegExpMatchArray, tools: DocstringTools): Html {
  const { code, link, tex, stressed, url } = groups;
  if (tex !== undefined) return renderFormula(tex, false);
  if (stressed !== undefined) return markup`<em>${stressed}</em>`;
  if (url !== undefined) return markup`<a href="${url}">${url}</a>`;
  const name = code ?? link ?? "";
  const href = tools.hrefOf(name);
  return href === null ? markup`<code>${name}</code>` : markup`<a href="${href}"><code>${name}</code></a>`;
}

function renderBlock(block: Block, tools: DocstringTools): Html {
  switch (block.kind) {
    case "paragraph":
      return markup`<p>${renderInline(block.text, tools)}</p>\n`;
    case "formula":
      return renderFormula(block.text, true);
    case "list":
      return markup`<ul>${block.items.map((item) => markup`<li>${renderInline(item, tools)}</li>`)}</ul>\n`;
    case "verbatim":
      return looksLikeCode(block.text)
        ? markup`<pre class="code"><code>${raw(tools.code(block.text))}</code></pre>\n`
        : markup`<pre class="plain-formula">${block.text}</pre>\n`;
  }
}

/** A formula that KaTeX does not know is shown as it is written. */
function renderFormula(tex: string, display: boolean): Html {
  const html = katex.renderToString(tex, { displayMode: display, throwOnError: false, strict: "ignore" });
  return raw(
    html.replaceAll(/<annotation encoding="application\/x-tex">[^<]*<\/annotation>|<\/?semantics>/g, ""),
  );
}

function looksLikeCode(text: string): boolean {
  return /(?:^|\n)\s*(?:const|let|for|if|import|await|return)\b|;\s*(?:\/\/.*)?(?:\n|$)/.test(text);
}

function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.split("\n");
  let index = 0;
  const take = (isPart: (line: string) => boolean): string[] => {
    const start = index;
    while (index < lines.length && isPart(lines[index]!)) index += 1;
    return lines.slice(start, index);
  };
  while (index < lines.length) {
    const line = lines[index]!;
    if (line.trim() === "") index += 1;
    else if (/^\s*```/.test(line)) {
      index += 1;
      blocks.push({ kind: "verbatim", text: take((one) => !/^\s*```/.test(one)).join("\n") });
      index += 1;
    } else if (/^ {4}/.test(line))
      blocks.push({ kind: "verbatim", text: outdented(take((one) => /^ {4}|^\s*$/.test(one))) });
    else if (line.trimStart().startsWith("$$")) {
      const tex = [line.trimStart().slice(2)];
      index += 1;
      if (!tex[0]!.includes("$$")) tex.push(...take((one) => !one.includes("$$")), lines[index++] ?? "");
      blocks.push({ kind: "formula", text: tex.join("\n").replace(/\$\$.*$/s, "") });
    } else if (isItem(line)) {
      const items = take((one) => isItem(one) || /^ {1,3}\S/.test(one));
      blocks.push({
        kind: "list",
        items: items
          .join("\n")
          .split(/^\s*[-*] /m)
          .slice(1)
          .map(unwrapped),
      });
    } else
      blocks.push({
        kind: "paragraph",
        text: unwrapped(
          take((one) => one.trim() !== "" && !isItem(one) && !/^ {4}|^\s*(?:```|\$\$)/.test(one)).join("\n"),
        ),
      });
  }
  return blocks;
}

function isItem(line: string): boolean {
  return /^\s{0,3}[-*] \S/.test(line);
}

function unwrapped(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ").trim();
}

function outdented(lines: string[]): string {
  const filled = lines.filter((line) => line.trim() !== "");
  const indent = Math.min(...filled.map((line) => /^ */.exec(line)![0].length));
  return lines
    .map((line) => line.slice(indent))
    .join("\n")
    .trimEnd();
}

/** Marks taken off; names keep their back quotes. */
function plainText(text: string): string {
  return text
    .replaceAll(/\{@link\s+([^}\s|]+)[^}]*\}/g, "`$1`")
    .replaceAll(inlinePattern, (mark, ...rest) => {
      const groups = rest.at(-1) as Record<string, string | undefined>;
      return groups["tex"] ?? groups["stressed"] ?? mark;
    });
}

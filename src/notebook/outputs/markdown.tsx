// Markdown from a cell. Its tokens become elements one by one, so raw HTML can only ever be text,
// links lead only to the web or within the page, and no picture is fetched from anywhere.
import type { Token, Tokens } from "marked";
import type { ComponentChildren, JSX } from "preact";
import { useMemo } from "preact/hooks";
import { FormulaView } from "./formula.tsx";
import { LazyModule, useLazy } from "./lazy.ts";

const marked = new LazyModule(() => import("marked"));

export function MarkdownView({ text }: { text: string }): JSX.Element {
  const loaded = useLazy(marked);
  const tokens = useMemo(
    () => (loaded.status === "ready" ? loaded.module.lexer(text, { gfm: true }) : null),
    [loaded, text],
  );
  if (!tokens) return <div class="markdown-output markdown-source">{text}</div>;
  return <div class="markdown-output">{tokens.map(block)}</div>;
}

/** Renders parsed Markdown; exported for tests. */
export function renderTokens(tokens: readonly Token[]): ComponentChildren {
  return tokens.map(block);
}

function block(token: Token, key: number): ComponentChildren {
  const known = token as Tokens.Generic as MarkedBlock;
  switch (known.type) {
    case "space":
    case "def":
      return null;
    case "heading": {
      // The page's own headings are 1 to 3: those of an output stand below them.
      const Heading = `h${Math.min(6, known.depth + 3)}` as "h4" | "h5" | "h6";
      return <Heading key={key}>{inline(known.tokens)}</Heading>;
    }
    case "paragraph": {
      const whole = /^\$\$([\s\S]+)\$\$$/.exec(known.raw.trim());
      return whole?.[1] === undefined ? (
        <p key={key}>{inline(known.tokens)}</p>
      ) : (
        <FormulaView key={key} tex={whole[1].trim()} display />
      );
    }
    case "text":
      return <span key={key}>{known.tokens ? inline(known.tokens) : formulas(known.raw)}</span>;
    case "code":
      return (
        <pre key={key}>
          <code>{known.text}</code>
        </pre>
      );
    case "blockquote":
      return <blockquote key={key}>{known.tokens.map(block)}</blockquote>;
    case "hr":
      return <hr key={key} />;
    case "list": {
      const items = known.items.map((item, index) => (
        <li key={index}>
          {item.task && <input type="checkbox" disabled checked={item.checked === true} aria-label="done" />}
          {item.tokens.filter((inner) => inner.type !== "checkbox").map(block)}
        </li>
      ));
      return known.ordered ? (
        <ol key={key} start={known.start === "" ? 1 : known.start}>
          {items}
        </ol>
      ) : (
        <ul key={key}>{items}</ul>
      );
    }
    case "table":
      return (
        <div key={key} class="table-scroll" role="region" aria-label="Table" tabIndex={0}>
          <table class="values">
            <thead>
              <tr>{known.header.map((cell, index) => tableCell("th", cell, index))}</tr>
            </thead>
            <tbody>
              {known.rows.map((row, index) => (
                <tr key={index}>{row.map((cell, column) => tableCell("td", cell, column))}</tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    case "html":
      return <p key={key}>{known.raw}</p>;
  }
  return <p key={key}>{token.raw}</p>;
}

function tableCell(Cell: "th" | "td", cell: Tokens.TableCell, key: number): JSX.Element {
  return (
    <Cell key={key} class={cell.align === "right" ? "numeric" : undefined}>
      {inline(cell.tokens)}
    </Cell>
  );
}

type MarkedBlock =
  | Tokens.Space
  | Tokens.Def
  | Tokens.Heading
  | Tokens.Paragraph
  | Tokens.Text
  | Tokens.Code
  | Tokens.Blockquote
  | Tokens.Hr
  | Tokens.List
  | Tokens.Table
  | Tokens.HTML;

type MarkedInline =
  | Tokens.Text
  | Tokens.Escape
  | Tokens.Strong
  | Tokens.Em
  | Tokens.Del
  | Tokens.Codespan
  | Tokens.Br
  | Tokens.Link
  | Tokens.Image;

function inline(tokens: readonly Token[] | undefined): ComponentChildren {
  return tokens?.map((token, key) => {
    const known = token as Tokens.Generic as MarkedInline;
    switch (known.type) {
      case "text":
        return "tokens" in known && known.tokens ? inline(known.tokens) : formulas(known.raw);
      case "escape":
        return known.text;
      case "strong":
        return <strong key={key}>{inline(known.tokens)}</strong>;
      case "em":
        return <em key={key}>{inline(known.tokens)}</em>;
      case "del":
        return <del key={key}>{inline(known.tokens)}</del>;
      case "codespan":
        return <code key={key}>{known.text}</code>;
      case "br":
        return <br key={key} />;
      case "link":
        return isSafeLink(known.href) ? (
          <a key={key} href={known.href} rel="noopener noreferrer nofollow">
            {inline(known.tokens)}
          </a>
        ) : (
          <span key={key}>{inline(known.tokens)}</span>
        );
      case "image":
        return (
          <span key={key} class="output-note">
            [picture: {known.text || "no description"}]
          </span>
        );
    }
    return token.raw;
  });
}

/** Only the web and places in the page: no `javascript:`, no `data:`. */
export function isSafeLink(href: string): boolean {
  return /^(https?:\/\/|#)/i.test(href.trim());
}

/** `$…$` within text, as in the lessons' own prose. A dollar sign before a space or a digit's price is left alone. */
function formulas(text: string): ComponentChildren {
  const pieces = text.split(/\$(?!\s)([^$\n]+?)(?<!\s)\$(?!\d)/);
  if (pieces.length === 1) return text;
  return pieces.map((piece, index) =>
    index % 2 === 0 ? piece : <FormulaView key={index} tex={piece} display={false} />,
  );
}

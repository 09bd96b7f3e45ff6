// Highlighted code as HTML, with the grammar and the `tok-*` classes that the editor uses, so that static code
// and the editor look alike. Loaded in a page only for code that the build has not highlighted.
import { highlightCode as highlightTree } from "@lezer/highlight";
import { parser } from "@lezer/javascript";
import { codeColours } from "./colours.ts";
import { codeLine, escapeHtml, plainCode } from "./plain.ts";

const dialects: Record<string, string> = {
  js: "",
  javascript: "",
  jsx: "jsx",
  ts: "ts",
  typescript: "ts",
  tsx: "jsx ts",
};

/**
 * Code as HTML: a `code-line` element for each line, `tok-*` classes inside.
 *
 * @param language JavaScript and TypeScript are highlighted; everything else is shown plainly.
 */
export function highlightCode(source: string, language: string): string {
  const dialect = dialects[language.toLowerCase()];
  if (dialect === undefined) return plainCode(source);
  const tree = parser.configure({ dialect }).parse(source);
  const lines: string[] = [];
  let line = "";
  highlightTree(
    source,
    tree,
    codeColours,
    (text, classes) => {
      line += classes === "" ? escapeHtml(text) : `<span class="${classes}">${escapeHtml(text)}</span>`;
    },
    () => {
      lines.push(line);
      line = "";
    },
  );
  lines.push(line);
  return lines.map(codeLine).join("\n");
}

// A signature as highlighted HTML, in lines where it is long, with links from its types.
import { markup, raw, type Html } from "../markup.ts";
import type { Addresses } from "./addresses.ts";
import type { Entry } from "./model.ts";

/** As wide as a page shows without scrolling, in characters. */
const widest = 76;

export interface SignatureTools {
  addresses: Addresses;
  code: (source: string) => string;
}

export function renderSignature({ kind, path }: Entry, text: string, tools: SignatureTools): Html {
  const laid = layOut(text);
  // The grammar knows no `nn.relu(x: Tensor): Tensor`: it is shown a function, whose head is then put back.
  const name = /^(?:new )?[\w$.[\]]+/.exec(laid)?.[0] ?? "";
  const asFunction = kind !== "type" && !laid.startsWith("class ") && name !== "";
  const stand = /^[\w$.[\]]+: /.test(laid) ? "let f" : "function f";
  const html = asFunction ? tools.code(stand + laid.slice(name.length)) : tools.code(laid);
  const head = asFunction ? html.replace(headPattern, () => nameHtml(name, path).text) : html;
  return raw(
    head.replaceAll(/<span class="tok-typeName">(\w+)<\/span>/g, (span, type: string) => {
      const href = tools.addresses.ofType(type);
      return href === null ? span : `<a class="tok-typeName" href="${href}">${type}</a>`;
    }),
  );
}

const headPattern =
  /<span class="tok-keyword">(?:function|let)<\/span> <span class="tok-variableName tok-definition">f<\/span>/;

function nameHtml(name: string, path: string): Html {
  const [, keyword = "", rest = name] = /^(new )?(.*)$/.exec(name) ?? [];
  const owner = rest === path ? path.slice(0, path.lastIndexOf(".") + 1) : "";
  return markup`${keyword !== "" && markup`<span class="tok-keyword">new</span> `}${owner}<strong>${rest.slice(owner.length)}</strong>`;
}

/** One parameter a line where a line would not hold them all. */
export function layOut(text: string): string {
  if (text.length <= widest) return text;
  const open = text.indexOf("(");
  const close = closing(text, open);
  if (open === -1 || close === open + 1) return text;
  const parameters = splitAtCommas(text.slice(open + 1, close));
  return `${text.slice(0, open + 1)}\n${parameters.map((one) => `  ${one.trim()},\n`).join("")}${text.slice(close)}`;
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === "(") depth += 1;
    if (text[at] === ")") depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}

function splitAtCommas(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    // The arrow of a function type closes nothing.
    if (character === ">" && text[at - 1] === "=") continue;
    if ("([{<".includes(character)) depth += 1;
    else if (")]}>".includes(character)) depth -= 1;
    else if (character === "," && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

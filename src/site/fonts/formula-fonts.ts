// The fonts of formulas, as small as the course allows: of each font one file with the characters that its pages show, fetched at once, and
// the whole font for all other characters, which a browser fetches only when a cell shows one of them.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { charactersOf, subsetFont } from "./subset.ts";

interface Face {
  family: string;
  weight: string;
  style: string;
  /** Its file's name without the ending. */
  name: string;
}

/** A rule of KaTeX's style sheet that sets a font: it applies inside elements that have all its classes. */
interface Rule {
  classes: string[];
  face: Face;
}

export interface FontFile {
  name: string;
  data: Buffer;
}

const katexFolder = dirname(createRequire(import.meta.url).resolve("katex/dist/katex.min.css"));

/** Gathers which characters stand in which font, page by page. */
export class FormulaFonts {
  readonly #faces: Face[];
  readonly #rules: Rule[];
  readonly #characters = new Map<Face, Set<number>>();

  constructor() {
    const css = readFileSync(join(katexFolder, "katex.min.css"), "utf8");
    this.#faces = [...css.matchAll(/@font-face\{([^}]*)\}/g)].map(([, body = ""]) => ({
      family: valueOf(body, "font-family"),
      weight: valueOf(body, "font-weight"),
      style: valueOf(body, "font-style"),
      name: /fonts\/(KaTeX_[\w-]+)\.woff2/.exec(body)?.[1] ?? "",
    }));
    this.#rules = [...css.matchAll(/([^{}]+)\{([^{}]*)\}/g)].flatMap(([, selectors = "", body = ""]) =>
      this.#rulesOf(selectors, body),
    );
  }

  /** Takes note of the formulas in a piece of HTML. */
  add(html: string): void {
    for (const { text, classes } of formulaTexts(html)) {
      const faces = this.#rules
        .filter((rule) => rule.classes.every((name) => classes.has(name)))
        .map(({ face }) => face);
      for (const face of faces.length > 0 ? faces : [this.#face("KaTeX_Main", "400", "normal")])
        for (const character of text) this.#of(face).add(character.codePointAt(0) ?? 0);
    }
  }

  /** The characters noted, by the name of their font. */
  charactersByFont(): Map<string, ReadonlySet<number>> {
    return new Map([...this.#characters].map(([face, characters]) => [face.name, characters]));
  }

  /**
   * The style sheet's font rules and the files that they name.
   *
   * @param emit stores a file beside the style sheet and gives its name there
   * @returns the style sheet, and for the two fonts that nearly every formula needs the names of their small files
   */
  build(emit: (file: FontFile) => string): { css: string; first: string[] } {
    const rules: string[] = [];
    const first: string[] = [];
    for (const face of this.#faces) {
      const font = readFileSync(join(katexFolder, "fonts", `${face.name}.ttf`));
      const wanted = this.#characters.get(face) ?? new Set();
      const all = charactersOf(font);
      const shown = new Set([...all].filter((character) => wanted.has(character)));
      const small = subsetFont(font, shown);
      if (small !== null) {
        const file = emit({ name: `${face.name}.course.woff2`, data: small });
        rules.push(rule(face, file, unicodeRange(shown)));
        if (/Main-Regular|Math-Italic/.test(face.name)) first.push(file);
      }
      const whole = readFileSync(join(katexFolder, "fonts", `${face.name}.woff2`));
      // Only what the font has: a browser fetches it for any character in its range.
      const rest = new Set([...all].filter((character) => !shown.has(character)));
      rules.push(
        rule(
          face,
          emit({ name: `${face.name}.woff2`, data: whole }),
          small === null ? null : unicodeRange(rest),
        ),
      );
    }
    return { css: rules.join("\n"), first };
  }

  /** Rules for nothing but the characters noted, with the fonts inside the style sheet: for a page that is one file. */
  inlined(): string {
    return [...this.#characters]
      .map(([face, characters]) => {
        const small = subsetFont(readFileSync(join(katexFolder, "fonts", `${face.name}.ttf`)), characters);
        if (small === null) return "";
        const { family, weight, style } = face;
        return `@font-face{font-family:${family};font-weight:${weight};font-style:${style};src:url(data:font/woff2;base64,${small.toString("base64")}) format("woff2")}`;
      })
      .join("\n");
  }

  #rulesOf(selectors: string, body: string): Rule[] {
    const family = /KaTeX_\w+/.exec(body)?.[0];
    if (family === undefined || selectors.startsWith("@font-face")) return [];
    const face = this.#face(
      family,
      valueOf(body, "font-weight") || "400",
      valueOf(body, "font-style") || "normal",
    );
    return selectors.split(",").flatMap((selector) => {
      const classes = [...selector.matchAll(/\.([\w-]+)/g)].flatMap(([, name = ""]) =>
        name === "katex" ? [] : [name],
      );
      // The rule of `.katex` itself is what holds where no other does.
      return classes.length === 0 ? [] : [{ classes, face }];
    });
  }

  #face(family: string, weight: string, style: string): Face {
    const sameFamily = this.#faces.filter((face) => face.family === family);
    const face = sameFamily.find((one) => one.weight === weight && one.style === style) ?? sameFamily[0];
    if (face === undefined) throw new Error(`KaTeX has no font ${family}.`);
    return face;
  }

  #of(face: Face): Set<number> {
    const known = this.#characters.get(face) ?? new Set();
    this.#characters.set(face, known);
    return known;
  }
}

/** The texts inside `.katex-html`, each with the classes of all elements around it. */
export function* formulaTexts(html: string): Generator<{ text: string; classes: Set<string> }> {
  const mark = '<span class="katex-html"';
  for (let start = html.indexOf(mark); start !== -1; start = html.indexOf(mark, start + 1)) {
    const open: string[] = [];
    const pieces = /<(\/?)([a-z]+)([^>]*)>|([^<]+)/g;
    pieces.lastIndex = start;
    for (let piece = pieces.exec(html); piece !== null; piece = pieces.exec(html)) {
      const [, slash, name = "", attributes = "", text] = piece;
      if (text !== undefined) {
        yield { text: unescape(text), classes: new Set(open.flatMap((names) => names.split(" "))) };
      } else if (slash === "/") {
        open.pop();
        if (open.length === 0) break;
      } else if (!attributes.endsWith("/") && name !== "path") {
        open.push(/class="([^"]*)"/.exec(attributes)?.[1] ?? "");
      }
    }
  }
}

function unescape(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#x27;", "'")
    .replaceAll("&amp;", "&");
}

function rule({ family, weight, style }: Face, file: string, range: string | null): string {
  return `@font-face{font-family:${family};font-weight:${weight};font-style:${style};font-display:block;src:url(./${file}) format("woff2")${range === null ? "" : `;unicode-range:${range}`}}`;
}

function valueOf(body: string, property: string): string {
  return new RegExp(`(?:^|;)${property}:\\s*"?([^;"]+)`).exec(body)?.[1] ?? "";
}

/** Code points in CSS's notation, neighbours joined. */
export function unicodeRange(characters: ReadonlySet<number>): string {
  const ranges: [number, number][] = [];
  for (const character of [...characters].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === character - 1) last[1] = character;
    else ranges.push([character, character]);
  }
  return ranges.map(([from, to]) => (from === to ? hex(from) : `${hex(from)}-${to.toString(16)}`)).join(",");
}

function hex(character: number): string {
  return `U+${character.toString(16)}`;
}

// Measures the built site against its budgets: `npx tsx src/site/sizes.ts [folder]`, after a build.
// What a page loads is read from the page itself and from Vite's manifest; what is unknown counts in full.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { compileCell, partNames, type PartName, partsOf } from "../runtime/index.ts";
import { FormulaFonts } from "./fonts/formula-fonts.ts";

interface Chunk {
  file: string;
  imports?: string[];
  dynamicImports?: string[];
  css?: string[];
}

type Manifest = Record<string, Chunk>;

interface Row {
  what: string;
  bytes: number;
  /** In bytes; `null` for what is told and not limited. */
  limit: number | null;
}

const kilobyte = 1000;
const limits = {
  early: 6 * kilobyte,
  page: 90 * kilobyte,
  /** The design's figure is 220, from before the engine was complete; a chapter whose first cells train a network is above it. */
  run: 245 * kilobyte,
  /** The sandbox with all parts: what a lesson would load that uses everything. */
  engine: 165 * kilobyte,
  /** The engine's documentation, which comes when code first gets the focus. */
  names: 40 * kilobyte,
};

/** What arrives neither with the page nor with the first run of a cell, and when it does. All else that is imported counts. */
const later: { chunk: RegExp; when: string }[] = [
  { chunk: /^src\/notebook\/code\/editor\.ts$/, when: "code gets the focus" },
  { chunk: /^src\/notebook\/code\/highlight\.ts$/, when: "code is shown that the build did not highlight" },
  { chunk: /^src\/notebook\/plots\/.*surface/, when: "a surface comes into view" },
  { chunk: /^src\/notebook\/plots\/index\.ts$/, when: "a cell draws a plot" },
  { chunk: /^src\/grading\/index\.ts$/, when: "an answer is checked" },
  { chunk: /^node_modules\/katex\//, when: "a cell shows a formula" },
  { chunk: /^node_modules\/marked\//, when: "a cell shows Markdown" },
];

const folder = process.argv[2] ?? "dist";
const manifestFile = join(folder, ".vite/manifest.json");
if (!existsSync(manifestFile)) {
  console.error(`There is no ${manifestFile} — run “npm run build” first.`);
  process.exit(2);
}
const manifest = JSON.parse(readFileSync(manifestFile, "utf8")) as Manifest;

const lessons = readdirSync(folder).filter((name) => existsSync(join(folder, name, "notebook.json")));
if (lessons.length === 0) {
  console.error(`${folder} holds no lesson — is it a build of the course?`);
  process.exit(2);
}
const rows = [...lessons.flatMap(rowsOf), ...engineRows(), ...referenceRows()];
print(rows);
process.exitCode = rows.some(({ bytes, limit }) => limit !== null && bytes > limit) ? 1 : 0;

function rowsOf(lesson: string): Row[] {
  const page = readFileSync(join(folder, lesson, "index.html"), "utf8");
  const sources = [...page.matchAll(/<script[^>]*\ssrc="\.\.\/([^"]+)"/g)].map(([, file = ""]) => file);
  const scripts = new Set(sources.flatMap((file) => withImports(keyOf(file))));
  const styles = [...page.matchAll(/<link rel="stylesheet" href="\.\.\/([^"]+)"/g)].map(
    ([, file = ""]) => file,
  );
  const fonts = fontsUsed(styles, page);
  const early = sum([...scripts].map(compressed));

  const run = new Set<string>();
  const waiting = new Map<string, Set<string>>();
  collect(dynamicImportsOf([...scripts]), { run, waiting, known: scripts });
  const notebook = compressed(`${lesson}/notebook.json`);
  const parts = partsOfLesson(lesson);
  return [
    { what: `${lesson}: script before reading`, bytes: early, limit: limits.early },
    {
      what: `${lesson}: page, styles, fonts, script`,
      bytes: compressed(`${lesson}/index.html`) + sum(styles.map(compressed)) + sum(fonts.map(plain)) + early,
      limit: limits.page,
    },
    { what: "  of it: page", bytes: compressed(`${lesson}/index.html`), limit: null },
    { what: "  of it: styles", bytes: sum(styles.map(compressed)), limit: null },
    { what: `  of it: fonts (${fonts.length})`, bytes: sum(fonts.map(plain)), limit: null },
    {
      what: `${lesson}: added by the first run`,
      bytes:
        sum([...run].filter((file) => !styles.includes(file)).map(compressed)) +
        notebook +
        compressed("sandbox.html") +
        sum(parts.first.map(fileOfPart).map(compressed)),
      limit: limits.run,
    },
    { what: "  of it: sandbox with the engine's core", bytes: compressed("sandbox.html"), limit: null },
    ...parts.first.map((part) => ({
      what: `  of it: the engine's part ${part}`,
      bytes: compressed(fileOfPart(part)),
      limit: null,
    })),
    ...parts.others.map((part) => ({
      what: `  later, when a cell uses the engine's part ${part}`,
      bytes: compressed(fileOfPart(part)),
      limit: null,
    })),
    ...[...waiting].map(([when, files]) => ({
      what: `  later, when ${when}`,
      bytes: sum([...files].filter((file) => !run.has(file)).map(compressed)),
      limit: null,
    })),
  ];
}

/** What parts of the engine a lesson's cells and answers import beyond the core. */
interface LessonParts {
  /** Those of the cells that run when the page opens, or else of the first one. */
  first: PartName[];
  /** Those that other cells and answers fetch, each when it runs. */
  others: PartName[];
}

function partsOfLesson(lesson: string): LessonParts {
  const page = readFileSync(join(folder, lesson, "index.html"), "utf8");
  const sources = [...page.matchAll(/class="code-static[^>]*>\s*<code[^>]*>(.*?)<\/code>/gs)].map(
    ([, html = ""]) => textOf(html),
  );
  if (sources.length === 0) throw new Error(`The page of ${lesson} shows no code.`);
  const { blocks } = JSON.parse(readFileSync(join(folder, lesson, "notebook.json"), "utf8")) as {
    blocks: { kind: string; id: string; run?: string }[];
  };
  const cells = blocks.filter(({ kind }) => kind === "cell");
  const loaded = cells.filter(({ run }) => run === "load");
  const early = (loaded.length > 0 ? loaded : cells.slice(0, 1)).map(({ id }) => id);
  const codes = new Map(
    [...page.matchAll(/data-id="([\w-]+)"(?:(?!data-id=).)*?<code[^>]*>(.*?)<\/code>/gs)].map(
      ([, id = "", html = ""]) => [id, textOf(html)],
    ),
  );
  const first = new Set(
    early.flatMap((id) => {
      const code = codes.get(id);
      if (code === undefined) throw new Error(`The page of ${lesson} shows no code of the cell ${id}.`);
      return partsIn(code);
    }),
  );
  const all = new Set(sources.flatMap(partsIn));
  return { first: [...first].sort(), others: [...all].filter((part) => !first.has(part)).sort() };
}

function partsIn(source: string): PartName[] {
  const compiled = compileCell("cell", source);
  return compiled.ok ? partsOf(compiled.program) : [];
}

function textOf(html: string): string {
  const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" };
  return html
    .replace(/<[^>]*>/g, "")
    .replace(/&([a-z]+|#39);/g, (all, name: string) => entities[name] ?? all);
}

function fileOfPart(part: PartName): string {
  const file = readdirSync(join(folder, "assets")).find((name) =>
    new RegExp(`^engine-${part}-[0-9a-f]+\\.js$`).test(name),
  );
  if (file === undefined) throw new Error(`${folder} holds no part “${part}” of the engine.`);
  return join("assets", file);
}

function engineRows(): Row[] {
  const parts = partNames.map((part) => ({
    what: `  of it: ${part}`,
    bytes: compressed(fileOfPart(part)),
    limit: null,
  }));
  const sandbox = compressed("sandbox.html");
  return [
    {
      what: "engine, whole: sandbox and all parts",
      bytes: sandbox + sum(parts.map(({ bytes }) => bytes)),
      limit: limits.engine,
    },
    { what: "  of it: sandbox with the engine's core", bytes: sandbox, limit: null },
    ...parts,
  ];
}

/** The pages of the API reference, each with all that it loads before anything is run, and what the editor loads of it. */
function referenceRows(): Row[] {
  const pages = readdirSync(join(folder, "reference"), { recursive: true, encoding: "utf8" })
    .map((file) => join("reference", file))
    .filter((file) => file.endsWith("index.html"));
  const heaviest = pages.map(weightOf).reduce((a, b) => (b.bytes > a.bytes ? b : a));
  return [
    heaviest,
    {
      what: "reference: names for the editor",
      bytes: compressed("reference/names.json"),
      limit: limits.names,
    },
  ];
}

function weightOf(file: string): Row {
  const page = readFileSync(join(folder, file), "utf8");
  const linked = (pattern: RegExp) => [...page.matchAll(pattern)].map(([, path = ""]) => path);
  const scripts = linked(/<script[^>]*\ssrc="(?:\.\.\/)+([^"]+)"/g).flatMap((path) =>
    withImports(keyOf(path)),
  );
  const styles = linked(/<link rel="stylesheet" href="(?:\.\.\/)+([^"]+)"/g);
  return {
    what: `${file}, the heaviest: page, styles, fonts, script`,
    bytes:
      compressed(file) +
      sum([...new Set(scripts), ...styles].map(compressed)) +
      sum(fontsUsed(styles, page).map(plain)),
    limit: limits.page,
  };
}

/** Follows imports from `keys`; what is on the list of later parts goes to `waiting`. */
function collect(
  keys: string[],
  found: { run: Set<string>; waiting: Map<string, Set<string>>; known: Set<string> },
): void {
  for (const key of keys) {
    const part = later.find(({ chunk }) => chunk.test(key));
    const target = part === undefined ? found.run : (found.waiting.get(part.when) ?? new Set<string>());
    if (part !== undefined) found.waiting.set(part.when, target);
    const files = withImports(key).filter((file) => !found.known.has(file) && !target.has(file));
    for (const file of files) target.add(file);
    for (const style of stylesOf(key)) target.add(style);
    if (part === undefined && files.length > 0) collect(dynamicImportsOf(files), found);
  }
}

function keyOf(file: string): string {
  const key = Object.keys(manifest).find((name) => manifest[name]?.file === file);
  if (key === undefined) throw new Error(`The manifest does not know ${file}.`);
  return key;
}

/** A chunk's file and those it imports statically, all the way down. */
function withImports(key: string, seen = new Set<string>()): string[] {
  const chunk = manifest[key];
  if (chunk === undefined || seen.has(key)) return [];
  seen.add(key);
  return [chunk.file, ...(chunk.imports ?? []).flatMap((imported) => withImports(imported, seen))];
}

function stylesOf(key: string): string[] {
  const chunk = manifest[key];
  return [...(chunk?.css ?? []), ...(chunk?.imports ?? []).flatMap(stylesOf)];
}

function dynamicImportsOf(files: string[]): string[] {
  return files.flatMap((file) => manifest[keyOf(file)]?.dynamicImports ?? []);
}

/** The fonts that a page fetches: those whose range holds a character that the page shows in them. */
function fontsUsed(styles: string[], page: string): string[] {
  const shown = new FormulaFonts();
  shown.add(page);
  const characters = shown.charactersByFont();
  return styles.flatMap((style) => {
    const css = readFileSync(join(folder, style), "utf8");
    return [...css.matchAll(/@font-face\{([^}]*)\}/g)].flatMap(([, body = ""]) => {
      const file = /url\(\.?\/?([^)]+)\)/.exec(body)?.[1] ?? "";
      const font = /(KaTeX_\w+-[A-Z][A-Za-z]+)/.exec(file)?.[1] ?? "";
      const range = /unicode-range:([^;}]*)/.exec(body)?.[1] ?? "U+0-ffff";
      const isUsed = [...(characters.get(font) ?? [])].some((character) => isInRange(character, range));
      return isUsed ? [join(style, "..", file)] : [];
    });
  });
}

function isInRange(character: number, range: string): boolean {
  return range.split(",").some((part) => {
    const [from = "", to = from] = part.trim().replace(/^U\+/i, "").split("-");
    return character >= Number.parseInt(from, 16) && character <= Number.parseInt(to, 16);
  });
}

function compressed(file: string): number {
  return gzipSync(readFileSync(join(folder, file)), { level: 9 }).byteLength;
}

/** Fonts are compressed by their format. */
function plain(file: string): number {
  return readFileSync(join(folder, file)).byteLength;
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function print(table: Row[]): void {
  const width = Math.max(...table.map(({ what }) => what.length));
  const kilobytes = (bytes: number) => `${(bytes / kilobyte).toFixed(1)} kB`.padStart(9);
  for (const { what, bytes, limit } of table) {
    const verdict = limit === null ? "" : ` of ${kilobytes(limit)}  ${bytes > limit ? "OVER" : "ok"}`;
    console.log(`${what.padEnd(width)} ${kilobytes(bytes)}${verdict}`);
  }
}

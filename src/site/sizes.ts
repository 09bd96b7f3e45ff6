// Measures the built site against its budgets: `npx tsx src/site/sizes.ts [folder]`, after a build.
// What a page loads is read from the page itself and from Vite's manifest; what is unknown counts in full.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

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
const limits = { early: 6 * kilobyte, page: 90 * kilobyte, run: 220 * kilobyte };

/** Parts of the notebook that arrive neither with the page nor with the first run, each for its own reason. */
const later: { chunk: RegExp; when: string }[] = [
  { chunk: /src\/notebook\/.*editor/i, when: "a cell gets the focus" },
  { chunk: /src\/notebook\/.*surface|three/i, when: "a surface comes into view" },
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
const rows = lessons.flatMap(rowsOf);
print(rows);
process.exitCode = rows.some(({ bytes, limit }) => limit !== null && bytes > limit) ? 1 : 0;

function rowsOf(lesson: string): Row[] {
  const page = readFileSync(join(folder, lesson, "index.html"), "utf8");
  const sources = [...page.matchAll(/<script[^>]*\ssrc="\.\.\/([^"]+)"/g)].map(([, file = ""]) => file);
  const scripts = new Set(sources.flatMap((file) => withImports(keyOf(file))));
  const styles = [...page.matchAll(/<link rel="stylesheet" href="\.\.\/([^"]+)"/g)].map(
    ([, file = ""]) => file,
  );
  const fonts = styles.flatMap((style) => fontsUsed(style, page));
  const early = sum([...scripts].map(compressed));

  const run = new Set<string>();
  const waiting = new Map<string, Set<string>>();
  collect(dynamicImportsOf([...scripts]), { run, waiting, known: scripts });
  const notebook = compressed(`${lesson}/notebook.json`);
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
        compressed("sandbox.html"),
      limit: limits.run,
    },
    { what: "  of it: sandbox with engine and runtime", bytes: compressed("sandbox.html"), limit: null },
    ...[...waiting].map(([when, files]) => ({
      what: `  later, when ${when}`,
      bytes: sum([...files].filter((file) => !run.has(file)).map(compressed)),
      limit: null,
    })),
  ];
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

/** The fonts that a page fetches: those of a rule one of whose classes stands in the page. */
function fontsUsed(style: string, page: string): string[] {
  const css = readFileSync(join(folder, style), "utf8");
  const classes = new Set(
    [...page.matchAll(/class="([^"]*)"/g)].flatMap(([, names = ""]) => names.split(/\s+/)),
  );
  const faces = [...css.matchAll(/@font-face\s*\{([^}]*)\}/g)].map(([, body = ""]) => ({
    family: /font-family:\s*"?([\w-]+)/.exec(body)?.[1] ?? "",
    weight: weightOf(/font-weight:\s*(\w+)/.exec(body)?.[1]),
    style: /font-style:\s*(\w+)/.exec(body)?.[1] ?? "normal",
    file: /url\(["']?\.?\/?([^)"']+)/.exec(body)?.[1] ?? "",
  }));
  const used = new Set<string>();
  for (const [, selectors = "", body = ""] of css.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    const family = /(KaTeX_\w+)/.exec(body)?.[1];
    if (family === undefined || selectors.includes("@font-face")) continue;
    const wanted = {
      weight: weightOf(/font-weight:\s*(\w+)/.exec(body)?.[1]),
      style: /font-style:\s*(\w+)/.exec(body)?.[1] ?? "normal",
    };
    const applies = selectors.split(",").some((selector) => {
      const names = [...selector.matchAll(/\.([\w-]+)/g)].map(([, name = ""]) => name);
      return names.length > 0 && names.every((name) => classes.has(name));
    });
    if (!applies) continue;
    const face =
      faces.find(
        (candidate) =>
          candidate.family === family &&
          candidate.weight === wanted.weight &&
          candidate.style === wanted.style,
      ) ?? faces.find((candidate) => candidate.family === family);
    if (face !== undefined) used.add(join(style, "..", face.file));
  }
  return [...used];
}

function weightOf(weight: string | undefined): string {
  if (weight === "bold") return "700";
  return weight === undefined || weight === "normal" ? "400" : weight;
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

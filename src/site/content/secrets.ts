// What must stand in no file of the site: the answers of solutions, hidden tests, the code of misconceptions; and the search for
// it in what was built. Solutions are in the site sealed, which no search finds.
import type { Code, Lesson, LessonProblem } from "../../lesson/index.ts";

/** A text that no file of the site may hold. */
export interface Secret {
  /** Whose it is, in words. */
  what: string;
  place: Pick<LessonProblem, "file" | "line" | "column">;
  /** As it is searched for: see `bareOf`. */
  text: string;
}

/**
 * The secrets of a lesson, line by line and as a whole. A line that the lesson shows elsewhere (a cell, a visible test, the
 * starter, prose) is none. What is public is read from the source and not from what was prepared for the page, since that
 * is what must be proved.
 */
export function secretsOf(lesson: Lesson, source: string): Secret[] {
  return unlessShown(hiddenCodeOf(lesson).flatMap(secretsIn), [publicTextOf(lesson, source)]);
}

/** The secrets that none of these texts shows: what one chapter of a course shows is no secret of another. */
export function unlessShown(secrets: readonly Secret[], publicTexts: readonly string[]): Secret[] {
  return secrets.filter(({ text }) => !publicTexts.some((shown) => shown.includes(text)));
}

/** All that a lesson shows, as secrets are searched for. */
export function publicTextOf(lesson: Lesson, source: string): string {
  const codes = hiddenCodeOf(lesson).map(({ code }) => code);
  const starters = lesson.blocks.flatMap((block) =>
    block.kind === "exercise" ? [block.solution.starter] : [],
  );
  return bareOf([shownOf(lesson, source, codes), ...starters].join("\n"));
}

interface HiddenCode {
  what: string;
  code: Code;
  answerOnly: boolean;
}

function hiddenCodeOf(lesson: Lesson): HiddenCode[] {
  const hidden: HiddenCode[] = [];
  for (const block of lesson.blocks) {
    if (block.kind !== "exercise") continue;
    hidden.push({ what: `the solution of “${block.id}”`, code: block.solution.code, answerOnly: true });
    for (const { name, hidden: isHidden, code } of block.tests)
      if (isHidden)
        hidden.push({ what: `the hidden test “${name}” of “${block.id}”`, code, answerOnly: false });
    for (const { id, code } of block.misconceptions)
      hidden.push({ what: `the misconception “${id}” of “${block.id}”`, code, answerOnly: false });
  }
  return hidden;
}

/** The lesson's source but for the code that is secret. */
function shownOf(lesson: Lesson, source: string, codes: readonly Code[]): string {
  // As the reader of lessons counts.
  let shown = source.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const spans = codes.map(({ span }) => span).filter(({ file }) => file === lesson.file);
  for (const { start, end } of spans.sort((a, b) => b.start.offset - a.start.offset))
    shown = shown.slice(0, start.offset) + shown.slice(end.offset);
  return shown;
}

function secretsIn({ what, code, answerOnly }: HiddenCode): Secret[] {
  const { file, start } = code.span;
  const secrets: Secret[] = [];
  const whole: string[] = [];
  let isSecret = !answerOnly;
  for (const [index, line] of code.source.split("\n").entries()) {
    const text = line.trim();
    if (answerOnly && text === "// begin answer") isSecret = true;
    else if (answerOnly && text === "// end answer") isSecret = false;
    else if (isSecret && !text.startsWith("// starter:")) {
      whole.push(text);
      const place = { file, line: start.line + index, column: line.length - line.trimStart().length + 1 };
      if (isDistinctive(text)) secrets.push({ what, place, text: bareOf(text) });
    }
  }
  const all = bareOf(whole.join(""));
  const place = { file, line: start.line, column: start.column };
  return all.length < shortest ? secrets : [...secrets, { what, place, text: all }];
}

const shortest = 12;

/** In lower case. */
const everyday = new Set(
  (
    "and arguments array async await break const continue else export false filter for from function if import length let " +
    "map math new not null number object of push return slice string this throw true typeof undefined var void while with " +
    "expect student tobe tobecloseto tobeclosetoarray toequal seed normal normals uniform uniforms integer integers choice"
  ).split(" "),
);

/** Whether a line can be told from any other program's: a loop's head stands in every library. */
function isDistinctive(line: string): boolean {
  if (bareOf(line).length < shortest) return false;
  const words = new Set([...line.matchAll(/[\p{L}_]{3,}/gu)].map(([word]) => word.toLowerCase()));
  return [...words].filter((word) => !everyday.has(word)).length >= 2;
}

/** A file of the site, by its name. */
export type BuiltFile = [name: string, content: string | Uint8Array];

const textFile = /\.(?:html|json|js|css|txt|svg|csv|xml|md|map|webmanifest)$/;

/** Every secret that a file holds, once, named with the file. */
export function leaksIn(files: Iterable<BuiltFile>, secrets: readonly Secret[]): LessonProblem[] {
  const found = new Map<Secret, string>();
  for (const [name, content] of files) {
    if (!textFile.test(name)) continue;
    const text = searchable(name, typeof content === "string" ? content : new TextDecoder().decode(content));
    for (const secret of secrets)
      if (!found.has(secret) && text.includes(secret.text)) found.set(secret, name);
  }
  return [...found].map(([{ what, place }, name]) => ({
    file: place.file,
    line: place.line,
    column: place.column,
    message: `This line of ${what} stands in the built site, in ${name}`,
    fix: "take it out of whatever shows it there",
  }));
}

/** A file's text in every form in which code may stand in it. */
function searchable(name: string, text: string): string {
  const bare = bareOf(text);
  return name.endsWith(".html") ? `${bare}\n${bareOf(unescapeHtml(text.replaceAll(/<[^>]*>/g, "")))}` : bare;
}

function unescapeHtml(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll(/&#(?:x27|39);/g, "'")
    .replaceAll("&amp;", "&");
}

/** A text without its layout and without escapes, so that it is the same however often it was put into quotes. */
function bareOf(text: string): string {
  return text
    .replaceAll(/\\+u([\da-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll(/\\+[nrt]|[\s\\]/g, "");
}

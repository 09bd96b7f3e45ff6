// What a reader can find: the sections of the chapters, the terms of the glossary, the names of the engine.
import type { PublicBlock, PublicLesson } from "../../grading/index.ts";
import { sectionsOf } from "../pages/contents.ts";
import { sentenceHtml } from "../reference/docstring.ts";
import { entriesOf } from "../reference/groups.ts";
import type { IntroducedGroup } from "../reference/reference.ts";
import { plainText } from "./plain-text.ts";

/** Also what the search page's script reads; see client/search.ts. */
export interface SearchEntry {
  kind: "section" | "term" | "name";
  /** As seen from the site's root. */
  href: string;
  title: string;
  /** The chapter, or the group of the reference. */
  place: string;
  text: string;
}

/** @param referenceFolder where the reference is, as seen from the site's root */
export function searchEntries(
  lessons: readonly PublicLesson[],
  groups: readonly IntroducedGroup[],
  referenceFolder: string,
): SearchEntry[] {
  return [
    ...lessons.flatMap((lesson, index) => {
      const place = `${index + 1} ${lesson.title}`;
      return [...termsOf(lesson, place), ...sectionsIn(lesson, place)];
    }),
    ...groups.flatMap((introduced) => namesOf(introduced, referenceFolder)),
  ];
}

function termsOf({ id, terms }: PublicLesson, place: string): SearchEntry[] {
  return terms.map(({ term, at, html }) => ({
    kind: "term",
    href: `${id}/#${at}`,
    title: term,
    place,
    text: plainText(html),
  }));
}

function sectionsIn(lesson: PublicLesson, place: string): SearchEntry[] {
  return sectionsOf(lesson).flatMap(({ heading, blocks }) => {
    const entries: SearchEntry[] = [];
    let entry: SearchEntry = {
      kind: "section",
      href: heading === null ? `${lesson.id}/` : `${lesson.id}/#${heading.id}`,
      title: heading === null ? lesson.title : plainText(heading.html),
      place,
      text: heading === null ? lesson.summary : "",
    };
    for (const block of blocks) {
      if (block.kind === "heading" && block.heading.depth === 3) {
        entries.push(entry);
        const { id, html } = block.heading;
        entry = { kind: "section", place, href: `${lesson.id}/#${id}`, title: plainText(html), text: "" };
      } else entry.text = `${entry.text} ${textOf(block)}`.trim();
    }
    entries.push(entry);
    return entries;
  });
}

/** What is read in a block before anything is run or answered. */
function textOf(block: PublicBlock): string {
  switch (block.kind) {
    case "heading":
      return plainText(block.heading.html);
    case "prose":
      return plainText(block.html);
    case "exercise":
      return `${block.exercise.title ?? ""} ${plainText(block.statementHtml)}`.trim();
    case "quiz":
    case "predict":
      return plainText(block.questionHtml);
    default:
      return "";
  }
}

function namesOf({ group, title }: IntroducedGroup, referenceFolder: string): SearchEntry[] {
  return entriesOf(group).map(({ path, doc }) => ({
    kind: "name",
    href: `${referenceFolder}/${group.folder}/#${encodeURIComponent(path)}`,
    title: path,
    place: title,
    text: plainText(sentenceHtml(doc.text).text),
  }));
}

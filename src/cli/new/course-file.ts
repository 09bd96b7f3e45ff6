// Adds a chapter to the order in `course.yaml`, and changes nothing else of the file: comments and layout are its author's.
import { isMap, isSeq, parseDocument } from "yaml";

/** @returns the file's new text; `unlisted` where it sets no order, `unreadable` where it cannot be changed safely */
export function withChapter(source: string, name: string): { source: string } | "unlisted" | "unreadable" {
  const document = parseDocument(source);
  if (document.errors.length > 0 || !isMap(document.contents)) return "unreadable";
  const list = document.get("lessons", true);
  if (list === undefined) return "unlisted";
  if (!isSeq(list) || list.range === null || list.range === undefined) return "unreadable";
  const changed =
    list.flow === true
      ? inBrackets(source, list.range[1], list.items.length, name)
      : below(source, list, name);
  if (changed === null || !holds(changed, list.items.length, name)) return "unreadable";
  return { source: changed };
}

/** `[a, b]` → `[a, b, name]`; `end` is the place after the bracket. */
function inBrackets(source: string, end: number, items: number, name: string): string {
  const head = source.slice(0, end - 1);
  const kept = head.trimEnd().replace(/,$/, "");
  return `${kept}${items > 0 ? ", " : ""}${name}${source.slice(end - 1)}`;
}

/** Writes `- name` on a line below the last item, as far to the right as that stands. */
function below(source: string, list: { items: unknown[] }, name: string): string | null {
  const last = list.items.at(-1) as { range?: [number, number, number] | null } | undefined;
  if (last?.range === null || last?.range === undefined) return null;
  const [start, end] = last.range;
  const lineStart = source.lastIndexOf("\n", start - 1) + 1;
  const indent = /^[ \t]*(?=-)/.exec(source.slice(lineStart, start))?.[0];
  if (indent === undefined) return null;
  const lineEnd = source.indexOf("\n", end);
  const at = lineEnd === -1 ? source.length : lineEnd;
  return `${source.slice(0, at)}\n${indent}- ${name}${source.slice(at)}`;
}

/** Whether the changed file says what it should, and all that it said. */
function holds(source: string, items: number, name: string): boolean {
  const document = parseDocument(source);
  if (document.errors.length > 0) return false;
  const { lessons } = document.toJS() as { lessons?: unknown };
  return Array.isArray(lessons) && lessons.length === items + 1 && lessons.at(-1) === name;
}

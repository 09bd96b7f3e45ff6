// What a lesson's folder may be called: its name is part of the address of its page, beside what the site keeps there itself.
import { identifierPattern, identifierRule } from "./schema.ts";

/** Names at the site's root that are taken, in a build or in development. */
const taken: ReadonlySet<string> = new Set([
  "assets",
  "authors-guide",
  "glossary",
  "index",
  "node_modules",
  "reference",
  "sandbox",
  "search",
  "src",
]);

/** Why a lesson cannot have this name, to follow the name in a sentence; `null` when it can. */
export function lessonNameProblem(name: string): string | null {
  if (!identifierPattern.test(name)) return `is no name for a chapter: use ${identifierRule}`;
  return taken.has(name) ? "is taken by the site itself" : null;
}

// Where the small sites of tests keep the parts of the engine; shared by a test and its page.
import { partNames } from "../../../src/runtime/parts.ts";
import type { PartFiles, PartName } from "../../../src/runtime/index.ts";

const pathOf = (name: PartName) => `engine/${name}.js`;

/** What a page's host is told. */
export const partFiles = Object.fromEntries(
  partNames.map((name) => [name, { url: `./${pathOf(name)}` }]),
) as PartFiles;

/** What the site answers, by path. */
export function partPages(parts: Record<PartName, string>): [string, { type: string; body: string }][] {
  return partNames.map((name) => [`/${pathOf(name)}`, { type: "text/javascript", body: parts[name] }]);
}

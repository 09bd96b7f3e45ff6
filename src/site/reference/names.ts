// The engine's names as the editor's pop-ups need them: small, without what only a page shows.
import type { EngineName, EngineNames } from "../../notebook/index.ts";
import { summaryOf } from "./docstring.ts";
import type { Entry } from "./model.ts";
import type { IntroducedGroup } from "./reference.ts";

const kinds: Record<Entry["kind"], EngineName[1]> = {
  class: "c",
  function: "f",
  method: "m",
  property: "p",
  value: "v",
  type: "t",
};

/** @param folder where the pages are, as seen from the site's root: `reference/` */
export function namesOf(groups: IntroducedGroup[], folder: string): EngineNames {
  const names: EngineName[] = [];
  const bases: Record<string, string> = {};
  groups.forEach(({ group, summary }, page) => {
    if (group.isNamespace) names.push([group.id, "n", "", summary, page, ""]);
    for (const { entries } of group.sections)
      for (const entry of entries) {
        const { base } = entry;
        for (const path of [entry.path, ...entry.aliases]) {
          names.push(nameOf(entry, path, page));
          if (base !== null) bases[path] = base;
        }
        for (const member of entry.members) names.push(nameOf(member, member.path, page));
      }
  });
  return {
    pages: groups.map(({ group }) => `${folder}${group.folder}/`),
    names: names.filter(([path]) => !path.includes("[")),
    bases,
  };
}

function nameOf(entry: Entry, path: string, page: number): EngineName {
  const { kind, doc, signatures } = entry;
  const signature = signatures.map(({ text }) => text).join("\n");
  const row = [path, kinds[kind], signature, summaryOf(doc.text), page] as const;
  return path === entry.path ? [...row] : [...row, entry.path];
}

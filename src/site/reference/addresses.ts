// Where each name of the engine is documented, as seen from one page of the reference.
import { entriesOf, type Group } from "./groups.ts";

export interface Addresses {
  /** Of a name as prose has it: `nn.Linear`, `Linear` on the page of nn, `.matmul`, `backward()`. `null` for other words. */
  ofName(name: string): string | null;
  /** Of a type as a signature has it. */
  ofType(name: string): string | null;
}

export function addressesIn(groups: Group[], here: Group): Addresses {
  const hrefs = new Map<string, string>();
  const types = new Map<string, string>();
  // The page's own names win over those of the same end elsewhere.
  for (const group of [here, ...groups.filter((group) => group !== here)]) {
    const page = group === here ? "" : `../${group.folder}/`;
    for (const { path, aliases, kind } of entriesOf(group)) {
      const href = `${page}#${encodeURIComponent(path)}`;
      for (const name of [path, ...aliases]) if (!hrefs.has(name)) hrefs.set(name, href);
      const last = path.slice(path.lastIndexOf(".") + 1);
      if ((kind === "class" || kind === "type") && !types.has(last)) types.set(last, href);
    }
    if (group.isNamespace && group !== here) hrefs.set(group.id, page);
  }
  return {
    ofName(written) {
      const name = written.replace(/\(\)$/, "");
      if (name.startsWith(".")) return hrefs.get(`Tensor${name}`) ?? null;
      return hrefs.get(name) ?? (here.isNamespace ? hrefs.get(`${here.id}.${name}`) : undefined) ?? null;
    },
    ofType: (name) => types.get(name) ?? null,
  };
}

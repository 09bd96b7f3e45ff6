// The pages of the reference: a namespace is a page, the top level is divided by what it is about, and long pages
// by the files and dividing comments of the source. A new namespace of the engine makes a page of its own.
import type { Entry, Namespace } from "./model.ts";

export interface EntrySection {
  /** Unique on the page. */
  id: string;
  title: string;
  /** The class whose members these are; `null` for exported names. */
  owner: string | null;
  entries: Entry[];
}

export interface Group {
  /** `nn.functional`; for the top level a word of our own. */
  id: string;
  /** The folder of its page, and of its introduction. */
  folder: string;
  /** Its id is what a cell writes before its names. */
  isNamespace: boolean;
  sections: EntrySection[];
}

/** Where a name of the top level belongs, by the part of the source it comes from; `tensor` without an entry here. */
const homes: Record<string, string> = { "errors.ts": "memory", memory: "memory", random: "random" };

/** Divided by its files, a page has this many names a file at least. */
const leastOfFile = 2;

/** @param source the folder of the engine, as source places name it: `src/engine` */
export function groupsOf(namespaces: Namespace[], source: string): Group[] {
  const members = new Map<string, Entry[]>([["tensor", []]]);
  for (const { prefix } of namespaces) if (prefix !== "") members.set(prefix, []);
  const put = (group: string, entry: Entry): void => {
    const entries = members.get(group) ?? [];
    members.set(group, entries);
    const known = entries.findIndex((other) => isSame(other, entry));
    if (known === -1) entries.push(entry);
    // The shorter name is the one to teach.
    else entries[known] = named(entries[known]!, entry);
  };
  for (const { prefix, entries } of namespaces)
    for (const entry of entries) {
      const [part = ""] = entry.source.file.slice(source.length + 1).split("/");
      const home = members.has(part) ? part : (homes[part] ?? "tensor");
      put(prefix === "" ? home : prefix, entry);
    }
  return [...members]
    .filter(([, entries]) => entries.length > 0)
    .map(([id, entries]) => ({
      id,
      folder: folderOf(id),
      isNamespace: namespaces.some(({ prefix }) => prefix === id),
      sections: sectionsOf(
        entries,
        namespaces.find(({ prefix }) => prefix === (id === "tensor" ? "" : id))?.file ?? "",
      ),
    }));
}

export function folderOf(group: string): string {
  return group.replaceAll(".", "-");
}

/** Every entry of a group, with the members of its classes. */
export function entriesOf({ sections }: Group): Entry[] {
  return sections.flatMap(({ entries }) => entries.flatMap((entry) => [entry, ...entry.members]));
}

function isSame(a: Entry, b: Entry): boolean {
  return a.source.file === b.source.file && a.source.line === b.source.line;
}

function named(a: Entry, b: Entry): Entry {
  const [best, other] = b.path.length < a.path.length ? [b, a] : [a, b];
  return { ...best, aliases: [...best.aliases, other.path, ...other.aliases] };
}

/** @param face the module that exports them */
function sectionsOf(entries: Entry[], face: string): EntrySection[] {
  const things = entries.filter(({ kind }) => kind !== "type");
  const files = new Set(things.map(({ source }) => source.file).filter((file) => isBehind(file, face)));
  const byFile = files.size > 1 && things.length / files.size >= leastOfFile;
  const sections = new Map<string, EntrySection>();
  const put = (title: string, entry: Entry, owner: string | null): void => {
    const key = owner === null ? title : `${owner} ${title}`;
    const section = sections.get(key) ?? { id: idOf(key), title, owner, entries: [] };
    sections.set(key, section);
    section.entries.push(entry);
  };
  for (const entry of things) {
    const { source, members } = entry;
    const isOwn = isBehind(source.file, face);
    const title =
      isOwn && source.division !== null
        ? capital(source.division)
        : byFile && isOwn
          ? titleOf(source.file)
          : "";
    // A class that its source divides is too long to stand in one piece.
    const isDivided = members.some((member) => member.source.division !== null) && source.division === null;
    if (!isDivided) {
      put(title, entry, null);
      continue;
    }
    put(entry.path, { ...entry, members: members.filter((member) => member.source.division === null) }, null);
    for (const member of members)
      if (member.source.division !== null) put(capital(member.source.division), member, entry.path);
  }
  for (const entry of entries) if (entry.kind === "type") put("Types", entry, null);
  for (const section of sections.values())
    if (section.title === "")
      Object.assign(section, { id: "section-names", title: untitled(section.entries) });
  return [...sections.values()];
}

/** Is a file the module itself, or directly in the folder of which the module is the face? */
function isBehind(file: string, face: string): boolean {
  const folder = face.slice(0, face.lastIndexOf("/") + 1);
  if (!face.endsWith("/index.ts")) return file === face;
  return file.startsWith(folder) && !file.slice(folder.length).includes("/");
}

function titleOf(file: string): string {
  const name = file.slice(file.lastIndexOf("/") + 1).replace(/\.ts$/, "");
  return capital(name.replaceAll("-", " "));
}

function untitled(entries: Entry[]): string {
  if (entries.every(({ kind }) => kind === "class")) return "Classes";
  return entries.every(({ kind }) => kind === "function") ? "Functions" : "Names";
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function idOf(title: string): string {
  return `section-${title.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-")}`;
}

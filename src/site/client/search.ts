// The search page's script: finds what is typed in the index that the build wrote. The words stay in the address, so that
// the way back from a result leads to the results.
import MiniSearch, { type SearchResult } from "minisearch";
import type { SearchEntry } from "../search/entries.ts";
import { attachTheme } from "./theme.ts";

type Found = SearchResult & SearchEntry;

const most = 40;
const excerptLength = 180;

attachTheme();
const field = document.querySelector<HTMLInputElement>("#query")!;
const list = document.querySelector<HTMLElement>(".found")!;
const count = document.querySelector<HTMLElement>(".search-count")!;
const root = document.body.dataset["root"] ?? "./";

let index: Promise<MiniSearch<SearchEntry>> | null = null;
field.value = new URLSearchParams(location.search).get("q") ?? "";
field.addEventListener("focus", () => void load());
field.addEventListener("input", () => {
  const address = new URL(location.href);
  if (field.value.trim() === "") address.searchParams.delete("q");
  else address.searchParams.set("q", field.value.trim());
  history.replaceState(null, "", address);
  void show(field.value);
});
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter") list.querySelector("a")?.click();
});
if (field.value !== "") void show(field.value);
field.focus();

function load(): Promise<MiniSearch<SearchEntry>> {
  index ??= loadIndex();
  return index;
}

async function loadIndex(): Promise<MiniSearch<SearchEntry>> {
  const response = await fetch("entries.json");
  if (!response.ok) throw new Error(`The index did not come: ${response.status}`);
  const entries = (await response.json()) as SearchEntry[];
  const search = new MiniSearch<SearchEntry>({
    idField: "id",
    fields: ["title", "text"],
    storeFields: ["kind", "href", "title", "place", "text"],
    extractField: (entry, name) =>
      name === "id" ? `${entry.kind} ${entry.href} ${entry.title}` : entry[name as keyof SearchEntry],
    searchOptions: {
      boost: { title: 4 },
      prefix: true,
      fuzzy: (word) => (word.length > 4 ? 0.2 : false),
      combineWith: "AND",
      boostDocument: (_id, _word, stored) => weights[stored?.["kind"] as SearchEntry["kind"]],
    },
  });
  search.addAll(entries);
  return search;
}

/** A term answers most questions at once; the engine's names are what is looked for last. */
const weights: Record<SearchEntry["kind"], number> = { term: 2, section: 1, name: 0.4 };

async function show(asked: string): Promise<void> {
  let search: MiniSearch<SearchEntry>;
  try {
    search = await load();
  } catch {
    index = null;
    count.textContent = "The index could not be loaded. Type again to try once more.";
    return;
  }
  // What was typed since is shown by its own call.
  if (asked !== field.value) return;
  const found = search.search(asked) as Found[];
  list.replaceChildren(...found.slice(0, most).map(itemOf));
  count.textContent = asked.trim() === "" ? "" : told(found.length);
}

function told(found: number): string {
  if (found === 0) return "Nothing found. Try fewer words, or the beginning of one.";
  if (found > most) return `${found} places, the best ${most} of them below`;
  return found === 1 ? "1 place" : `${found} places`;
}

function itemOf({ kind, href, title, place, text, terms }: Found): HTMLLIElement {
  const item = document.createElement("li");
  item.dataset["kind"] = kind;
  const link = document.createElement("a");
  link.href = root + href;
  link.append(...marked(title, terms));
  const where = document.createElement("span");
  where.className = "found-place";
  where.textContent = kind === "name" ? `API reference, ${place}` : `Chapter ${place}`;
  const excerpt = document.createElement("p");
  excerpt.append(...marked(excerptOf(text, terms), terms));
  item.append(link, where, excerpt);
  return item;
}

/** The part of a text around the first word that was found, cut at spaces. */
function excerptOf(text: string, words: readonly string[]): string {
  if (text.length <= excerptLength) return text;
  const at = Math.max(0, text.search(patternOf(words)));
  const start = at < 60 ? 0 : text.indexOf(" ", at - 50) + 1;
  const end = text.lastIndexOf(" ", start + excerptLength);
  const stop = end > start ? end : start + excerptLength;
  return `${start > 0 ? "… " : ""}${text.slice(start, stop)}${stop < text.length ? " …" : ""}`;
}

/** A text in pieces, with the found words in `mark` elements. */
function marked(text: string, words: readonly string[]): (string | HTMLElement)[] {
  return text.split(new RegExp(`(${patternOf(words).source})`, "giu")).map((piece, at) => {
    if (at % 2 === 0) return piece;
    const mark = document.createElement("mark");
    mark.textContent = piece;
    return mark;
  });
}

function patternOf(words: readonly string[]): RegExp {
  const escaped = words.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`(?<!\\p{Letter})(?:${escaped.join("|")})`, "iu");
}

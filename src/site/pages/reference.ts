// A page of the API reference: a group's introduction with an example that runs, and every name with its signature and docstring.
import type { Course } from "../../lesson/index.ts";
import { markup, raw, type Html } from "../markup.ts";
import { type DocstringTools, renderDocstring, renderInline, summaryOf } from "../reference/docstring.ts";
import { entriesOf, type EntrySection } from "../reference/groups.ts";
import type { Docstring, Entry, Field } from "../reference/model.ts";
import type { IntroducedGroup } from "../reference/reference.ts";
import { type Addresses, addressesIn } from "../reference/addresses.ts";
import { renderSignature } from "../reference/signature-view.ts";
import type { ContentsEntry } from "./contents.ts";
import { renderFooter, renderFrame, renderHeader, separated, type PageFiles } from "./frame.ts";
import { type Renderers, renderBlock, renderContents } from "./lesson.ts";

export interface ReferencePage {
  course: Course;
  group: IntroducedGroup;
  /** All of them, in order. */
  groups: IntroducedGroup[];
  renderers: Renderers;
}

export function renderReferencePage(page: ReferencePage, files: PageFiles): string {
  const { course, group, groups, renderers } = page;
  const { lesson } = group.introduction;
  const tools = toolsOf(page);
  const example = lesson.blocks.map((block) => renderBlock(block, renderers));
  const sections = group.group.sections.map((section) => renderSection(section, tools));
  const hasExample = example.length > 0;
  const hasFormulas = [...example, ...sections].some(({ text }) => text.includes('class="katex"'));
  const contents = renderContents([
    ...(hasExample ? [{ id: "example", html: "Example", number: null, children: [] }] : []),
    ...group.group.sections.map(contentsOf),
  ]);
  return renderFrame({
    files: hasFormulas ? files : { ...files, fonts: [] },
    language: "en",
    title: `${group.title} · API reference · ${course.title}`,
    description: group.summary,
    data: { page: "reference", course: group.introduction.notebook.course.id, lesson: lesson.id },
    header: renderHeader({
      course,
      root: files.root,
      here: "reference",
      chapter: markup`<p class="bar-chapter"><a href="../">API reference</a> <span aria-hidden="true">›</span> ${group.title}</p>`,
    }),
    main: markup`<div class="page">
      <nav class="contents" aria-label="On this page"><p class="contents-title">On this page</p>${contents}</nav>
      <main id="content" tabindex="-1">
        <article class="lesson reference">
          <header class="opening">
            <p class="eyebrow">${separated([...(group.group.isNamespace ? [group.group.id] : []), named(entriesOf(group.group).length)])}</p>
            <h1>${group.title}</h1>
            <p class="lead">${group.summary}</p>
            <noscript><p class="no-script">This page reads without scripts. To run its example, allow scripts for ${course.title}.</p></noscript>
          </header>
          <details class="contents-fold">
            <summary>On this page</summary>
            <nav aria-label="On this page">${contents}</nav>
          </details>
          <div class="sections">
${
  hasExample &&
  markup`<section class="section" aria-labelledby="example">
<h2 id="example">Example</h2>
${example}</section>
`
}${sections}</div>
        </article>
        ${renderPager(group, groups)}
      </main>
    </div>`,
    footer: renderFooter(course, files.root),
  });
}

interface Tools extends DocstringTools {
  addresses: Addresses;
}

function toolsOf({ group, groups, renderers }: ReferencePage): Tools {
  const addresses = addressesIn(
    groups.map(({ group }) => group),
    group.group,
  );
  return {
    addresses,
    hrefOf: (name) => addresses.ofName(name),
    code: (source) => renderers.code(source, "ts"),
  };
}

function contentsOf({ id, title, owner, entries }: EntrySection): ContentsEntry {
  return {
    id,
    number: null,
    html: markup`${owner !== null && `${owner}: `}${owner === null ? title : title.toLowerCase()}`.text,
    children: entries.map(({ path }) => ({ id: path, html: markup`<code>${shortName(path)}</code>`.text })),
  };
}

function renderSection({ id, title, owner, entries }: EntrySection, tools: Tools): Html {
  return markup`<section class="section" aria-labelledby="${id}">
<h2 id="${id}">${owner !== null && markup`<code>${owner}</code>: `}${owner === null ? title : title.toLowerCase()}</h2>
${entries.map((entry) => renderEntry(entry, raw("h3"), tools))}</section>
`;
}

function renderEntry(entry: Entry, heading: Html, tools: Tools): Html {
  const { path, aliases, kind, members } = entry;
  const isMember = kind === "method" || kind === "property";
  return markup`<article class="entry${isMember && " entry-member"}" aria-labelledby="${path}">
<${heading} id="${path}"><code>${path}</code><a class="anchor" href="#${path}" aria-label="Link to “${path}”"><span aria-hidden="true">#</span></a></${heading}>
${aliases.map((alias) => markup`<p class="entry-alias" id="${alias}">Also <code>${alias}</code>.</p>\n`)}<pre class="code signature"><code>${entry.signatures.map(
    ({ text }, index) => markup`${index > 0 && "\n"}${renderSignature(entry, text, tools)}`,
  )}</code></pre>
<div class="entry-text">${textsOf(entry).map((text) => renderDocstring(text, tools))}</div>
${renderFacts(entry, tools)}${renderBase(entry, tools)}${renderProperties(members, tools)}${renderMethods(members, tools)}${renderSource(entry, tools)}</article>
`;
}

/** A method's own words, and those of its operation; of two that begin alike the longer ones. */
function textsOf({ doc, further }: Entry): string[] {
  if (further === null) return [doc.text];
  const beginning = (text: string) => /^\S*\s*\S*/.exec(text)?.[0].replace(/[^\p{L}\p{N}]+$/u, "") ?? "";
  const isAlike = beginning(doc.text) === beginning(further.text);
  if (isAlike) return [doc.text.length > further.text.length ? doc.text : further.text];
  return [doc.text, further.text];
}

function renderProperties(members: Entry[], tools: Tools): Html {
  const properties = members.filter(({ kind }) => kind === "property");
  if (properties.length === 0) return markup``;
  return markup`<dl class="facts"><dt>Properties</dt><dd><dl class="fields">${properties.map(
    ({ path, signatures, doc }) =>
      markup`<dt id="${path}"><code>${shortName(path)}</code> <code class="type">${signatures[0]?.text.replace(/^[^:]*: /, "")}</code></dt><dd>${renderInline(summaryOf(doc.text), tools)}</dd>`,
  )}</dl></dd></dl>
`;
}

function renderMethods(members: Entry[], tools: Tools): Html {
  const methods = members.filter(({ kind }) => kind === "method");
  if (methods.length === 0) return markup``;
  return markup`<div class="members">
${methods.map((method) => renderEntry(method, raw("h4"), tools))}</div>
`;
}

/** Parameters and fields that have something to be said about, what is returned, what is thrown. */
function renderFacts({ signatures, fields, doc, further }: Entry, tools: Tools): Html {
  const parameters = new Map<string, Field>();
  for (const signature of signatures)
    for (const parameter of signature.parameters) {
      const known = parameters.get(parameter.name);
      if (known === undefined || (known.text === "" && known.fields.length === 0))
        parameters.set(parameter.name, parameter);
    }
  const told = [...parameters.values()].filter(
    ({ text, fields }) => text !== "" || fields.some((field) => field.text !== ""),
  );
  const tags = tagsOf(doc, further);
  return markup`${told.length > 0 && renderFields("Parameters", told, tools)}${
    fields.length > 0 && renderFields("Fields", fields, tools)
  }${renderTag("Returns", tags.get("returns"), tools)}${renderTag("Throws", tags.get("throws"), tools)}${renderTag(
    "See",
    tags.get("see"),
    tools,
  )}${(tags.get("example") ?? []).map(
    (code) =>
      markup`<pre class="code"><code>${raw(tools.code(code.replaceAll(/^```.*\n?|\n?```$/g, "")))}</code></pre>\n`,
  )}`;
}

const spellings: Record<string, string> = { return: "returns", exception: "throws" };

function tagsOf(...docstrings: (Docstring | null)[]): Map<string, string[]> {
  const tags = new Map<string, string[]>();
  for (const { name, text } of docstrings.flatMap((docstring) => docstring?.tags ?? [])) {
    const key = spellings[name] ?? name;
    const texts = tags.get(key) ?? [];
    if (text !== "" && !texts.includes(text)) tags.set(key, [...texts, text]);
  }
  return tags;
}

function renderTag(title: string, texts: string[] | undefined, tools: Tools): Html {
  if (texts === undefined) return markup``;
  return markup`<dl class="facts"><dt>${title}</dt>${texts.map((text) => markup`<dd>${renderNamed(text, tools)}</dd>`)}</dl>\n`;
}

/** `GradientError if …`: the error's name leads to it. */
function renderNamed(text: string, tools: Tools): Html {
  const [, name = "", rest = ""] = /^\{?(\w+Error)\}?(.*)$/s.exec(text) ?? [];
  const href = name === "" ? null : tools.addresses.ofType(name);
  if (href === null) return renderInline(text, tools);
  return markup`<a href="${href}"><code>${name}</code></a>${renderInline(rest, tools)}`;
}

function renderFields(title: string, fields: Field[], tools: Tools): Html {
  return markup`<dl class="facts"><dt>${title}</dt><dd><dl class="fields">${fields.map((field) => renderField(field, tools))}</dl></dd></dl>\n`;
}

function renderField(field: Field, tools: Tools): Html {
  const { name, type, initial, text, fields } = field;
  // What a table below spells out need not be repeated in a line.
  const isSpelledOut = fields.length > 0 && type.includes("{");
  return markup`<dt><code>${name}</code>${!isSpelledOut && markup` <code class="type">${type}</code>`}${
    initial !== null && initial !== "{}" && markup` <code class="type">= ${initial}</code>`
  }</dt><dd>${renderInline(text.replaceAll(/\s+/g, " "), tools)}${
    fields.length > 0 && markup`<dl class="fields">${fields.map((inner) => renderField(inner, tools))}</dl>`
  }</dd>`;
}

function renderBase({ base }: Entry, tools: Tools): Html {
  if (base === null) return markup``;
  const href = tools.addresses.ofName(base);
  return markup`<p class="entry-base">Extends ${
    href === null ? markup`<code>${base}</code>` : markup`<a href="${href}"><code>${base}</code></a>`
  }.</p>\n`;
}

function renderSource({ source, kind }: Entry, tools: Tools): Html {
  const place = `${source.file}, line ${source.line}`;
  if (kind === "method" || kind === "property") return markup``;
  if (source.code === null) return markup`<p class="entry-place">Source: <code>${place}</code></p>\n`;
  return markup`<details class="entry-source"><summary>Source: <code>${place}</code></summary>
<pre class="code"><code>${raw(tools.code(source.code))}</code></pre></details>
`;
}

function renderPager({ group }: IntroducedGroup, groups: IntroducedGroup[]): Html {
  const at = groups.findIndex((other) => other.group === group);
  const link = (place: "back" | "next", to: IntroducedGroup | undefined, label: string) =>
    to === undefined
      ? markup`<a class="pager-${place}" href="../"><span>Back to</span>API reference</a>`
      : markup`<a class="pager-${place}" href="../${to.group.folder}/"><span>${label}</span>${to.title}</a>`;
  return markup`<nav class="pager" aria-label="API reference">
${link("back", groups[at - 1], "Previous")}
${link("next", groups[at + 1], "Next")}
</nav>`;
}

function named(count: number): string {
  return count === 1 ? "1 name" : `${count} names`;
}

/** `Linear` of `nn.Linear`: the page says where it is. */
function shortName(path: string): string {
  return /(?:\[.*\]|[^.]*)$/.exec(path)?.[0] ?? path;
}

// The first page of the reference: every group, and every name with a line on it, to be filtered as one types.
import type { Course } from "../../lesson/index.ts";
import { markup, type Html } from "../markup.ts";
import { sentenceHtml } from "../reference/docstring.ts";
import type { Entry } from "../reference/model.ts";
import type { IntroducedGroup } from "../reference/reference.ts";
import { entriesOf } from "../reference/groups.ts";
import { renderFooter, renderFrame, renderHeader, separated, type PageFiles } from "./frame.ts";

export interface ReferenceIndex {
  course: Course;
  groups: IntroducedGroup[];
}

export function renderReferenceIndex({ course, groups }: ReferenceIndex, files: PageFiles): string {
  const names = groups.reduce((sum, { group }) => sum + entriesOf(group).length, 0);
  return renderFrame({
    files,
    language: "en",
    title: `API reference · ${course.title}`,
    description: "Every name of the training engine: what it does, what it takes, what it gives.",
    data: { page: "reference-index", course: course.id },
    header: renderHeader({
      course,
      root: files.root,
      here: "reference",
      chapter: markup`<p class="bar-chapter">API reference</p>`,
    }),
    main: markup`<main id="content" class="reference-index" tabindex="-1">
      <header class="opening">
        <p class="eyebrow">${separated([`${groups.length} groups`, `${names} names`])}</p>
        <h1>API reference</h1>
        <p class="lead">All that <code>import … from "descent"</code> offers. The names are PyTorch's, in camelCase; options are one object, with PyTorch's defaults.</p>
      </header>
      <search class="filter" hidden>
        <label for="filter">Find a name</label>
        <input id="filter" type="search" autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="matmul, cross_entropy, cosine …">
        <p class="filter-count" role="status"></p>
      </search>
      <div class="groups">
        ${groups.map(renderGroup)}
      </div>
    </main>`,
    footer: renderFooter(course, files.root),
  });
}

function renderGroup({ group, title, summary }: IntroducedGroup): Html {
  const href = `./${group.folder}/`;
  return markup`<section class="group" aria-labelledby="group-${group.folder}">
          <h2 id="group-${group.folder}"><a href="${href}">${title}</a></h2>
          <p class="group-summary">${summary}</p>
          <ul class="names">
${entriesOf(group).map((entry) => renderName(entry, href))}          </ul>
        </section>
        `;
}

function renderName({ path, aliases, doc }: Entry, page: string): Html {
  const words = sentenceHtml(doc.text);
  return markup`            <li><a href="${page}#${encodeURIComponent(path)}"><code>${path}</code></a>${
    aliases.length > 0 && markup`<span class="alias">${aliases.join(", ")}</span>`
  }${words.text !== "" && markup` <span class="name-words">${words}</span>`}</li>\n`;
}

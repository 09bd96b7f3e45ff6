// The API reference: the engine's names in groups, each with the introduction that is written for it in `groups/`.
import { fileURLToPath } from "node:url";
import { dirname, join, relative, sep } from "node:path";
import type { Course, LessonProblem } from "../../lesson/index.ts";
import type { EngineNames } from "../../notebook/index.ts";
import { Content, type SiteLesson } from "../content/content.ts";
import { engineFace, readNamespaces } from "./extract.ts";
import { entriesOf, type Group, groupsOf } from "./groups.ts";
import type { Entry } from "./model.ts";
import { namesOf } from "./names.ts";

/** Where the introductions are: lessons, one for each group, read and checked like the course's. */
export const introductions = fileURLToPath(new URL("groups", import.meta.url));

/** The folder of the reference in the site. */
export const referenceFolder = "reference";

export interface IntroducedGroup {
  group: Group;
  title: string;
  summary: string;
  introduction: SiteLesson;
}

export class Reference {
  readonly #root: string;
  readonly #content: Content;
  #groups: Group[] | null = null;

  constructor({ root }: { root: string }) {
    this.#root = root;
    this.#content = new Content({ root, folder: introductions });
  }

  /** Reads the engine again when next asked. */
  forgetEngine(): void {
    this.#groups = null;
  }

  /** What the engine exports, in the order of the pages. Takes a second or two at first. */
  async groups(): Promise<Group[]> {
    const source = relative(this.#root, dirname(engineFace)).split(sep).join("/");
    this.#groups ??= groupsOf(readNamespaces(engineFace, this.#root), source);
    const { ids } = await this.#content.course();
    const place = ({ folder }: Group) => (ids.includes(folder) ? ids.indexOf(folder) : ids.length);
    return this.#groups.toSorted((a, b) => place(a) - place(b));
  }

  /** Every group that can be shown; a group without an introduction has an empty one. */
  async introduced(course: Course): Promise<{ groups: IntroducedGroup[]; problems: LessonProblem[] }> {
    const groups: IntroducedGroup[] = [];
    const { problems: found } = await this.#content.course();
    const problems = [...found];
    for (const group of await this.groups()) {
      const entry = await this.#content.lesson(group.folder);
      problems.push(...(entry?.problems ?? []));
      if (entry !== null && entry.site === null) continue;
      const introduction = entry?.site ?? withoutWords(group);
      const { title, summary } = introduction.lesson;
      groups.push({ group, title, summary, introduction: inCourse(introduction, course) });
    }
    return { groups, problems };
  }

  /** Files of introductions that are still to be written. */
  async missing(): Promise<string[]> {
    const { ids } = await this.#content.course();
    return (await this.groups())
      .filter(({ folder }) => !ids.includes(folder))
      .map(({ folder }) =>
        relative(this.#root, join(introductions, folder, "lesson.md"))
          .split(sep)
          .join("/"),
      );
  }

  /** What a public name or a member lacks a docstring for. The fields of an object of options document it. */
  async undocumented(): Promise<string[]> {
    const isSilent = ({ doc, kind, fields }: Entry): boolean => {
      if (doc.text !== "" || kind === "property") return false;
      return kind !== "type" || fields.length === 0 || fields.some(({ text }) => text === "");
    };
    return (await this.groups())
      .flatMap(entriesOf)
      .filter(isSilent)
      .map(({ path, source }) => `${path} (${source.file}:${source.line})`);
  }

  names(groups: IntroducedGroup[]): EngineNames {
    return namesOf(groups, `${referenceFolder}/`);
  }

  dispose(): void {
    this.#content.dispose();
  }
}

/** What a reader does on a page of the reference is kept apart from the chapters. */
function inCourse(site: SiteLesson, course: Course): SiteLesson {
  return {
    ...site,
    notebook: { ...site.notebook, course: { id: `${course.id}-reference`, title: course.title } },
  };
}

function withoutWords({ id, folder }: Group): SiteLesson {
  const title = id;
  return {
    lesson: {
      id: folder,
      version: "",
      title,
      summary: `What the engine offers under ${id}.`,
      objectives: [],
      prerequisites: [],
      terms: [],
      minutes: 1,
      blocks: [],
    },
    notebook: { course: { id: "", title: "" }, lesson: { id: folder, version: "", title }, blocks: [] },
    solutions: new Map(),
    files: [],
    secrets: [],
    publicText: "",
  };
}

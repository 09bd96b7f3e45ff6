// The course as it lies on disk: which lessons there are, each read and prepared for the page, cached by what its files hold.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PublicLesson } from "../../grading/index.ts";
import {
  type Course,
  type Lesson,
  type LessonProblem,
  orderLessons,
  readCourse,
} from "../../lesson/index.ts";
import type { LessonIslands } from "../../notebook/index.ts";
import type { KernelHost } from "../../runtime/index.ts";
import { TEST_MODULE, testModule } from "../../grading/worker.ts";
import { createInProcessHost } from "../../runtime/node.ts";
import type { SiteFile } from "./files.ts";
import { guideFolder, guideId, readGuide } from "./guide.ts";
import { type LessonText, readLessonFolder, readLessonText } from "./lesson-folder.ts";
import { namesFrom } from "./names.ts";
import { LessonPreparer } from "./prepare.ts";
import { publicTextOf, type Secret, secretsOf } from "./secrets.ts";
import { solutionsOf } from "./solutions.ts";

/** A lesson as the site publishes it. */
export interface SiteLesson {
  lesson: PublicLesson;
  notebook: LessonIslands;
  /** Sealed solutions by exercise. */
  solutions: Map<string, string>;
  /** Pictures and data, at the same place beside the page as beside the lesson. */
  files: SiteFile[];
  /** What no file of the site may hold, unless another lesson shows it. */
  secrets: Secret[];
  /** What the lesson itself shows, as secrets are searched for. */
  publicText: string;
}

export interface LessonEntry {
  id: string;
  site: SiteLesson | null;
  problems: LessonProblem[];
}

export interface CourseEntry {
  course: Course;
  /** In the order of the course. */
  ids: string[];
  problems: LessonProblem[];
}

export class Content {
  readonly #root: string;
  readonly #folder: string;
  readonly #host: KernelHost;
  readonly #preparer: LessonPreparer;
  readonly #lessons = new Map<string, { key: string; entry: Promise<LessonEntry> }>();

  /** `root` is what file names in problems are relative to; `folder` holds `course.yaml` and the lessons' folders. */
  constructor(options: { root: string; folder: string }) {
    this.#root = options.root;
    this.#folder = options.folder;
    this.#host = createInProcessHost({ modules: { [TEST_MODULE]: testModule } });
    this.#preparer = new LessonPreparer(this.#host);
  }

  /** The course and the order of its lessons: first the listed ones, then every other folder that holds a lesson. */
  async course(): Promise<CourseEntry> {
    const file = join(this.#folder, "course.yaml");
    const folders = await this.#folders();
    const source = await readFile(file, "utf8").catch(() => null);
    // A folder of chapters needs no such file.
    const { course, problems } =
      source === null ? { course: null, problems: [] } : readCourse(source, this.#name(file), { folders });
    const known = course ?? { id: "course", title: "Course", summary: "", language: "en", lessons: [] };
    return { course: known, ids: orderLessons(known, folders), problems };
  }

  /** One lesson, or the author's guide, which is no part of the course; `null` when no folder of that name holds one. */
  async lesson(id: string): Promise<LessonEntry | null> {
    const { course, ids } = await this.course();
    if (id !== guideId && !ids.includes(id)) return null;
    const text = id === guideId ? guideText() : await readLessonText(join(this.#folder, id));
    const key = JSON.stringify([course.id, course.title, text]);
    const cached = this.#lessons.get(id);
    if (cached?.key === key) return cached.entry;
    const entry = this.#read(course, id, text);
    this.#lessons.set(id, { key, entry });
    return entry;
  }

  /** Every lesson, in order. */
  async lessons(): Promise<LessonEntry[]> {
    const { ids } = await this.course();
    const entries = [];
    for (const id of ids) {
      const entry = await this.lesson(id);
      if (entry !== null) entries.push(entry);
    }
    return entries;
  }

  /** Forgets what was read, for changes that the lesson's own text does not show (pictures, data). */
  forget(id: string): void {
    this.#lessons.delete(id);
  }

  dispose(): void {
    this.#host.dispose();
  }

  async #read(course: Course, id: string, text: LessonText): Promise<LessonEntry> {
    const folder = id === guideId ? guideFolder : join(this.#folder, id);
    const { lesson: read, files, problems } = readLessonFolder(folder, text, (file) => this.#name(file));
    const lesson = read === null ? null : { ...read, id };
    if (lesson === null) return { id, site: null, problems };
    const prepared = await this.#preparer.prepare(lesson);
    const found = [...problems, ...prepared.problems];
    if (found.length > 0) return { id, site: null, problems: found };
    return {
      id,
      problems: [],
      site: {
        lesson: prepared.lesson,
        notebook: notebookData(course, lesson, prepared.lesson),
        solutions: await solutionsOf(lesson),
        files,
        secrets: secretsOf(lesson, text.source),
        publicText: publicTextOf(lesson, text.source),
      },
    };
  }

  async #folders(): Promise<string[]> {
    const found = await readdir(this.#folder, { withFileTypes: true }).catch(() => []);
    return found
      .filter((item) => item.isDirectory() && existsSync(join(this.#folder, item.name, "lesson.md")))
      .map((item) => item.name)
      .sort();
  }

  #name(file: string): string {
    return namesFrom(this.#root)(file);
  }
}

function guideText(): LessonText {
  const { source, files } = readGuide();
  return { source, hidden: files.get("lesson.hidden.md") ?? null };
}

function notebookData(course: Course, { id, version }: Lesson, lesson: PublicLesson): LessonIslands {
  return {
    course: { id: course.id, title: course.title },
    lesson: { id, version, title: lesson.title },
    blocks: lesson.blocks.filter(
      (block) => block.kind !== "heading" && block.kind !== "prose" && block.kind !== "static",
    ),
  };
}

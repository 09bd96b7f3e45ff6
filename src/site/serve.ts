// The development server: the pages of the build, made on request, and a lesson's prose swapped in place when it is saved.
import type { IncomingMessage, ServerResponse } from "node:http";
import { readFile, stat } from "node:fs/promises";
import { relative, sep } from "node:path";
import type { Connect, ViteDevServer } from "vite";
import type { LessonProblem } from "../lesson/index.ts";
import type { Content, LessonEntry } from "./content/content.ts";
import type { PageFiles } from "./pages/frame.ts";
import type { RenderModule } from "./plugin.ts";
import { lessonPage } from "./site-map.ts";

export interface SiteFolders {
  root: string;
  lessons: string;
}

/** Sent to the page when a lesson was saved. */
export interface LessonUpdate {
  lesson: string;
  /** CSS selector → new inner HTML. */
  parts: Record<string, string>;
  notebook: unknown;
}

export interface ProblemsUpdate {
  lesson: string;
  problems: string[];
}

export function serveSite(server: ViteDevServer, folders: SiteFolders): void {
  const site = new DevelopmentSite(server, folders);
  server.watcher.add(folders.lessons);
  for (const event of ["add", "change", "unlink"] as const)
    server.watcher.on(event, (file) => site.fileChanged(file, event));
  server.middlewares.use((request, response, next) => {
    void site.answer(request, response, next);
  });
}

class DevelopmentSite {
  readonly #server: ViteDevServer;
  readonly #folders: SiteFolders;
  #render: RenderModule | null = null;
  #content: Content | null = null;
  #sandbox: Promise<string> | null = null;
  #changes: Promise<void> = Promise.resolve();
  /** Problems last shown in the terminal, so that they are said once. */
  #said = "";

  constructor(server: ViteDevServer, folders: SiteFolders) {
    this.#server = server;
    this.#folders = folders;
  }

  async answer(
    request: IncomingMessage,
    response: ServerResponse,
    next: Connect.NextFunction,
  ): Promise<void> {
    try {
      await this.#answer(request, response, next);
    } catch (error) {
      next(error);
    }
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    next: Connect.NextFunction,
  ): Promise<void> {
    if (request.method !== "GET" && request.method !== "HEAD") return next();
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://site").pathname);
    if (path.startsWith("/@") || path.startsWith("/src/") || path.startsWith("/node_modules/")) return next();
    if (path === "/") return this.#coursePage(response);
    if (path === "/sandbox.html") {
      this.#sandbox ??= this.#loaded().then(({ render }) => render.buildSandbox());
      return send(response, "text/html", await this.#sandbox);
    }
    const [, id = "", rest] = /^\/([\w-]+)(?:\/(.*))?$/s.exec(path) ?? [];
    const { render, content } = await this.#loaded();
    const entry = id === "" ? null : await content.lesson(id);
    if (entry !== null && rest === undefined) {
      response.writeHead(302, { Location: `/${id}/` }).end();
      return;
    }
    if (entry !== null && (rest === "" || rest === "index.html"))
      return this.#lessonPage(request, response, entry);
    if (entry?.site !== null && entry !== null && rest !== undefined) {
      const { site } = entry;
      const { notebook, exercises } = render.notebookFiles(site.notebook);
      if (rest === "notebook.json") return send(response, "application/json", JSON.stringify(notebook));
      if (rest === "exercises.json") return send(response, "application/json", JSON.stringify(exercises));
      const exercise = /^solutions\/([\w-]+)\.json$/.exec(rest)?.[1];
      const sealed = exercise === undefined ? undefined : site.solutions.get(exercise);
      if (sealed !== undefined) return send(response, "application/json", JSON.stringify(sealed));
      const file = site.files.find(({ path }) => path.split(sep).join("/") === rest);
      if (file !== undefined) return send(response, typeOf(rest), await readFile(file.absolute));
    }
    if (!(request.headers.accept ?? "").includes("text/html")) return next();
    const { course } = await content.course();
    return send(response, "text/html", render.renderNotFoundPage(course, ""), 404);
  }

  /** Changes are told in the order in which they came, each once its file is whole: some editors empty it first. */
  fileChanged(file: string, event: "add" | "change" | "unlink"): void {
    this.#changes = this.#changes
      .then(async () => {
        const told = await writtenWhole(file);
        await this.#tellChange(file, event);
        // The watcher is deaf for a moment after each change: what was saved meanwhile is seen here.
        setTimeout(() => {
          void stateOf(file).then((state) => {
            if (state !== told && state !== "gone") this.fileChanged(file, "change");
          });
        }, deafness);
      })
      .catch((error: unknown) => this.report(error));
  }

  async #tellChange(file: string, event: "add" | "change" | "unlink"): Promise<void> {
    const { root, lessons } = this.#folders;
    const inRoot = relative(root, file).split(sep).join("/");
    if (/^src\/(engine|runtime|grading|site\/sandbox)\//.test(inRoot)) {
      this.#sandbox = null;
      this.#server.ws.send({ type: "full-reload" });
      return;
    }
    const inLessons = relative(lessons, file).split(sep).join("/");
    if (inLessons.startsWith("..") || this.#content === null) return;
    const { content, render } = await this.#loaded();
    const [id = "", ...rest] = inLessons.split("/");
    content.forget(id);
    const isText = rest.length === 1 && /^lesson(\.hidden)?\.md$/.test(rest[0] ?? "");
    if (!isText || event !== "change") {
      this.#server.ws.send({ type: "full-reload" });
      return;
    }
    const entry = await content.lesson(id);
    if (entry === null) return;
    this.#say(entry.problems, render);
    if (entry.site === null) {
      const update: ProblemsUpdate = { lesson: id, problems: entry.problems.map(render.formatProblem) };
      this.#server.ws.send({ type: "custom", event: "descent:problems", data: update });
      return;
    }
    const page = await lessonPage(content, entry.site, render.renderers);
    const update: LessonUpdate = {
      lesson: id,
      parts: render.renderLessonParts(page),
      notebook: entry.site.notebook,
    };
    this.#server.ws.send({ type: "custom", event: "descent:lesson", data: update });
  }

  report(error: unknown): void {
    this.#server.config.logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  async #coursePage(response: ServerResponse): Promise<void> {
    const { render, content } = await this.#loaded();
    const { course, problems } = await content.course();
    const lessons = await content.lessons();
    const found = [...problems, ...lessons.flatMap((entry) => entry.problems)];
    this.#say(found, render);
    const files = this.#files("course", "./");
    if (problems.length > 0) return this.#html(response, "/", render.renderProblemsPage(found, files));
    const readable = lessons.flatMap(({ site }) => (site === null ? [] : [site.lesson]));
    return this.#html(
      response,
      "/",
      render.renderCoursePage({ course, lessons: readable, problems: found }, files),
    );
  }

  async #lessonPage(request: IncomingMessage, response: ServerResponse, entry: LessonEntry): Promise<void> {
    const { render, content } = await this.#loaded();
    this.#say(entry.problems, render);
    const files = this.#files("lesson", "../");
    const page =
      entry.site === null
        ? render.renderProblemsPage(entry.problems, files, entry.id)
        : render.renderLessonPage(await lessonPage(content, entry.site, render.renderers), files);
    return this.#html(response, request.url ?? "/", page);
  }

  async #html(response: ServerResponse, url: string, page: string): Promise<void> {
    send(response, "text/html", await this.#server.transformIndexHtml(url, page));
  }

  /** The rooms as they are now: a changed one is loaded anew, and what it had prepared is prepared again. */
  async #loaded(): Promise<{ render: RenderModule; content: Content }> {
    const render = (await this.#server.ssrLoadModule("/src/site/render.ts")) as RenderModule;
    if (render !== this.#render || this.#content === null) {
      this.#content?.dispose();
      this.#render = render;
      this.#content = new render.Content({ root: this.#folders.root, folder: this.#folders.lessons });
    }
    return { render, content: this.#content };
  }

  #files(kind: "lesson" | "course", root: string): PageFiles {
    return {
      mode: "serve",
      root,
      early: `${root}src/site/client/early.ts`,
      script: `${root}src/site/client/${kind}.ts`,
      styles: [`${root}src/site/styles/${kind}.css`],
      fonts: [],
      icon: `${root}src/site/assets/favicon.svg`,
    };
  }

  #say(problems: LessonProblem[], render: RenderModule): void {
    const text = problems.map(render.formatProblem).join("\n");
    if (text !== this.#said && text !== "") this.#server.config.logger.error(text);
    this.#said = text;
  }
}

/** How long the watcher may leave out further changes of a file, in milliseconds, with room. */
const deafness = 100;

async function stateOf(file: string): Promise<string> {
  const found = await stat(file).catch(() => null);
  return found === null ? "gone" : `${found.mtimeMs} ${found.size}`;
}

/** Resolves to a file's state when it has stayed the same for a moment. */
async function writtenWhole(file: string): Promise<string> {
  let before = await stateOf(file);
  for (let tries = 0; tries < 50; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const now = await stateOf(file);
    if (now === before) break;
    before = now;
  }
  return before;
}

function send(response: ServerResponse, type: string, body: string | Uint8Array, status = 200): void {
  const charset =
    type.startsWith("text/") || type.endsWith("json") || type.endsWith("xml") ? "; charset=utf-8" : "";
  response.writeHead(status, { "Content-Type": type + charset, "Cache-Control": "no-cache" }).end(body);
}

const types: Record<string, string> = {
  json: "application/json",
  csv: "text/csv",
  svg: "image/svg+xml",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  webp: "image/webp",
  avif: "image/avif",
  gif: "image/gif",
};

function typeOf(path: string): string {
  return types[path.slice(path.lastIndexOf(".") + 1).toLowerCase()] ?? "application/octet-stream";
}

// The development server: the pages of the build, made on request, and a lesson's prose swapped in place when it is saved.
import type { IncomingMessage, ServerResponse } from "node:http";
import { readFile, stat } from "node:fs/promises";
import { relative, sep } from "node:path";
import type { Connect, ViteDevServer } from "vite";
import type { LessonProblem } from "../lesson/index.ts";
import type { Content, LessonEntry, SiteLesson } from "./content/content.ts";
import { type PageFiles, type PageKind, stylesOf } from "./pages/frame.ts";
import type { RenderModule } from "./plugin.ts";
import type { Reference } from "./reference/reference.ts";
import { buildSandbox, type Sandbox } from "./sandbox/index.ts";
import { partAt } from "./sandbox/plugin.ts";
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
  // Mistakes are told before anybody asks for a page.
  server.httpServer?.once("listening", () => void site.sayAll());
  server.middlewares.use((request, response, next) => {
    void site.answer(request, response, next);
  });
}

class DevelopmentSite {
  readonly #server: ViteDevServer;
  readonly #folders: SiteFolders;
  #render: RenderModule | null = null;
  #content: Content | null = null;
  #reference: Reference | null = null;
  #sandbox: Promise<Sandbox> | null = null;
  #changes: Promise<void> = Promise.resolve();
  /** Problems last shown in the terminal, by the lesson or the course they are in, so that they are said once. */
  readonly #said = new Map<string, string>();

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
    const part = partAt(path);
    if (path === "/sandbox.html" || part !== null) {
      this.#sandbox ??= buildSandbox();
      const { page, parts } = await this.#sandbox;
      return part === null
        ? send(response, "text/html", page)
        : send(response, "text/javascript", parts[part]);
    }
    if (path === "/reference" || path.startsWith("/reference/"))
      return this.#referencePage(request, response, path.split("/").slice(2), next);
    const found = /^\/(glossary|search)(?:\/(.*))?$/s.exec(path);
    if (found !== null) return this.#findingPage(request, response, found, next);
    const [, id = "", rest] = /^\/([\w-]+)(?:\/(.*))?$/s.exec(path) ?? [];
    const { render, content } = await this.#loaded();
    const entry = id === "" ? null : await content.lesson(id);
    if (entry !== null && rest === undefined) {
      response.writeHead(302, { Location: `/${id}/` }).end();
      return;
    }
    if (entry !== null && (rest === "" || rest === "index.html"))
      return this.#lessonPage(request, response, entry);
    if (entry !== null && entry.site !== null && rest !== undefined) {
      if (await sendLessonFile(response, entry.site, rest, render)) return;
    }
    return this.#notFound(request, response, next);
  }

  async #notFound(
    request: IncomingMessage,
    response: ServerResponse,
    next: Connect.NextFunction,
  ): Promise<void> {
    if (!(request.headers.accept ?? "").includes("text/html")) return next();
    const { render, content } = await this.#loaded();
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
    if (inRoot.startsWith("src/site/reference/groups/")) {
      this.#server.ws.send({ type: "full-reload" });
      return;
    }
    if (/^src\/(engine|runtime|grading|site\/sandbox)\//.test(inRoot)) {
      this.#sandbox = null;
      this.#reference?.forgetEngine();
      this.#server.ws.send({ type: "full-reload" });
      return;
    }
    if (inRoot.startsWith("src/site/guide/")) {
      this.#content?.forget((await this.#loaded()).render.guideId);
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
    this.#say(id, entry.problems, render);
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
    this.#say("", problems, render);
    for (const entry of lessons) this.#say(entry.id, entry.problems, render);
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
    this.#say(entry.id, entry.problems, render);
    const files = this.#files("lesson", "../");
    const page =
      entry.site === null
        ? render.renderProblemsPage(entry.problems, files, entry.id)
        : render.renderLessonPage(await lessonPage(content, entry.site, render.renderers), files);
    return this.#html(response, request.url ?? "/", page);
  }

  /** @param parts what the address has after `reference/` */
  async #referencePage(
    request: IncomingMessage,
    response: ServerResponse,
    parts: string[],
    next: Connect.NextFunction,
  ): Promise<void> {
    const { render, content, reference } = await this.#loaded();
    const { course } = await content.course();
    const { groups, problems } = await reference.introduced(course);
    this.#say("reference", problems, render);
    const [folder = "", ...rest] = parts;
    const url = request.url ?? "/";
    if (parts.length === 0) {
      response.writeHead(302, { Location: "/reference/" }).end();
      return;
    }
    if (rest.length === 0 && (folder === "" || folder === "index.html")) {
      const files = this.#files("reference", "../");
      if (problems.length > 0) return this.#html(response, url, render.renderProblemsPage(problems, files));
      return this.#html(response, url, render.renderReferenceIndex({ course, groups }, files));
    }
    if (folder === "names.json" && rest.length === 0)
      return send(response, "application/json", JSON.stringify(reference.names(groups)));
    const group = groups.find((one) => one.group.folder === folder);
    const file = rest.join("/");
    if (group !== undefined && rest.length === 0) {
      response.writeHead(302, { Location: `/reference/${folder}/` }).end();
      return;
    }
    if (group !== undefined && (file === "" || file === "index.html")) {
      const page = { course, group, groups, renderers: render.renderers };
      return this.#html(response, url, render.renderReferencePage(page, this.#files("reference", "../../")));
    }
    if (group !== undefined && (await sendLessonFile(response, group.introduction, file, render))) return;
    return this.#notFound(request, response, next);
  }

  /** The glossary, and the search with its index. */
  async #findingPage(
    request: IncomingMessage,
    response: ServerResponse,
    [, kind, rest]: RegExpExecArray,
    next: Connect.NextFunction,
  ): Promise<void> {
    const { render, content, reference } = await this.#loaded();
    const { course } = await content.course();
    if (rest === undefined) {
      response.writeHead(302, { Location: `/${kind}/` }).end();
      return;
    }
    const url = request.url ?? "/";
    const isPage = rest === "" || rest === "index.html";
    if (kind === "search" && isPage)
      return this.#html(response, url, render.renderSearchPage(course, this.#files("search", "../")));
    const lessons = (await content.lessons()).flatMap(({ site }) => (site === null ? [] : [site.lesson]));
    if (kind === "glossary" && isPage)
      return this.#html(
        response,
        url,
        render.renderGlossaryPage({ course, lessons }, this.#files("glossary", "../")),
      );
    if (kind === "search" && rest === "entries.json") {
      const { groups } = await reference.introduced(course);
      const entries = render.searchEntries(lessons, groups, render.referenceFolder);
      return send(response, "application/json", JSON.stringify(entries));
    }
    return this.#notFound(request, response, next);
  }

  async #html(response: ServerResponse, url: string, page: string): Promise<void> {
    send(response, "text/html", await this.#server.transformIndexHtml(url, page));
  }

  /** The rooms as they are now: a changed one is loaded anew, and what it had prepared is prepared again. */
  async #loaded(): Promise<{ render: RenderModule; content: Content; reference: Reference }> {
    const render = (await this.#server.ssrLoadModule("/src/site/render.ts")) as RenderModule;
    if (render !== this.#render || this.#content === null || this.#reference === null) {
      this.#content?.dispose();
      this.#reference?.dispose();
      this.#reference = new render.Reference({ root: this.#folders.root });
      this.#render = render;
      this.#content = new render.Content({ root: this.#folders.root, folder: this.#folders.lessons });
    }
    return { render, content: this.#content, reference: this.#reference };
  }

  #files(kind: PageKind, root: string): PageFiles {
    return {
      mode: "serve",
      root,
      early: `${root}src/site/client/early.ts`,
      script: `${root}src/site/client/${kind}.ts`,
      styles: stylesOf[kind].map((style) => `${root}src/site/styles/${style}.css`),
      fonts: [],
      icon: `${root}src/site/assets/favicon.svg`,
    };
  }

  /** Says in the terminal what is wrong, each time it is something else, and once when nothing is wrong any more. */
  #say(where: string, problems: LessonProblem[], render: RenderModule): void {
    const { logger } = this.#server.config;
    const text = problems.map(render.formatProblem).join("\n");
    const said = this.#said.get(where) ?? "";
    this.#said.set(where, text);
    if (text === said) return;
    if (text !== "") logger.error(text);
    else logger.info(`${where === "" ? "course.yaml" : where}: nothing to correct any more`);
  }

  /** Says what is wrong in the course and in every lesson. */
  async sayAll(): Promise<void> {
    try {
      const { render, content } = await this.#loaded();
      this.#say("", (await content.course()).problems, render);
      for (const entry of await content.lessons()) this.#say(entry.id, entry.problems, render);
    } catch (error) {
      this.report(error);
    }
  }
}

/** What lies beside a lesson's page, if it is that. */
async function sendLessonFile(
  response: ServerResponse,
  site: SiteLesson,
  path: string,
  { notebookFiles }: RenderModule,
): Promise<boolean> {
  const { notebook, exercises } = notebookFiles(site.notebook);
  const exercise = /^solutions\/([\w-]+)\.json$/.exec(path)?.[1];
  const data: unknown =
    path === "notebook.json"
      ? notebook
      : path === "exercises.json"
        ? exercises
        : site.solutions.get(exercise ?? "");
  const file = site.files.find((one) => one.path.split(sep).join("/") === path);
  if (data !== undefined) send(response, "application/json", JSON.stringify(data));
  else if (file !== undefined) send(response, typeOf(path), await readFile(file.absolute));
  return data !== undefined || file !== undefined;
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

// The build: every page, notebook, sealed solution and picture as a file, with URLs relative to the page that uses them.
import { readFile } from "node:fs/promises";
import { sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type Rolldown, runnerImport } from "vite";
import type { PageFiles } from "./pages/frame.ts";
import type { RenderModule } from "./plugin.ts";
import type { SiteFolders } from "./serve.ts";
import { lessonPage } from "./site-map.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export async function emitSite(
  plugin: Rolldown.PluginContext,
  bundle: Rolldown.OutputBundle,
  folders: SiteFolders,
): Promise<void> {
  const { module: render } = await runnerImport<RenderModule>(here("render.ts"), {
    configFile: false,
    root: folders.root,
    logLevel: "error",
  });
  const content = new render.Content({ root: folders.root, folder: folders.lessons });
  try {
    const { course, problems } = await content.course();
    const entries = await content.lessons();
    const found = [...problems, ...entries.flatMap((entry) => entry.problems)];
    if (found.length > 0)
      plugin.error(
        `${found.length} to correct before the course can be built:\n${found.map(render.formatProblem).join("\n")}`,
      );
    const emit = (fileName: string, source: string | Uint8Array) =>
      plugin.emitFile({ type: "asset", fileName, source });
    const icon = plugin.getFileName(
      plugin.emitFile({
        type: "asset",
        name: "favicon.svg",
        source: await readFile(here("assets/favicon.svg")),
      }),
    );
    const built = new BuiltFiles(bundle, icon);

    const lessons = entries.flatMap(({ site }) => (site === null ? [] : [site]));
    for (const site of lessons) {
      const { id } = site.lesson;
      const page = await lessonPage(content, site, render.renderers);
      emit(`${id}/index.html`, render.renderLessonPage(page, built.of("lesson", "../")));
      emit(`${id}/notebook.json`, JSON.stringify(site.notebook));
      for (const [exercise, sealed] of site.solutions)
        emit(`${id}/solutions/${exercise}.json`, JSON.stringify(sealed));
      for (const { path, absolute } of site.files)
        emit(`${id}/${path.split(sep).join("/")}`, await readFile(absolute));
    }
    emit(
      "index.html",
      render.renderCoursePage(
        { course, lessons: lessons.map(({ lesson }) => lesson), problems: [] },
        built.of("course", "./"),
      ),
    );
    emit("404.html", render.renderNotFoundPage(course, built.style("not-found-style")));
    emit("sandbox.html", await render.buildSandbox());
  } finally {
    content.dispose();
  }
}

/** Finds the built counterparts of the site's entries in Rolldown's bundle. */
class BuiltFiles {
  readonly #bundle: Rolldown.OutputBundle;
  readonly #icon: string;

  constructor(bundle: Rolldown.OutputBundle, icon: string) {
    this.#bundle = bundle;
    this.#icon = icon;
  }

  of(kind: "lesson" | "course", root: string): PageFiles {
    return {
      mode: "build",
      root,
      early: root + this.#script("early"),
      script: root + this.#script(kind),
      styles: [
        root + this.#asset(`${kind}-style`, ".css"),
        ...this.#lazyStyles(kind).map((name) => root + name),
      ],
      fonts:
        kind === "lesson"
          ? ["KaTeX_Main-Regular", "KaTeX_Math-Italic"].map((name) => root + this.#asset(name, ".woff2"))
          : [],
      icon: root + this.#icon,
      worker: null,
    };
  }

  style(name: string): string {
    const asset = this.#bundle[this.#asset(name, ".css")];
    return asset?.type === "asset" ? String(asset.source) : "";
  }

  #script(name: string): string {
    const chunk = Object.values(this.#bundle).find(
      (item) => item.type === "chunk" && item.isEntry && item.name === name,
    );
    if (chunk === undefined) throw new Error(`The build has no entry “${name}”.`);
    return chunk.fileName;
  }

  #asset(name: string, extension: string): string {
    const found = Object.keys(this.#bundle).find((file) => {
      const base = file.slice(file.lastIndexOf("/") + 1);
      return base.startsWith(`${name}-`) && base.endsWith(extension);
    });
    if (found === undefined) throw new Error(`The build has no file “${name}${extension}”.`);
    return found;
  }

  /** Styles that come with the notebook: the static page needs them too, before its script. */
  #lazyStyles(_kind: "lesson" | "course"): string[] {
    return [];
  }
}

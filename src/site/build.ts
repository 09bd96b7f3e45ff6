// The build: every page, notebook, sealed solution and picture as a file, with URLs relative to the page that uses them.
import { readFile } from "node:fs/promises";
import { sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type Rolldown, runnerImport } from "vite";
import { type PageFiles, type PageKind, stylesOf } from "./pages/frame.ts";
import type { SiteLesson } from "./content/content.ts";
import type { RenderModule } from "./plugin.ts";
import type { IntroducedGroup } from "./reference/reference.ts";
import { buildSandbox } from "./sandbox/index.ts";
import type { SiteFolders } from "./serve.ts";
import { lessonPage } from "./site-map.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Proves of all files that are about to be written that no secret of a lesson is in them. */
export type SecretsProof = (plugin: Rolldown.PluginContext, bundle: Rolldown.OutputBundle) => void;

export async function emitSite(
  plugin: Rolldown.PluginContext,
  bundle: Rolldown.OutputBundle,
  folders: SiteFolders,
): Promise<SecretsProof> {
  const { module: render } = await runnerImport<RenderModule>(here("render.ts"), {
    configFile: false,
    root: folders.root,
    logLevel: "error",
  });
  const content = new render.Content({ root: folders.root, folder: folders.lessons });
  const reference = new render.Reference({ root: folders.root });
  try {
    const { course, problems } = await content.course();
    const chapters = await content.lessons();
    const guide = await content.lesson(render.guideId);
    const entries = guide === null ? chapters : [...chapters, guide];
    const introduced = await reference.introduced(course);
    const found = [...problems, ...entries.flatMap((entry) => entry.problems), ...introduced.problems];
    if (found.length > 0)
      plugin.error(
        `${found.length} to correct before the course can be built:\n${found.map(render.formatProblem).join("\n")}`,
      );
    const emit = (fileName: string, source: string | Uint8Array) =>
      plugin.emitFile({ type: "asset", fileName, source });
    /** Named by its content, so that it may be cached for ever. */
    const emitHashed = (name: string, source: string | Uint8Array) =>
      plugin.getFileName(plugin.emitFile({ type: "asset", name, source }));

    const lessons = entries.flatMap(({ site }) => (site === null ? [] : [site]));
    const listed = {
      course,
      lessons: chapters.flatMap(({ site }) => (site === null ? [] : [site.lesson])),
      problems: [],
    };
    const pages = await Promise.all(lessons.map((site) => lessonPage(content, site, render.renderers)));

    const { groups } = introduced;
    const referencePage = (group: IntroducedGroup, files: PageFiles) =>
      render.renderReferencePage({ course, group, groups, renderers: render.renderers }, files);

    const fonts = new render.FormulaFonts();
    for (const text of [...pages.map(render.renderLessonParts), ...lessons.map(({ notebook }) => notebook)])
      forEachString(text, (html) => fonts.add(html));
    for (const group of groups) fonts.add(referencePage(group, withoutFiles));
    const glossary = (files: PageFiles) =>
      render.renderGlossaryPage({ course, lessons: listed.lessons }, files);
    fonts.add(glossary(withoutFiles));
    const folder = "assets/";
    const { css, first } = fonts.build(({ name, data }) => emitHashed(name, data).slice(folder.length));
    const built = new BuiltFiles(bundle, {
      icon: emitHashed("favicon.svg", await readFile(here("assets/favicon.svg"))),
      formulaStyle: emitHashed("formula-fonts.css", css),
      firstFonts: first.map((file) => folder + file),
    });

    const emitLesson = async (folder: string, page: string, site: SiteLesson) => {
      emit(`${folder}/index.html`, page);
      const { notebook, exercises } = render.notebookFiles(site.notebook);
      emit(`${folder}/notebook.json`, JSON.stringify(notebook));
      emit(`${folder}/exercises.json`, JSON.stringify(exercises));
      for (const [exercise, sealed] of site.solutions)
        emit(`${folder}/solutions/${exercise}.json`, JSON.stringify(sealed));
      for (const { path, absolute } of site.files)
        emit(`${folder}/${path.split(sep).join("/")}`, await readFile(absolute));
    };
    for (const [index, site] of lessons.entries())
      await emitLesson(
        site.lesson.id,
        render.renderLessonPage(pages[index]!, built.of("lesson", "../")),
        site,
      );
    for (const group of groups)
      await emitLesson(
        `${render.referenceFolder}/${group.group.folder}`,
        referencePage(group, built.of("reference", "../../")),
        group.introduction,
      );
    emit(
      `${render.referenceFolder}/index.html`,
      render.renderReferenceIndex({ course, groups }, built.of("reference", "../")),
    );
    emit(`${render.referenceFolder}/names.json`, JSON.stringify(reference.names(groups)));
    emit("index.html", render.renderCoursePage(listed, built.of("course", "./")));
    emit("glossary/index.html", glossary(built.of("glossary", "../")));
    emit("search/index.html", render.renderSearchPage(course, built.of("search", "../")));
    const searched = render.searchEntries(listed.lessons, groups, render.referenceFolder);
    emit("search/entries.json", JSON.stringify(searched));
    emit("404.html", render.renderNotFoundPage(course, built.style("not-found")));
    emit("sandbox.html", (await buildSandbox()).page);
    const all = [...lessons, ...groups.map(({ introduction }) => introduction)];
    const secrets = render.unlessShown(
      all.flatMap((site) => site.secrets),
      all.map((site) => site.publicText),
    );
    return (last, files) => proveSecrets(last, files, secrets, render);
  } finally {
    content.dispose();
    reference.dispose();
  }
}

function proveSecrets(
  plugin: Rolldown.PluginContext,
  bundle: Rolldown.OutputBundle,
  secrets: Parameters<RenderModule["leaksIn"]>[1],
  { leaksIn, formatProblem }: RenderModule,
): void {
  const files = Object.values(bundle).map((file): [string, string | Uint8Array] => [
    file.fileName,
    file.type === "asset" ? file.source : file.code,
  ]);
  const leaks = leaksIn(files, secrets);
  if (leaks.length > 0)
    plugin.error(`The site would show what must stay secret:\n${leaks.map(formatProblem).join("\n")}`);
  plugin.environment.logger.info(
    `None of ${secrets.length} lines of solutions, hidden tests and misconceptions is in the site's ${files.length} files.`,
  );
}

function forEachString(value: unknown, visit: (text: string) => void): void {
  if (typeof value === "string") visit(value);
  else if (typeof value === "object" && value !== null)
    for (const part of Object.values(value)) forEachString(part, visit);
}

/** To draw a page before it is known where its files are. */
const withoutFiles: PageFiles = {
  mode: "build",
  root: "",
  early: "",
  script: "",
  styles: [],
  fonts: [],
  icon: "",
};

/** Finds the built counterparts of the site's entries in Rolldown's bundle. All names are relative to the site's root. */
class BuiltFiles {
  readonly #bundle: Rolldown.OutputBundle;
  readonly #own: { icon: string; formulaStyle: string; firstFonts: string[] };

  constructor(
    bundle: Rolldown.OutputBundle,
    own: { icon: string; formulaStyle: string; firstFonts: string[] },
  ) {
    this.#bundle = bundle;
    this.#own = own;
  }

  of(kind: PageKind, root: string): PageFiles {
    const { icon, formulaStyle, firstFonts } = this.#own;
    const isLesson = stylesOf[kind].includes("lesson");
    const styles = stylesOf[kind].map((name) => this.#style(`${name}-style`));
    if (isLesson) styles.splice(1, 0, formulaStyle);
    return {
      mode: "build",
      root,
      early: root + this.#script("early"),
      script: root + this.#script(kind),
      styles: styles.map((file) => root + file),
      fonts: isLesson ? firstFonts.map((file) => root + file) : [],
      icon: root + icon,
    };
  }

  /** The text of a style sheet, for a page that must not load one. */
  style(name: string): string {
    const asset = this.#bundle[this.#style(`${name}-style`)];
    return asset?.type === "asset" ? String(asset.source) : "";
  }

  #script(name: string): string {
    const chunk = Object.values(this.#bundle).find(
      (item) => item.type === "chunk" && item.isEntry && item.name === name,
    );
    if (chunk === undefined) throw new Error(`The build has no entry “${name}”.`);
    return chunk.fileName;
  }

  #style(name: string): string {
    const asset = Object.values(this.#bundle).find(
      (item) => item.type === "asset" && item.names.includes(`${name}.css`),
    );
    if (asset === undefined) throw new Error(`The build has no style sheet “${name}”.`);
    return asset.fileName;
  }
}

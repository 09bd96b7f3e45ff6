// The Vite plugin that turns lessons into a site: pages on the fly in development, files in a build.
// It is kept thin, because Vite's configuration imports it: all that knows lessons is loaded through Vite (render.ts).
import { fileURLToPath } from "node:url";
import { resolve } from "node:path";
import type { ConfigEnv, Plugin, UserConfig } from "vite";
import { emitSite, type SecretsProof } from "./build.ts";
import { leanParser } from "./lean-parser.ts";
import type * as render from "./render.ts";
import { sandboxParts } from "./sandbox/plugin.ts";
import { serveSite } from "./serve.ts";

export interface SiteOptions {
  /** The folder with the lessons, and with `course.yaml` if there is one; `LESSONS` in the environment, or `lessons`. */
  lessons?: string;
}

export type RenderModule = typeof render;

type PostcssOptions = Exclude<NonNullable<NonNullable<UserConfig["css"]>["postcss"]>, string>;
type PostcssPlugin = NonNullable<PostcssOptions["plugins"]>[number];

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What the browser loads: one entry for each kind of page, the early script, and the style sheets. */
export const entries = {
  lesson: here("client/lesson.ts"),
  course: here("client/course.ts"),
  reference: here("client/reference.ts"),
  glossary: here("client/glossary.ts"),
  search: here("client/search.ts"),
  early: here("client/early.ts"),
  "lesson-style": here("styles/lesson.css"),
  "course-style": here("styles/course.css"),
  "reference-style": here("styles/reference.css"),
  "search-style": here("styles/search.css"),
  "not-found-style": here("styles/not-found.css"),
};

export function descentSite(options: SiteOptions = {}): Plugin[] {
  let root = process.cwd();
  const lessons = () => resolve(root, options.lessons ?? (process.env["LESSONS"] || "lessons"));
  let proveSecrets: SecretsProof | null = null;
  return [
    {
      name: "descent:site",
      config: siteConfig,
      configResolved(config) {
        root = config.root;
      },
      configureServer: (server) => serveSite(server, { root, lessons: lessons() }),
    },
    leanParser,
    sandboxParts(),
    {
      name: "descent:build",
      apply: "build",
      async generateBundle(_, bundle) {
        proveSecrets = await emitSite(this, bundle, { root, lessons: lessons() });
      },
    },
    {
      name: "descent:secrets",
      apply: "build",
      enforce: "post",
      generateBundle: {
        order: "post",
        // Before anything is written: a build with a secret in it leaves nothing behind.
        handler(_, bundle) {
          if (proveSecrets === null) this.error("The site was not built, so its secrets cannot be proved.");
          proveSecrets(this, bundle);
        },
      },
    },
  ];
}

function siteConfig(_: UserConfig, { command }: ConfigEnv): UserConfig {
  return {
    appType: "mpa",
    publicDir: false,
    build: {
      target: "es2022",
      manifest: true,
      // The policy allows no data: fonts, and small files are cheap.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      cssCodeSplit: true,
      rolldownOptions: { input: entries },
    },
    css: { postcss: { plugins: command === "build" ? [withoutFonts] : [] } },
    optimizeDeps: { entries: [entries.lesson, entries.course, entries.reference, entries.search] },
  };
}

/** A build writes its own rules for the fonts of formulas: see fonts/formula-fonts.ts. */
const withoutFonts: PostcssPlugin = {
  postcssPlugin: "without-fonts",
  Once(css) {
    css.walkAtRules("font-face", (rule) => {
      rule.remove();
    });
  },
};

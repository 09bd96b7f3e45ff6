// Cells are TypeScript and nothing else, so a build drops the parser's plugins for other dialects: 15 kB of
// what a first run loads (compressed).
import type { Plugin } from "vite";

/** The table from which @babel/parser takes what `plugins:` names. */
const table = /const mixinPlugins = \{[^}]*\};/;

export const leanParser: Plugin = {
  name: "descent:lean-parser",
  apply: "build",
  transform: {
    filter: { id: /@babel\/parser\/lib\/index\.js/ },
    handler(code) {
      if (!table.test(code))
        this.error(
          "@babel/parser has no table of plugins any more: correct or remove src/site/lean-parser.ts",
        );
      return { code: code.replace(table, "const mixinPlugins = { estree, typescript };"), map: null };
    },
  },
};

import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { descentSite } from "./src/site/plugin.ts";

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig({
  base: "./",
  // Tests of the rooms share this configuration, but need no site.
  plugins: process.env["VITEST"] === undefined ? [descentSite()] : [],
  resolve: {
    alias: [
      { find: /^descent\/lesson$/, replacement: source("runtime/lesson-tools/index.ts") },
      { find: /^descent$/, replacement: source("engine/index.ts") },
    ],
  },
  test: {
    // Vitest leaves one core for itself; with two of them that is half of the machine.
    maxWorkers: "100%",
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: ["test/browser/**"],
          setupFiles: ["test/properties.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});

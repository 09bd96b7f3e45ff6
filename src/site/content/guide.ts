// The author's guide is a lesson whose examples are written once: each stands in the page as its author writes it, and right
// below as its reader gets it. So the guide is read, prepared and checked like any other lesson.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The name under which the site publishes it. */
export const guideId = "authors-guide";

/** The folder with the guide's source, its pictures and its data. */
export const guideFolder = fileURLToPath(new URL("../guide", import.meta.url));

export interface Guide {
  /** A lesson's source, with all examples. */
  source: string;
  /** Examples that are files of their own, by name: hidden tests, `course.yaml`, front matter. */
  files: ReadonlyMap<string, string>;
}

const example = /^(`{5,})(\w+) example(?: (\S+))?\n([\s\S]*?)^\1$/gm;

export function readGuide(): Guide {
  const text = readFileSync(`${guideFolder}/guide.md`, "utf8");
  const files = new Map<string, string>();
  const source = text.replaceAll(
    example,
    (_, ticks: string, language: string, file: string | undefined, body: string) => {
      const shown = `${ticks}${language} static\n${body}${ticks}`;
      if (file === undefined) return `${shown}\n\n${body}`;
      files.set(file, body);
      return shown;
    },
  );
  return { source, files };
}

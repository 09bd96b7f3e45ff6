// Runs the command as a user does, in a folder of its own, and reads what it leaves behind.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { grade, type Surroundings } from "../../../src/cli/grade.ts";
import type { Report } from "../../../src/cli/grade/report.ts";
import {
  createIsolatedHost,
  type IsolatedHost,
  type IsolatedHostOptions,
} from "../../../src/runtime/node.ts";
import { lessonFolder, writeFiles } from "./class.ts";

export const KEY = "the course's secret";
const rooms: string[] = [];

export async function removeFolders(): Promise<void> {
  for (const room of rooms.splice(0)) await rm(room, { recursive: true, force: true });
}

export interface Ran {
  code: number;
  lines: string[];
  complaints: string[];
}

/** A teacher's folder, with `work/` for what was handed in and a key. */
export class Desk {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async set(files: Readonly<Record<string, string | Buffer>>): Promise<Desk> {
    const folder = await mkdtemp(join(tmpdir(), "descent-grade-"));
    rooms.push(folder);
    const desk = new Desk(folder);
    await writeFiles(join(folder, "work"), files);
    await writeFile(join(folder, "key.txt"), `${KEY}\n`);
    return desk;
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  read(...names: string[]): Promise<string> {
    return readFile(this.path(...names), "utf8");
  }

  async report(out = "out"): Promise<Report> {
    return JSON.parse(await this.read(out, "report.json")) as Report;
  }

  async run(args: string[] = [], surroundings: Surroundings = {}): Promise<Ran> {
    const lines: string[] = [];
    const complaints: string[] = [];
    const given = (name: string) => args.includes(`--${name}`);
    const code = await grade(
      [
        ...(given("lesson") ? [] : ["--lesson", fileURLToPath(lessonFolder)]),
        ...(given("submissions") ? [] : ["--submissions", "work"]),
        ...(given("out") ? [] : ["--out", "out"]),
        ...(given("key") ? [] : ["--key", "key.txt"]),
        ...args,
      ],
      { folder: this.folder, print: (line) => lines.push(line), complain: (line) => complaints.push(line) },
      { startHost, now: () => new Date("2026-12-01T10:00:00Z"), ...surroundings },
    );
    return { code, lines, complaints };
  }
}

/** Where CI is set nothing less than bubblewrap will do. */
export function startHost(options: IsolatedHostOptions): Promise<IsolatedHost> {
  return createIsolatedHost({
    ...options,
    ...(process.env["CI"] === undefined ? {} : { require: "bubblewrap" }),
  });
}

/** A report without its times, as text. */
export function timeless(report: Report): string {
  return JSON.stringify(
    report,
    (key, value: unknown) => (key === "durationMs" || key === "finishedAt" ? 0 : value),
    2,
  );
}

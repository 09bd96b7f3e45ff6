// An author at a terminal: a folder of their own, the commands, and what they print.
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { check } from "../../../src/cli/check.ts";
import type { Processes } from "../../../src/cli/index.ts";
import type { Terminal } from "../../../src/cli/terminal.ts";

export interface Printed {
  code: number;
  lines: string[];
  complaints: string[];
}

export type Command = (args: readonly string[], terminal: Terminal) => Promise<number>;

export function fixtureFolder(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

export class Author {
  readonly folder: string;
  readonly #processes: Processes;

  private constructor(folder: string, processes: Processes) {
    this.folder = folder;
    this.#processes = processes;
  }

  /** @param processes that whoever makes them ends */
  static async make(processes: Processes): Promise<Author> {
    return new Author(await mkdtemp(join(tmpdir(), "descent-author-")), processes);
  }

  async write(path: string, text: string): Promise<void> {
    const file = join(this.folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  /** A fixture's folder, as a chapter of this name. */
  async copy(fixture: string, name = fixture): Promise<void> {
    await cp(fixtureFolder(fixture), join(this.folder, name), { recursive: true });
  }

  async run(command: Command, ...args: string[]): Promise<Printed> {
    const lines: string[] = [];
    const complaints: string[] = [];
    const code = await command(args, {
      folder: this.folder,
      print: (text) => lines.push(...text.split("\n")),
      complain: (text) => complaints.push(...text.split("\n")),
    });
    return { code, lines, complaints };
  }

  /** `check`, with results kept in the author's folder. */
  check(...args: string[]): Promise<Printed> {
    const parts = { processes: this.#processes, cacheFolder: join(this.folder, ".cache") };
    return this.run((given, terminal) => check(given, terminal, parts), ...args);
  }

  async leave(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}

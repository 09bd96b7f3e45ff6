// An author at work: a course in a folder of its own, the development server over it, and everything it says in the terminal.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, createLogger, createServer, type InlineConfig, type Logger, type ViteDevServer } from "vite";
import { descentSite } from "../../../src/site/plugin.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

export class AuthorsCourse {
  /** The folder with `course.yaml`. */
  readonly folder: string;
  /** What the server has said in the terminal. */
  readonly terminal: string[] = [];
  readonly #logger: Logger;
  #server: ViteDevServer | null = null;

  private constructor(folder: string) {
    this.folder = folder;
    const keep = (message: string) => void this.terminal.push(message);
    this.#logger = { ...createLogger("silent"), info: () => {}, warn: keep, error: keep };
  }

  static async make(files: Record<string, string>): Promise<AuthorsCourse> {
    const course = new AuthorsCourse(await mkdtemp(join(tmpdir(), "descent-course-")));
    for (const [path, text] of Object.entries(files)) await course.write(path, text);
    return course;
  }

  async write(path: string, text: string): Promise<void> {
    const file = join(this.folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  async remove(path: string): Promise<void> {
    await rm(join(this.folder, path), { recursive: true });
  }

  /** Changes words of a file, which must be there to be changed. */
  async edit(path: string, ...changes: [from: string, to: string][]): Promise<void> {
    let text = await readFile(join(this.folder, path), "utf8");
    for (const [from, to] of changes) {
      if (!text.includes(from)) throw new Error(`${path} does not say: ${from}`);
      text = text.replace(from, () => to);
    }
    await this.write(path, text);
  }

  /** Starts the development server; resolves to the address of the course page. */
  async serve(): Promise<string> {
    const server = await createServer({
      ...this.#config(),
      // Apart from that of whoever develops in the same folder meanwhile.
      cacheDir: join(root, "node_modules/.vite-authoring"),
      // The author changes lessons; whoever changes the program meanwhile must not reload the author's page.
      server: { host: "127.0.0.1", port: 0, watch: { ignored: [join(root, "src/**")] } },
    });
    this.#server = server;
    await server.listen();
    return `http://127.0.0.1:${(server.httpServer!.address() as AddressInfo).port}/`;
  }

  /** Builds the site into a folder beside the course. */
  async build(): Promise<string> {
    const outDir = join(this.folder, "site");
    await build({ ...this.#config(), build: { outDir, reportCompressedSize: false } });
    return outDir;
  }

  async dispose(): Promise<void> {
    await this.#server?.close();
    await rm(this.folder, { recursive: true });
  }

  #config(): InlineConfig {
    return {
      root,
      configFile: false,
      base: "./",
      customLogger: this.#logger,
      logLevel: "warn",
      plugins: [descentSite({ lessons: this.folder })],
    };
  }
}

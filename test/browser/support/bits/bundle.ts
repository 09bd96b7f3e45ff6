// The program with the engine in one file, for engines of JavaScript that know nothing of this project, and the page on
// which a browser runs it in a worker, as lessons do, and posts back what came out.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build, type Rolldown } from "vite";

const local = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** An ES module that exports `bits`. */
export async function bundleProgram(): Promise<string> {
  const result = (await build({
    configFile: false,
    logLevel: "error",
    resolve: { alias: { descent: local("../../../../src/engine/index.ts") } },
    build: {
      write: false,
      rolldownOptions: { input: local("program.ts"), preserveEntrySignatures: "strict" },
    },
  })) as Rolldown.RolldownOutput;
  return result.output[0].code;
}

const page = `<!doctype html><title>bits</title><script type="module">
const worker = new Worker("worker.js", { type: "module" });
const post = (text) => fetch("result", { method: "POST", body: text });
worker.onmessage = ({ data }) => post(data);
worker.onerror = (event) => post("failed: " + event.message);
</script>`;

const worker = `try {
  const { bits } = await import("./bits.js");
  postMessage(bits());
} catch (error) {
  postMessage("failed: " + error);
}`;

export interface BitsPage {
  /** Where a browser finds it, on the loopback. */
  url: string;
  /** What the page posts once the program has run. */
  result: Promise<string>;
  close(): Promise<void>;
}

/** Serves the page to one browser. */
export async function hostProgram(program: string): Promise<BitsPage> {
  const files: Record<string, [type: string, body: string]> = {
    "/": ["text/html", page],
    "/worker.js": ["text/javascript", worker],
    "/bits.js": ["text/javascript", program],
  };
  let tell: (text: string) => void;
  const result = new Promise<string>((resolve) => {
    tell = resolve;
  });
  const server = createServer((request, response) => {
    if (request.method === "POST") {
      let text = "";
      request.setEncoding("utf8");
      request.on("data", (part: string) => {
        text += part;
      });
      request.on("end", () => {
        response.end();
        tell(text);
      });
      return;
    }
    const file = files[request.url ?? ""];
    if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": `${file[0]}; charset=utf-8` }).end(file[1]);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    result,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

// A small site on the loopback for tests of the sandbox, and a second listener that hears every request which
// escapes from it.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { partPages } from "./engine-parts.ts";
import { buildSandbox, sandboxPage } from "../../../src/site/sandbox/index.ts";

export interface SandboxSite {
  /** Address of the page, with a slash at its end. */
  page: string;
  /** Address that no sandboxed code may reach, without a slash at its end. */
  listener: string;
  /** Paths that the listener was asked for. */
  heard: string[];
  /** Paths that the site was asked for. */
  asked: string[];
  /** The text of `sandbox.html`. */
  sandbox: string;
  close(): Promise<void>;
}

const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "frame-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** A worker without any hardening, which evaluates what it is sent: what is left is the policy alone. */
const rawWorker = `
addEventListener("message", (event) => {
  const port = event.ports[0];
  const AsyncFunction = (async () => {}).constructor;
  port.onmessage = async ({ data }) => {
    try { port.postMessage({ done: await new AsyncFunction("port", data)(port) }); }
    catch (error) { port.postMessage({ failed: String(error) }); }
  };
}, { once: true });
`;

export async function openSandboxSite(): Promise<SandboxSite> {
  const [sandbox, script, boot] = await Promise.all([
    buildSandbox(),
    bundle("test/browser/support/sandbox-page.ts"),
    bundle("src/site/sandbox/boot.ts"),
  ]);
  const raw = sandboxPage(boot, rawWorker);
  const pages = new Map<string, { type: string; body: string; policy?: string }>([
    ["/", { type: "text/html", body: pageHtml, policy: pagePolicy }],
    ["/page.js", { type: "text/javascript", body: script }],
    ["/sandbox.html", { type: "text/html", body: sandbox.page }],
    ...partPages(sandbox.parts),
    ["/raw.html", { type: "text/html", body: raw }],
    ["/control.html", { type: "text/html", body: withoutPolicy(raw) }],
    [
      "/unsandboxed.html",
      { type: "text/html", body: '<!doctype html><iframe src="./sandbox.html"></iframe>' },
    ],
    ["/secret.txt", { type: "text/plain", body: "only for the site itself" }],
  ]);
  const asked: string[] = [];
  const site = createServer((request, response) => {
    const path = request.url ?? "/";
    asked.push(path);
    const page = pages.get(path);
    if (!page) return response.writeHead(404).end();
    const headers: Record<string, string> = { "content-type": `${page.type}; charset=utf-8` };
    if (page.policy) headers["content-security-policy"] = page.policy;
    return response.writeHead(200, headers).end(page.body);
  });
  const heard: string[] = [];
  const listener = createServer((request, response) => {
    heard.push(request.url ?? "");
    const type = /\.json/.test(request.url ?? "") ? "application/json" : "text/javascript";
    response.writeHead(200, { "access-control-allow-origin": "*", "content-type": type }).end("0");
  });
  listener.on("upgrade", (request, socket) => {
    heard.push(request.url ?? "");
    socket.destroy();
  });
  const [sitePort, listenerPort] = await Promise.all([listen(site), listen(listener)]);
  return {
    page: `http://127.0.0.1:${sitePort}/`,
    listener: `http://127.0.0.1:${listenerPort}`,
    heard,
    asked,
    sandbox: sandbox.page,
    close: async () => {
      await Promise.all([close(site), close(listener)]);
    },
  };
}

const pageHtml = `<!doctype html><html lang="en"><title>Sandbox</title>
<body><p id="secret">of the page</p><script src="./page.js"></script></body></html>`;

function withoutPolicy(html: string): string {
  const open = html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "");
  if (open === html) throw new Error("The sandbox page has no policy to take away.");
  return open;
}

export async function bundle(entry: string): Promise<string> {
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  const result = await build({
    configFile: false,
    logLevel: "warn",
    root,
    build: {
      write: false,
      target: "es2023",
      modulePreload: false,
      rolldownOptions: { input: `${root}/${entry}`, output: { format: "iife" } },
    },
  });
  const outputs = Array.isArray(result) ? result : [result];
  const [chunk] = outputs.flatMap((output) => ("output" in output ? output.output : []));
  if (chunk?.type !== "chunk") throw new Error(`${entry} gives no script.`);
  return chunk.code;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });
}

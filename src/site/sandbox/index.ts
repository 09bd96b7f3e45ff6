// Builds `sandbox.html`: one page with the boot script, the worker's program as inert text, and a policy that
// allows neither of them any network. It is written by the site's build and made on request while developing.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Bundle, bundleScript } from "../../runtime/node.ts";

let cached: { files: readonly string[]; digest: string; page: string } | null = null;

/** The sandbox page as HTML. A second call builds again only when a source file has changed. */
export async function buildSandbox(): Promise<string> {
  if (cached && (await digestOf(cached.files)) === cached.digest) return cached.page;
  const [boot, worker] = await Promise.all([bundle("boot.ts"), bundle("worker-entry.ts")]);
  const page = sandboxPage(boot.code, worker.code);
  const files = [...new Set([...boot.files, ...worker.files])];
  cached = { files, digest: await digestOf(files), page };
  return page;
}

/** Changes when one of the files does, or goes. */
async function digestOf(files: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const file of files) hash.update(await readFile(file).catch(() => "missing"));
  return hash.digest("hex");
}

/** A classic script with everything it needs inside, minified. */
function bundle(entry: string): Promise<Bundle> {
  return bundleScript(fileURLToPath(new URL(entry, import.meta.url)), { names: false });
}

/**
 * The page around the two programs.
 *
 * The policy is the first element of the page's head, so that nothing stands outside it: one script, known by its hash;
 * workers only from what that script makes; no connection of any kind; `unsafe-eval` for cells, which run in
 * the worker, that inherits all of this.
 */
export function sandboxPage(boot: string, worker: string): string {
  const script = inert(boot);
  const hash = createHash("sha256").update(script).digest("base64");
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash}' 'unsafe-eval' 'wasm-unsafe-eval'`,
    "worker-src blob: data:",
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta charset="utf-8">
<title>Sandbox</title>
</head>
<body>
<script type="text/plain" id="kernel">${inert(worker)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** Code that means the same but holds nothing that would end or confuse the script element around it. */
function inert(code: string): string {
  return code.replaceAll(/<\/(script)/gi, String.raw`<\/$1`).replaceAll("<!--", String.raw`<\!--`);
}

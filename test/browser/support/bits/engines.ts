// Engines of JavaScript other than this process and Chromium, found where systems install them, and how each of them is
// made to run the program. None of them is needed to work on the project; continuous integration has them all.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { accessSync, constants, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { hostProgram } from "./bundle.ts";

/** So long may an engine take, its own start included. */
const LIMIT = 60_000;

export interface Engine {
  name: string;
  /** Path of its program, or null where it is not installed. */
  find(): string | null;
  /** One line for somebody who would like to have it. */
  advice: string;
  /** What the program gives there. */
  run(path: string, program: string): Promise<string>;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

const onPath = (names: readonly string[]): string[] =>
  (process.env["PATH"] ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));

/** The path that a variable of the environment names, else the first of these that can be run. */
function firstOf(variable: string, candidates: () => readonly string[]): string | null {
  const named = process.env[variable];
  if (named !== undefined && named !== "") {
    if (isExecutable(named)) return named;
    throw new Error(`${variable} names ${named}, which cannot be run.`);
  }
  return candidates().find(isExecutable) ?? null;
}

async function inTemporaryFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "descent-bits-"));
  try {
    return await body(folder);
  } finally {
    // A browser that was just ended may still be writing to its profile.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** Starts a program in a group of its own, so that it ends with all it has started. */
function start(
  path: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { child: ChildProcess; said: () => string } {
  const child = spawn(path, args, {
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let said = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-2000);
  });
  return { child, said: () => said };
}

async function stop(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => {
    child.once("exit", resolve);
  });
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
  await ended;
}

/** Opens the page in a browser and waits for what it posts. */
async function runInBrowser(
  name: string,
  path: string,
  program: string,
  args: (url: string) => readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const page = await hostProgram(program);
  const { child, said } = start(path, args(page.url), env);
  let timer: NodeJS.Timeout | undefined;
  const failure = new Promise<never>((_, reject) => {
    const fail = (what: string) =>
      reject(new Error(`${name} (${path}) ${what}. It said: ${said() || "nothing"}`));
    child.once("error", (error) => fail(`did not start: ${error.message}`));
    child.once("exit", (code) => fail(`ended with code ${code} before the program had run`));
    timer = setTimeout(() => fail(`gave no answer within ${LIMIT / 1000} s`), LIMIT);
  });
  try {
    return await Promise.race([page.result, failure]);
  } finally {
    clearTimeout(timer);
    await stop(child);
    await page.close();
  }
}

const majorOf = (path: string): string => {
  try {
    return execFileSync(path, ["--version"], { encoding: "utf8" }).trim().split(".")[0]!;
  } catch {
    return "";
  }
};

/** Where `npm install --prefix .cache/engines` puts what it installs. */
const installed = fileURLToPath(new URL("../../../../.cache/engines/node_modules", import.meta.url));

/** A Node of another major version than this one: another V8. */
const otherNode: Engine = {
  name: "another Node",
  advice:
    "No Node of another major version found: npm install --no-save --prefix .cache/engines node@26, or set OTHER_NODE to one.",
  find: () =>
    firstOf("OTHER_NODE", () =>
      [...list(installed).map((folder) => join(folder, "bin", "node")), ...onPath(["node", "nodejs"])].filter(
        (path) => isExecutable(path) && ![process.version.split(".")[0], ""].includes(majorOf(path)),
      ),
    ),
  run: (path, program) =>
    inTemporaryFolder((folder) => {
      writeFileSync(join(folder, "bits.mjs"), program);
      writeFileSync(join(folder, "run.mjs"), `import { bits } from "./bits.mjs";\nconsole.log(bits());\n`);
      const printed = execFileSync(path, [join(folder, "run.mjs")], { encoding: "utf8", timeout: LIMIT });
      return Promise.resolve(printed.trim());
    }),
};

/** No questions at the first start, nothing asked of the network. */
const firefoxSettings = `
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("browser.aboutwelcome.enabled", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("toolkit.telemetry.reportingpolicy.firstRun", false);
user_pref("app.update.enabled", false);
user_pref("app.normandy.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "data:,");
`;

/** SpiderMonkey. */
const firefox: Engine = {
  name: "Firefox",
  advice: "No Firefox found: install it (Debian: apt-get install firefox-esr) or set FIREFOX_PATH to one.",
  find: () =>
    firstOf("FIREFOX_PATH", () => [
      ...onPath(["firefox-esr", "firefox"]),
      "/Applications/Firefox.app/Contents/MacOS/firefox",
      "C:\\Program Files\\Mozilla Firefox\\firefox.exe",
    ]),
  run: (path, program) =>
    inTemporaryFolder((profile) => {
      writeFileSync(join(profile, "user.js"), firefoxSettings);
      return runInBrowser("Firefox", path, program, (url) => [
        "--headless",
        "--no-remote",
        "--profile",
        profile,
        url,
      ]);
    }),
};

/** The number of a new virtual display, once it can be used. */
function displayNumber(child: ChildProcess, said: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdio[3]!.on("data", (text: Buffer) => resolve(String(text).trim()));
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`Xvfb did not start. It said: ${said()}`)));
  });
}

/** JavaScriptCore, Safari's engine, in WebKitGTK's own small browser. */
const webkit: Engine = {
  name: "WebKitGTK",
  advice:
    "No WebKitGTK found: on Debian, apt-get install libwebkit2gtk-4.1-0 xvfb, or set MINIBROWSER_PATH to its MiniBrowser.",
  find: () => {
    const browser = firstOf("MINIBROWSER_PATH", () =>
      ["/usr/lib", ...list("/usr/lib"), "/usr/libexec"]
        .flatMap(list)
        .filter((folder) => /webkit(2gtk|gtk)-[\d.]+$/.test(folder))
        .map((folder) => join(folder, "MiniBrowser")),
    );
    return onPath(["Xvfb"]).some(isExecutable) ? browser : null;
  },
  run: (path, program) =>
    inTemporaryFolder(async (folder) => {
      const screen = start("Xvfb", ["-displayfd", "3", "-screen", "0", "800x600x24", "-nolisten", "tcp"]);
      try {
        const env = {
          DISPLAY: `:${await displayNumber(screen.child, screen.said)}`,
          HOME: folder,
          XDG_RUNTIME_DIR: folder,
          GDK_BACKEND: "x11",
          // A virtual display has no graphics card.
          WEBKIT_DISABLE_COMPOSITING_MODE: "1",
        };
        return await runInBrowser("WebKitGTK", path, program, (url) => ["--private", url], env);
      } finally {
        await stop(screen.child);
      }
    }),
};

export const engines: readonly Engine[] = [otherNode, firefox, webkit];

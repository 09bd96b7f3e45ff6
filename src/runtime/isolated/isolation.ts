// The command lines under which a kernel's process runs: Deno without any permission, inside bubblewrap where that
// works. Which of them works here is found out by trying, not by guessing.
import { execFileSync } from "node:child_process";
import { realpathSync } from "node:fs";

/** What stands between a program and this machine. */
export type IsolationKind =
  /** Namespaces of its own with nothing in them but Deno and the program; and Deno without permissions. */
  | "bubblewrap"
  /** Deno without permissions alone. */
  | "deno";

export interface ProcessLimits {
  /** Most bytes that a process may have in memory. */
  memoryBytes: number;
  /** Seconds of computing after which the system ends a process, in case nobody else does; none when left out. */
  cpuSeconds?: number;
}

export interface CommandLine {
  file: string;
  args: string[];
  env: Record<string, string>;
}

/** Neither network nor cache, nor any file but the script. There is nobody to ask for a permission. */
const denoFlags = [
  "run",
  "--no-prompt",
  "--no-remote",
  "--no-npm",
  "--cached-only",
  "--no-config",
  "--no-lock",
  "--no-check",
  "--no-code-cache",
  "--quiet",
];

/**
 * Deno wants a folder for its caches, `localStorage` among them, which would carry data from one answer to the next.
 * It gets a path below a file, where no folder can ever be.
 */
function environment(script: string): Record<string, string> {
  return { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", DENO_DIR: `${script}/none` };
}

const nobody = "65534";
const MIB = 1024 * 1024;

/** How to run a script of Deno's in the given isolation. Throws where the isolation cannot be had at all. */
export function isolatedCommand(
  kind: IsolationKind,
  paths: { deno: string; script: string },
  limits: ProcessLimits,
): CommandLine {
  const heap = `--v8-flags=--max-old-space-size=${Math.ceil(limits.memoryBytes / MIB)}`;
  if (kind === "deno") {
    return withLimits([paths.deno, ...denoFlags, heap, paths.script], environment(paths.script), limits);
  }
  const program = [
    // No network, no other process, no user, no shared memory.
    "--unshare-all",
    "--cap-drop",
    "ALL",
    "--uid",
    nobody,
    "--gid",
    nobody,
    // Whatever ends this process ends the one inside, and with it everything it has started.
    "--die-with-parent",
    "--clearenv",
    ...Object.entries(environment("/boot.js")).flatMap(([name, value]) => ["--setenv", name, value]),
    ...librariesOf(paths.deno).flatMap((library) => ["--ro-bind", realpathSync(library), library]),
    "--ro-bind",
    realpathSync(paths.deno),
    "/deno",
    "--ro-bind",
    realpathSync(paths.script),
    "/boot.js",
    // The file system holds what stands above and takes nothing more. /proc is not in it.
    "--remount-ro",
    "/",
    "--chdir",
    "/",
  ];
  return withLimits(
    ["bwrap", ...program, "/deno", ...denoFlags, heap, "/boot.js"],
    { PATH: process.env["PATH"] ?? "/usr/bin:/bin" },
    limits,
  );
}

/**
 * A shell sets the system's own limits and becomes the program. That on memory is a backstop for what grows faster than
 * it can be watched, and generous: it counts what Deno only reserves, too.
 */
function withLimits(command: string[], env: Record<string, string>, limits: ProcessLimits): CommandLine {
  const [file, ...args] = command as [string, ...string[]];
  if (process.platform === "win32") return { file, args, env };
  const kibibytes = Math.ceil((2 * limits.memoryBytes + 512 * MIB) / 1024);
  const settings = [`ulimit -c 0`, `ulimit -d ${kibibytes} 2>/dev/null`];
  if (limits.cpuSeconds !== undefined) settings.push(`ulimit -t ${Math.ceil(limits.cpuSeconds)}`);
  return { file: "/bin/sh", args: ["-c", `${settings.join("; ")}; exec "$@"`, "sh", ...command], env };
}

const knownLibraries = new Map<string, string[]>();

/** The shared libraries that a binary needs, as the system's loader finds them. */
function librariesOf(binary: string): string[] {
  let libraries = knownLibraries.get(binary);
  if (libraries === undefined) {
    const listed = execFileSync("ldd", [binary], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    libraries = [...new Set(listed.match(/(?<=^\s|=> )\/\S+/gm) ?? [])];
    knownLibraries.set(binary, libraries);
  }
  return libraries;
}

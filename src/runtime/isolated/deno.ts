// Where Deno is: the binary that the npm package `deno` brings for this platform. Its install script, which only makes
// the `deno` command, need not have run.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export class IsolationError extends Error {
  override name = "IsolationError";
}

/** The binary's absolute path. Throws `IsolationError` where the platform has none. */
export function findDeno(): string {
  const { platform, arch } = process;
  const target = `${platform}-${arch}${platform === "linux" ? "-glibc" : ""}`;
  const require = createRequire(import.meta.url);
  try {
    const deno = createRequire(require.resolve("deno/package.json"));
    const folder = dirname(deno.resolve(`@deno/${target}/package.json`));
    return join(folder, platform === "win32" ? "deno.exe" : "deno");
  } catch {
    throw new IsolationError(
      `Deno, which runs students' code, is not installed for ${target}: run \`npm ci\` (without --omit=optional) on Linux with glibc, macOS or Windows.`,
    );
  }
}

// Which folder of lessons a command means when no path is given.
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The lessons of this repository, unless the environment names another folder: `LESSONS=../department/lessons`. */
export function courseFolder(relativeTo: string): string {
  const named = process.env["LESSONS"];
  return named === undefined || named === ""
    ? fileURLToPath(new URL("../../lessons", import.meta.url))
    : resolve(relativeTo, named);
}

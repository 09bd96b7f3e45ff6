// How people are told which file is meant.
import { relative, sep } from "node:path";

/** Names files as seen from a folder, and whole where that would be a long way up. */
export function namesFrom(folder: string): (file: string) => string {
  return (file) => {
    const name = relative(folder, file).split(sep).join("/");
    return name.startsWith("../../..") ? file : name || ".";
  };
}

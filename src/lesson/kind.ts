// The `kind:` of a quiz or a prediction, read before the rest: it says which settings there may be.
import type { Fence } from "./fence.ts";
import { type Problems, suggest } from "./problems.ts";

/** The kind that a fence's YAML names; notes a problem and gives `null` where it names none of the known ones. */
export function readKind<K extends string>(
  fence: Fence,
  what: string,
  kinds: readonly K[],
  problems: Problems,
): K | null {
  const found = /^kind:[ \t]*["']?(?<kind>[\w-]*)/m.exec(fence.body);
  if (found === null) {
    problems.at(fence.infoStart, "“kind” is missing", `write kind: ${kinds.join(", ")}`);
    return null;
  }
  const named = found.groups?.["kind"] ?? "";
  const kind = kinds.find((candidate) => candidate === named);
  if (kind === undefined)
    problems.at(
      fence.bodyStart + found.index,
      `The kind of ${what} “${named}” is not known`,
      suggest(named, kinds),
    );
  return kind ?? null;
}

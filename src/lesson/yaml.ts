// YAML settings checked against a schema; each mistake is placed at the node that is wrong.
import * as v from "valibot";
import { isMap, isNode, isScalar, parseDocument, type Document } from "yaml";
import { type Problems, suggest } from "./problems.ts";

type Path = readonly (string | number)[];

/** A strict object, so that an unknown key is an error and not a setting that does nothing. */
export type SettingsSchema = v.StrictObjectSchema<v.ObjectEntries, undefined>;

export interface YamlSettings<T> {
  value: T;
  /** Offset in the file of what stands at a path, or of its nearest parent. */
  offsetOf: (path: Path) => number;
}

/** Reads a YAML mapping whose text begins at `offset` of the file. */
export function readYaml<S extends SettingsSchema>(
  body: string,
  offset: number,
  schema: S,
  problems: Problems,
): YamlSettings<v.InferOutput<S>> | null {
  const document = parseDocument(body, { prettyErrors: false });
  for (const error of document.errors) problems.at(offset + error.pos[0], `YAML: ${error.message}`);
  if (document.errors.length > 0) return null;
  if (!isMap(document.contents)) {
    const first = Object.keys(schema.entries)[0] ?? "key";
    problems.at(offset, "Settings are expected here, one `key: value` a line", `write ${first}: …`);
    return null;
  }
  const offsetOf = (path: Path) => offset + nodeOffset(document, body, path);
  const parsed = v.safeParse(schema, document.toJS());
  if (parsed.success) return { value: parsed.output, offsetOf };
  for (const issue of parsed.issues) {
    const path = (issue.path ?? []).map((item) => item.key as string | number);
    const key = String(path.at(-1) ?? "");
    if (issue.expected === "never") {
      problems.at(
        offset + keyOffset(document, body, path),
        `“${key}” is not known here`,
        suggest(key, keysAt(schema, path.slice(0, -1))),
      );
    } else if (issue.received === "undefined") {
      problems.at(offsetOf(path.slice(0, -1)), `“${key}” is missing`, `write ${key}: …`);
    } else if (issue.kind === "validation") {
      problems.at(offsetOf(path), `“${path.join(".")}”: ${issue.message}`);
    } else {
      problems.at(
        offsetOf(path),
        `“${path.join(".")}” must be ${describe(issue.expected)}, not ${issue.received}`,
      );
    }
  }
  return null;
}

function nodeOffset(document: Document, body: string, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (!isNode(node) || !node.range) continue;
    const isBlock = isScalar(node) && (node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED");
    return isBlock ? blockTextStart(body, node.range[0]) : node.range[0];
  }
  return 0;
}

function keyOffset(document: Document, body: string, path: Path): number {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const pair = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
    : undefined;
  return isScalar(pair?.key) && pair.key.range ? pair.key.range[0] : nodeOffset(document, body, path);
}

/** A block scalar's text begins on the line after its `|`, at its first character that is not a space. */
function blockTextStart(body: string, indicator: number): number {
  const lineEnd = body.indexOf("\n", indicator);
  const text = /\S/.exec(body.slice(Math.max(lineEnd, 0)));
  return lineEnd === -1 || text === null ? indicator : lineEnd + text.index;
}

/** The keys that a schema knows at a path. */
function keysAt(schema: unknown, path: Path): string[] {
  const node = schema as {
    type?: string;
    entries?: Record<string, unknown>;
    item?: unknown;
    wrapped?: unknown;
  };
  if (node.wrapped !== undefined) return keysAt(node.wrapped, path);
  const [first, ...rest] = path;
  if (first === undefined) return Object.keys(node.entries ?? {});
  return keysAt(node.type === "array" ? node.item : (node.entries?.[String(first)] ?? {}), rest);
}

function describe(expected: string | null): string {
  const names: Record<string, string> = {
    string: "a text (put it in quotes)",
    number: "a number",
    boolean: "true or false",
    Array: "a list",
    Object: "settings",
  };
  return names[expected ?? ""] ?? expected ?? "something else";
}

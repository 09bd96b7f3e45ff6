// The fixture cells: TypeScript as a reader would write it, each with the value it must give (`//= …`, as JSON) and,
// for some, the names it must leave (`//: …`).
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { BODY_PREFIX, type CompiledCell, type Program } from "../../../src/runtime/index.ts";

export interface FixtureCell {
  name: string;
  source: string;
  value: unknown;
  names: Record<string, unknown>;
}

const folder = fileURLToPath(new URL("./fixtures/", import.meta.url));

export const fixtureCells: FixtureCell[] = readdirSync(folder)
  .filter((file) => file.endsWith(".cell"))
  .map((file) => {
    const text = readFileSync(folder + file, "utf8");
    const expected = /^\/\/= (.*)$/m.exec(text)?.[1];
    if (expected === undefined) throw new Error(`${file} does not say what it gives`);
    return {
      name: file.replace(/\.cell$/, ""),
      source: text.slice(0, text.indexOf("//= ")),
      value: expected === "undefined" ? undefined : JSON.parse(expected),
      names: JSON.parse(/^\/\/: (.*)$/m.exec(text)?.[1] ?? "{}") as Record<string, unknown>,
    };
  });

const tensor = (data: number[]) => ({ data });
const modules: Record<string, Record<string, unknown>> = {
  descent: { tensor },
  "descent/lesson": {
    plot: () => undefined,
    line: (mark: object) => mark,
    slider: ({ value }: { value: number }) => value,
  },
  "./table.json": { default: { ratio: 0.5 } },
  "./rows.csv": { default: [{}, {}] },
};

type Body = (...values: unknown[]) => Promise<[unknown, Record<string, () => unknown>]>;
const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => Body;

/** Runs a program as a kernel would, with small stand-ins for the modules. */
export async function evaluate(program: Program, given: Record<string, unknown> = {}) {
  const scope = new Map<string, unknown>(Object.entries(given));
  for (const { local, imported, from } of program.imports) {
    const module = modules[from];
    if (!module || (imported !== "*" && !(imported in module))) throw new Error(`no ${imported} in ${from}`);
    scope.set(local, imported === "*" ? module : module[imported]);
  }
  const run = new AsyncFunction(...scope.keys(), BODY_PREFIX + program.body);
  const [value, getters] = await run(...scope.values());
  return { value, getters };
}

export function programOf(compiled: CompiledCell): Program {
  if (!compiled.ok) throw new Error(`${compiled.error.message} ${JSON.stringify(compiled.error.place)}`);
  return compiled.program;
}

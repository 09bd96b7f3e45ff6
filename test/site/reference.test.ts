// The API reference: what is read from the engine's source, how its pages hang together, and that nothing public is left unsaid.
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatProblem, type LessonProblem } from "../../src/lesson/index.ts";
import { renderReferenceIndex } from "../../src/site/pages/reference-index.ts";
import { renderReferencePage } from "../../src/site/pages/reference.ts";
import { readNamespaces } from "../../src/site/reference/extract.ts";
import { entriesOf, type Group, groupsOf } from "../../src/site/reference/groups.ts";
import type { Entry } from "../../src/site/reference/model.ts";
import { type IntroducedGroup, Reference } from "../../src/site/reference/reference.ts";
import { layOut } from "../../src/site/reference/signature-view.ts";
import { renderers } from "../../src/site/renderers.ts";
import { course, files } from "./sample-lesson.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));

describe("what is read from a module", () => {
  let groups: Group[];
  const entry = (path: string): Entry => {
    const found = groups.flatMap(entriesOf).find((one) => one.path === path);
    if (found === undefined) throw new Error(`There is no ${path}.`);
    return found;
  };
  const signatures = (path: string) => entry(path).signatures.map(({ text }) => text);

  beforeAll(() => {
    const face = fileURLToPath(new URL("fixtures/face/index.ts", import.meta.url));
    groups = groupsOf(
      readNamespaces(face, here),
      relative(here, new URL("fixtures/face", import.meta.url).pathname),
    );
  });

  it("makes a page of each namespace, and has every exported name once", () => {
    expect(
      groups.map(({ id, sections }) => [
        id,
        sections.flatMap(({ entries }) => entries.map(({ path }) => path)),
      ]),
    ).toEqual([
      ["tensor", ["settle"]],
      ["shapes", ["Valley", "shapes.Ridge", "shapes.depth", "ValleyOptions"]],
    ]);
    expect(entry("Valley").aliases).toEqual(["shapes.Valley"]);
  });

  it("has every overload and not what implements them", () => {
    expect(signatures("settle")).toEqual([
      "settle(start: number, rate?: number): number[]",
      "settle(start: readonly number[], rate?: number): number[]",
    ]);
  });

  it("has docstrings with what they say of parameters, results and errors", () => {
    const { doc, signatures } = entry("settle");
    expect(doc.text).toMatch(/^Rolls down until nothing moves/);
    expect(signatures[0]!.parameters.map(({ text }) => text)).toEqual([
      "where to begin",
      "the length of a step",
    ]);
    expect(doc.tags).toContainEqual({ name: "returns", text: "the heights on the way" });
    expect(doc.tags).toContainEqual({ name: "throws", text: "RangeError if the rate is not positive" });
  });

  it("writes a class as it is made, with the fields of its options, also where the constructor is inherited", () => {
    expect(signatures("Valley")).toEqual(["new Valley(options: ValleyOptions = {})"]);
    expect(signatures("shapes.Ridge")).toEqual(["new shapes.Ridge(options: ValleyOptions = {})"]);
    expect(entry("Valley").signatures[0]!.parameters[0]!.fields).toMatchObject([
      { name: "height", type: "number", optional: true, text: "Metres above the sea. Default 0." },
    ]);
  });

  it("has members that are public, with those of a base that is not, and knows a base that is", () => {
    expect(entry("Valley").members.map(({ path }) => path)).toEqual([
      "Valley.height",
      "Valley.flat",
      "Valley.lowered",
      "Valley.name",
    ]);
    expect(entry("Valley").base).toBeNull();
    expect(entry("shapes.Ridge")).toMatchObject({ base: "Valley", members: [] });
  });

  it("shows how a static and another method are called, and defaults that do not show their type with it", () => {
    expect(signatures("Valley.flat")).toEqual(["Valley.flat(): Valley"]);
    expect(signatures("Valley.lowered")).toEqual(["lowered(by = 1): Valley"]);
    expect(signatures("shapes.depth")).toEqual([
      'shapes.depth(valley: Valley, unit: "m" | "km" = "m"): number',
    ]);
  });

  it("divides a page as the source is divided", () => {
    expect(groups[1]!.sections.map(({ title }) => title)).toEqual([
      "The shapes (in order)",
      "Functions",
      "Types",
    ]);
  });
});

describe("a long signature", () => {
  it("has a line for each parameter, whatever stands inside them", () => {
    const text =
      "f(visit: (module: Module, at: number) => void, options: { a?: number; b?: [number, number] } = {}): Map<string, Tensor>";
    expect(layOut(text).split("\n")).toEqual([
      "f(",
      "  visit: (module: Module, at: number) => void,",
      "  options: { a?: number; b?: [number, number] } = {},",
      "): Map<string, Tensor>",
    ]);
  });
});

describe("the reference of the engine", () => {
  const reference = new Reference({ root });
  let groups: IntroducedGroup[];
  let problems: LessonProblem[];
  const pages = new Map<string, string>();

  beforeAll(async () => {
    const introduced = await reference.introduced(course);
    ({ groups, problems } = introduced);
    for (const group of groups)
      pages.set(
        group.group.folder,
        renderReferencePage({ course, group, groups, renderers }, { ...files, root: "../../" }),
      );
    pages.set("", renderReferenceIndex({ course, groups }, files));
  }, 60_000);
  afterAll(() => reference.dispose());

  it("has introductions without mistakes", () => {
    expect(problems.map(formatProblem)).toEqual([]);
  });

  it("finds a docstring on every public name", async () => {
    expect(await reference.undocumented()).toEqual([]);
  });

  it("has an introduction for every group", async () => {
    // Write one in the format of a lesson: title, summary (the introduction), and an example that runs.
    expect(await reference.missing()).toEqual([]);
  });

  it("has an example on every page", () => {
    const without = groups.filter(({ introduction }) => introduction.notebook.blocks.length === 0);
    expect(without.map(({ group }) => group.folder)).toEqual([]);
  });

  it("has an anchor for every name, as a reader would guess it", () => {
    expect(pages.get("nn")).toContain('id="nn.Linear"');
    expect(pages.get("tensor")).toContain('id="Tensor.matmul"');
    for (const { group } of groups)
      for (const { path } of entriesOf(group)) expect(pages.get(group.folder)).toContain(` id="${path}"`);
  });

  it("gives no anchor twice on a page", () => {
    for (const page of pages.values()) {
      const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
      expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    }
  });

  it("has no link inside the reference that leads nowhere", () => {
    const dead: string[] = [];
    for (const [folder, page] of pages)
      for (const [, href = ""] of page.matchAll(/href="([^"]*#[^"]*)"/g)) {
        const [path = "", anchor = ""] = href.split("#");
        const target = path === "" ? folder : /^\.{1,2}\/([\w-]+)\/$/.exec(path)?.[1];
        const isThere = pages.get(target ?? "?")?.includes(` id="${decodeURIComponent(anchor)}"`) === true;
        if (!isThere && anchor !== "content") dead.push(`${folder}: ${href}`);
      }
    expect(dead).toEqual([]);
  });

  it("lists every name on its first page", () => {
    const index = pages.get("")!;
    for (const { path } of groups.flatMap(({ group }) => entriesOf(group)))
      expect(index).toContain(`<code>${path}</code></a>`);
  });

  it("is told to the editor without a name lost, and leads to its pages", () => {
    const { pages: addresses, names } = reference.names(groups);
    expect(addresses).toContain("reference/nn-functional/");
    const known = new Map(names.map((name) => [name[0], name]));
    for (const path of ["nn", "nn.Linear", "Tensor.matmul", "noGrad", "autograd.noGrad"])
      expect(known.get(path)?.[3]).not.toBe("");
    expect(known.get("nn.Linear")?.[2]).toBe(
      "new nn.Linear(inFeatures: number, outFeatures: number, options: LinearOptions = {})",
    );
  });
});

// The parts of the engine (and the module of tests) that a sandbox does not hold from the start. A page fetches the ones
// that a program imports and hands them to the kernel before the program runs; see kernel/parts.ts for the other end.
import type { Program } from "./protocol.ts";

interface Namespace {
  /** What comes first; `null` for a namespace whose everyday members are in the core. */
  first: string | null;
  /** What comes where a program reads more than the everyday members. */
  more: string | null;
  /** What the file everyday.ts of the namespace exports. */
  everyday: readonly string[];
}

/** The namespaces of `descent` that the core does not have, or not all of. */
export const namespaces = {
  analysis: {
    first: "analysis",
    more: "analysis-more",
    everyday: [
      "classifyCriticalPoint",
      "eigenpairs",
      "errorSurface",
      "errorSurfaceAlong",
      "extremeEigenpairs",
      "extremeEigenvalues",
      "gradient",
      "gradientNorm",
      "hessian",
      "hessianProduct",
      "hvp",
      "minimumRatio",
      "ofModel",
      "powerIteration",
    ],
  },
  autograd: {
    first: null,
    more: "autograd-more",
    everyday: ["detectAnomaly", "enableGrad", "grad", "isGradEnabled", "noGrad"],
  },
  data: { first: "data", more: null, everyday: [] },
  linalg: { first: null, more: "linalg-more", everyday: ["eigh", "eigvalsh", "norm"] },
  metrics: { first: "metrics", more: null, everyday: [] },
  nn: { first: "nn", more: null, everyday: [] },
  optim: {
    first: "optim",
    more: "optim-more",
    everyday: ["Adam", "AdamW", "Optimizer", "SGD"],
  },
} as const satisfies Record<string, Namespace>;

export type NamespaceName = keyof typeof namespaces;

export const namespaceNames = Object.keys(namespaces) as NamespaceName[];

type Present<Name> = Exclude<Name, null>;
type EnginePart = Present<(typeof namespaces)[NamespaceName]["first" | "more"]>;

/** The parts of a namespace, in the order in which they are taken. */
export function partsOfNamespace(name: NamespaceName): EnginePart[] {
  const { first, more } = namespaces[name];
  return [first, more].filter((part) => part !== null);
}

/** The part that is a module of its own, for tests alone. */
export const testPart = "test";
export const testModule = "descent/test";

export type PartName = EnginePart | typeof testPart;

export const engineParts: readonly PartName[] = namespaceNames.flatMap(partsOfNamespace);
export const partNames: readonly PartName[] = [...engineParts, testPart];

/** Characters of the longest part that a page fetches and a kernel takes. */
export const partLimit = 500_000;

export function isPartName(name: unknown): name is PartName {
  return (partNames as readonly unknown[]).includes(name);
}

type Import = Program["imports"][number];

/** What a program needs that a sandbox does not hold from the start, in the order in which a kernel takes it. */
export function partsOf({ imports, ambient }: Pick<Program, "imports" | "ambient">): PartName[] {
  const needed = new Set<PartName>(imports.flatMap(partsOfImport));
  if (ambient?.module === testModule) needed.add(testPart);
  return partNames.filter((part) => needed.has(part));
}

/** What one import needs. */
export function partsOfImport({ from, imported, members }: Import): readonly PartName[] {
  if (from === testModule) return [testPart];
  if (from !== "descent") return [];
  if (imported === "*") return engineParts;
  const namespace = namespaceNames.find((name) => name === imported);
  if (namespace === undefined) return [];
  const { first, more, everyday } = namespaces[namespace];
  const known: readonly string[] = everyday;
  const isEveryday = more !== null && members?.every((name) => known.includes(name)) === true;
  if (!isEveryday) return partsOfNamespace(namespace);
  return first === null ? [] : [first];
}

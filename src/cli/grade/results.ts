// Verdicts kept one file each as soon as they are known, so that a run that was broken off goes on where it ended. A
// kept verdict is used only where everything it depends on is still the same.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import type { SubmissionVerdict } from "../../grading/index.ts";

const place = v.looseObject({ cell: v.string(), line: v.number(), column: v.number() });

export const verdictSchema = v.object({
  exercise: v.string(),
  points: v.number(),
  maxPoints: v.number(),
  status: v.picklist(["passed", "partial", "failed", "error", "timeout", "memory", "refused", "missing"]),
  tests: v.array(
    v.object({
      name: v.string(),
      points: v.number(),
      maxPoints: v.number(),
      passed: v.boolean(),
      hidden: v.boolean(),
      message: v.nullable(v.string()),
    }),
  ),
  feedback: v.array(v.string()),
  durationMs: v.number(),
  seed: v.string(),
  error: v.exactOptional(
    v.nullable(
      v.object({
        name: v.string(),
        message: v.string(),
        fix: v.exactOptional(v.string()),
        place: v.nullable(place),
        frames: v.array(v.looseObject({ ...place.entries, functionName: v.nullable(v.string()) })),
      }),
    ),
  ),
});

export const quizVerdictSchema = v.object({
  quiz: v.string(),
  points: v.number(),
  maxPoints: v.number(),
  answered: v.boolean(),
  correct: v.boolean(),
});

const resultSchema = v.object({
  format: v.literal("descent-result/1"),
  file: v.string(),
  basis: v.string(),
  verdict: v.object({
    exercises: v.array(verdictSchema),
    quizzes: v.array(quizVerdictSchema),
    notices: v.array(v.string()),
  }),
});

export class Results {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(folder: string): Promise<Results> {
    await mkdir(folder, { recursive: true });
    return new Results(folder);
  }

  /** The kept verdict on a file, where it rests on the same basis. */
  async get(file: string, basis: string): Promise<SubmissionVerdict | null> {
    try {
      const kept = v.parse(resultSchema, JSON.parse(await readFile(this.#path(file), "utf8")));
      return kept.file === file && kept.basis === basis ? kept.verdict : null;
    } catch {
      return null;
    }
  }

  async put(file: string, basis: string, verdict: SubmissionVerdict): Promise<void> {
    const result = { format: "descent-result/1", file, basis, verdict };
    await writeWhole(this.#path(file), `${JSON.stringify(result, null, 2)}\n`);
  }

  #path(file: string): string {
    const readable = file.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-").slice(-60);
    return join(this.#folder, `${digest(file).slice(0, 16)}-${readable}`);
  }
}

/** Either the old text or the new one is in the file, never a part. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, text);
  await rename(draft, file);
}

export function digest(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(String(part.length)).update(":").update(part);
  return hash.digest("hex");
}

/** Changes with every change to the engine, the kernels or the judging: verdicts before and after may differ. */
export async function programDigest(): Promise<string> {
  const parts: (string | Buffer)[] = [];
  for (const room of ["engine", "lesson", "runtime", "grading"]) {
    const folder = fileURLToPath(new URL(`../../${room}`, import.meta.url));
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    for (const file of files) parts.push(file.slice(folder.length), await readFile(file));
  }
  return digest(...parts);
}

// The course's secret key, from which every hidden test draws its cases: given, or made once and kept.
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { digest } from "./results.ts";

export const KEY_VARIABLE = "DESCENT_COURSE_KEY";

export interface CourseKey {
  key: string;
  /** It was made just now. */
  isNew: boolean;
}

/**
 * @param given a file with the key
 * @param own the file in which a key is kept where none is given
 * @throws (rejects) with a sentence where there is no usable key
 */
export async function courseKey(given: string | undefined, own: string): Promise<CourseKey> {
  if (given !== undefined) return { key: await readKey(given), isNew: false };
  const fromEnvironment = process.env[KEY_VARIABLE]?.trim() ?? "";
  if (fromEnvironment !== "") return { key: fromEnvironment, isNew: false };
  const key = randomBytes(32).toString("hex");
  try {
    // For its owner's eyes, and never over a key that is there.
    await writeFile(own, `${key}\n`, { mode: 0o600, flag: "wx" });
    return { key, isNew: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return { key: await readKey(own), isNew: false };
  }
}

async function readKey(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) throw new Error(`There is no key of the course at ${file}.`);
  const key = text.trim();
  if (key === "")
    throw new Error(`The key of the course in ${file} is empty: write any secret text into it.`);
  return key;
}

/** Tells one key from another without telling the key. */
export function keyMark(key: string): string {
  return digest("descent-course-key", key).slice(0, 12);
}

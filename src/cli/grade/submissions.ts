// The submissions in a folder: which files there are, whose they are, and which of a student's counts.
import { createHash } from "node:crypto";
import { lstat, readdir, readFile } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { parseSubmission, type Submission } from "../../grading/index.ts";

export const SUFFIX = ".descent.json";

/** Larger than any work that was typed, in bytes. */
const LARGEST = 5_000_000;
const LONGEST_NAME = 200;

/** The file that counts for a student. */
export interface Work {
  student: string;
  /** Below the folder of submissions, with `/` between names. */
  file: string;
  exportedAt: string;
  /** sha256 of the file. */
  digest: string;
  /** What is to be known of how this file was chosen. */
  notices: string[];
}

/** A file that cannot be judged. */
export interface Unjudged {
  file: string;
  problems: string[];
}

export interface Submissions {
  /** One for each student, by student. */
  works: Work[];
  unjudged: Unjudged[];
  /** Files that do not count, since their student has handed in a later one. */
  superseded: { file: string; student: string; countsInstead: string }[];
}

/**
 * Reads all submissions in a folder and below it.
 *
 * @param lesson the lesson's id; work on another lesson cannot be judged
 * @throws (rejects) where the folder cannot be read
 */
export async function findSubmissions(folder: string, lesson: string): Promise<Submissions> {
  const works: Work[] = [];
  const unjudged: Unjudged[] = [];
  for (const file of await listFiles(folder)) {
    const read = await readWork(folder, file, lesson);
    if ("problems" in read) unjudged.push(read);
    else works.push(read);
  }
  return { ...latest(works), unjudged };
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return (
    entries
      // Links are listed, too, and refused when read: nothing handed in may point elsewhere.
      .filter((entry) => !entry.isDirectory() && entry.name.endsWith(SUFFIX))
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
      .sort(compare)
  );
}

async function readWork(folder: string, file: string, lesson: string): Promise<Work | Unjudged> {
  const read = await readSubmission(folder, file);
  if ("problems" in read) return read;
  const { submission, digest } = read;
  if (submission.lesson !== lesson) {
    return { file, problems: [`it is work on the lesson “${submission.lesson}”, not on “${lesson}”`] };
  }
  const named = submission.student.normalize("NFC").trim();
  const student = named === "" ? basename(file, SUFFIX) : named;
  if (student.length > LONGEST_NAME || /\p{Cc}/u.test(student)) {
    return {
      file,
      problems: [`student: must be one line of at most ${LONGEST_NAME} characters`],
    };
  }
  const notices = named === "" ? ["The submission names no student; the file's name stands for it."] : [];
  return { student, file, exportedAt: submission.exportedAt, digest, notices };
}

/** Reads one file; never throws. */
export async function readSubmission(
  folder: string,
  file: string,
): Promise<{ submission: Submission; digest: string } | Unjudged> {
  const path = join(folder, file);
  try {
    const entry = await lstat(path);
    if (!entry.isFile()) return { file, problems: ["it is a link, or no file at all"] };
    const { size } = entry;
    if (size > LARGEST) return { file, problems: [`it is larger than ${LARGEST / 1e6} MB`] };
    const bytes = await readFile(path);
    const parsed = parseSubmission(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (!parsed.ok) return { file, problems: parsed.problems };
    return { submission: parsed.submission, digest: createHash("sha256").update(bytes).digest("hex") };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { file, problems: [`it cannot be read: ${why}`] };
  }
}

/** Of each student's files the one that was exported last; of two at the same time the last by name. */
function latest(works: readonly Work[]): Pick<Submissions, "works" | "superseded"> {
  const byStudent = new Map<string, Work[]>();
  for (const work of works) {
    const others = byStudent.get(work.student);
    if (others === undefined) byStudent.set(work.student, [work]);
    else others.push(work);
  }
  const counting: Work[] = [];
  const superseded: Submissions["superseded"] = [];
  for (const [student, files] of byStudent) {
    files.sort((a, b) => Date.parse(a.exportedAt) - Date.parse(b.exportedAt) || compare(a.file, b.file));
    const work = files.pop()!;
    for (const { file } of files) superseded.push({ file, student, countsInstead: work.file });
    const others = files.map(({ file }) => file).join(", ");
    counting.push(
      files.length === 0
        ? work
        : { ...work, notices: [...work.notices, `${work.file} counts, exported later than ${others}.`] },
    );
  }
  return {
    works: counting.sort((a, b) => compare(a.student, b.student)),
    superseded: superseded.sort((a, b) => compare(a.file, b.file)),
  };
}

/** The same order on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

// What `npm run grade` can be told, read from its arguments.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { sentenceOf } from "../terminal.ts";
import { KEY_VARIABLE } from "./course-key.ts";
import { SUFFIX } from "./submissions.ts";

export const usage = `Usage: npm run grade -- --lesson FOLDER --submissions FOLDER --out FOLDER

Judges every submission (*${SUFFIX}, in the folder and below it) of one lesson and writes into the folder of --out:
grades.csv, report.html, report.json. Points given by hand go into its overrides.csv, which is never written over.
A run that was broken off goes on where it ended.

  --lesson FOLDER        the lesson, with its lesson.hidden.md if there is one
  --submissions FOLDER   what the students handed in
  --out FOLDER           where verdicts and reports go
  --key FILE             the course's secret key, for the hidden tests; else ${KEY_VARIABLE}, else one is made in --out
  --jobs NUMBER          submissions judged at a time; as many as there are processors by default
  --memory MEGABYTES     most memory for an answer; 1024 by default
  --require-sandbox      refuse to run without bubblewrap
  --regrade REPORT       show what changes against an earlier report.json, and write the new grades only once accepted
  --accept               accept what --regrade shows
  --again                judge anew what has been judged before
  --json                 print the summary as JSON
  --help

Ends with 0 when every submission got a verdict, 2 when some could not be judged, 1 when the command was not
understood or could not begin, 130 when it was stopped.`;

export interface Settings {
  lesson: string;
  submissions: string;
  out: string;
  key: string | undefined;
  jobs: number;
  memory: number;
  requireSandbox: boolean;
  regrade: string | undefined;
  accept: boolean;
  again: boolean;
  json: boolean;
}

export function readSettings(args: readonly string[]): Settings | { mistake: string } | "help" {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        lesson: { type: "string" },
        submissions: { type: "string" },
        out: { type: "string" },
        key: { type: "string" },
        jobs: { type: "string", default: String(availableParallelism()) },
        memory: { type: "string", default: "1024" },
        "require-sandbox": { type: "boolean", default: false },
        regrade: { type: "string" },
        accept: { type: "boolean", default: false },
        again: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) return "help";
    const { lesson, submissions, out, key, regrade, accept, again, json } = values;
    if (lesson === undefined) return { mistake: "Which lesson? Give its folder with --lesson." };
    if (submissions === undefined)
      return { mistake: "Where are the submissions? Give their folder with --submissions." };
    if (out === undefined) return { mistake: "Where should the grades go? Give a folder with --out." };
    const jobs = wholeNumber(values.jobs, 1, 256);
    if (jobs === null) return { mistake: `--jobs must be a number from 1 to 256, not “${values.jobs}”.` };
    const memory = wholeNumber(values.memory, 128, 65_536);
    if (memory === null)
      return { mistake: `--memory must be megabytes from 128 to 65536, not “${values.memory}”.` };
    const requireSandbox = values["require-sandbox"];
    return { lesson, submissions, out, key, jobs, memory, requireSandbox, regrade, accept, again, json };
  } catch (error) {
    return { mistake: sentenceOf(error) };
  }
}

function wholeNumber(text: string, least: number, most: number): number | null {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return number >= least && number <= most ? number : null;
}

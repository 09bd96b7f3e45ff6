// Where a command reads and writes: a terminal, a pipe, or a test.
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface Terminal {
  /** The folder that paths are relative to, in the arguments and in what is printed. */
  folder: string;
  print(line: string): void;
  complain(line: string): void;
  /** Shows what is done at the moment, in place of what was shown before; absent where nobody watches. */
  progress?: (doing: string) => void;
}

/** The terminal that started this process. Progress is one line that is written over, and only where it can be. */
export function ownTerminal(): Terminal {
  const { stdout, stderr } = process;
  const clearLine = "\r\u001b[2K";
  let shown = false;
  const progress = (doing: string) => {
    if (doing === "" && !shown) return;
    shown = doing !== "";
    stderr.write(clearLine + doing.slice(0, Math.max(0, stderr.columns - 1)));
  };
  const write = (stream: NodeJS.WriteStream) => (line: string) => {
    if (stderr.isTTY) progress("");
    stream.write(`${line}\n`);
  };
  return {
    folder: process.env["INIT_CWD"] ?? process.cwd(),
    print: write(stdout),
    complain: write(stderr),
    ...(stderr.isTTY ? { progress } : {}),
  };
}

/** Whether this process was started to run the file of this URL. */
export function isStarted(url: string): boolean {
  const [, script] = process.argv;
  return script !== undefined && realpathSync(script) === fileURLToPath(url);
}

/** What was wrong with arguments that could not be parsed, in a sentence. */
export function sentenceOf(error: unknown): string {
  const [sentence = ""] = (error instanceof Error ? error.message : String(error)).split(". ");
  return `${sentence}.`;
}

/** `1 cell`, `2 cells`. */
export function counted(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}

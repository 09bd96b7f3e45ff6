// Drives pytorch.py over its standard input and output, where a Python with PyTorch is installed.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Contestant } from "./measure.ts";
import { PYTORCH } from "./rows.ts";

const script = fileURLToPath(new URL("pytorch.py", import.meta.url));

interface Answer {
  torch?: string;
  ready?: boolean;
  microseconds?: number;
}

export interface PyTorch extends Contestant {
  readonly version: string;
}

/** Starts it with one Python; null where that has no PyTorch. */
async function start(python: string): Promise<PyTorch | null> {
  const child = spawn(python, [script], {
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, OMP_NUM_THREADS: "1" },
  });
  const ended = new Promise<null>((resolve) => {
    child.on("error", () => resolve(null));
    child.on("close", () => resolve(null));
  });
  // A broken pipe is told by the end of the process.
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async (): Promise<Answer | null> => {
    const line = await Promise.race([lines.next(), ended]);
    return line === null || line.done === true ? null : (JSON.parse(line.value) as Answer);
  };
  const ask = async (request: object): Promise<Answer> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const answer = await read();
    if (answer === null) throw new Error(`pytorch.py ended at ${JSON.stringify(request)}.`);
    return answer;
  };
  const greeting = await read();
  if (greeting?.torch === undefined) return null;
  return {
    name: PYTORCH,
    version: greeting.torch,
    async prepare(row) {
      const { ready } = await ask({ prepare: row });
      if (ready !== true) return null;
      return {
        units: row === "operation" ? 100 : 1,
        run: async (calls) => (await ask({ run: calls })).microseconds!,
      };
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}

/** PyTorch in the Python that PYTHON names, in the system's, or in the one on PATH; null where none has it. */
export async function openPyTorch(): Promise<PyTorch | null> {
  const named = process.env["PYTHON"];
  for (const python of named === undefined || named === "" ? ["/usr/bin/python3", "python3"] : [named]) {
    const found = await start(python);
    if (found !== null) return found;
  }
  return null;
}

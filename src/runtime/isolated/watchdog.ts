// Looks many times a second how much memory the processes that were started take, and how many they have become.
// On Linux by what the system tells in /proc; elsewhere the limits of V8 and of the engine have to do.
import { readFileSync } from "node:fs";

export interface Watched {
  pid: number;
  /** Most bytes of memory of its own that the process and what it started may have. */
  memoryBytes: number;
  onExceeded: (what: "memory" | "processes") => void;
}

/** Milliseconds between two looks. */
const INTERVAL = 50;

/** A sandbox, what it starts as its first process, Deno, and a little room. */
const MOST_PROCESSES = 8;
/** V8 and Deno have some dozen threads on a machine with many cores. */
const MOST_THREADS = 200;

const watched = new Set<Watched>();
let timer: ReturnType<typeof setInterval> | null = null;

/** Watches a process from now on; the function that is given back ends it. */
export function watch(process: Watched): () => void {
  watched.add(process);
  timer ??= setInterval(look, INTERVAL).unref();
  return () => {
    watched.delete(process);
    if (watched.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

function look(): void {
  for (const process of watched) {
    const { memory, processes, threads } = measure(process.pid);
    if (memory > process.memoryBytes) process.onExceeded("memory");
    else if (processes > MOST_PROCESSES || threads > MOST_THREADS) process.onExceeded("processes");
  }
}

interface Size {
  memory: number;
  processes: number;
  threads: number;
}

/** What a process and its descendants take together; nothing where the system does not say. */
function measure(root: number): Size {
  const size: Size = { memory: 0, processes: 0, threads: 0 };
  const waiting = [root];
  while (waiting.length > 0 && size.processes <= MOST_PROCESSES) {
    const pid = waiting.pop()!;
    const status = read(`/proc/${pid}/status`);
    if (status === "") continue;
    // What is mapped from files is shared by all that run Deno, and counts for none.
    size.memory += 1024 * (field(status, "RssAnon") + field(status, "RssShmem"));
    size.processes += 1;
    size.threads += field(status, "Threads");
    waiting.push(...read(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number));
  }
  return size;
}

function field(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
}

function read(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}

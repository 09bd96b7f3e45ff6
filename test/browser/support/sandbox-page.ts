// Runs in the test's page: starts kernels in sandbox frames, and hands what they say to the test.
import { partFiles } from "./engine-parts.ts";
import { SandboxFrame } from "../../../src/runtime/browser/frame.ts";
import { compileCell, createFrameHost } from "../../../src/runtime/index.ts";
import type {
  CallResult,
  CallTarget,
  Kernel,
  KernelHost,
  Output,
  Program,
  RunOptions,
  RunResult,
} from "../../../src/runtime/index.ts";

export interface Ran {
  result: RunResult;
  outputs: Output[];
}

const host: KernelHost = createFrameHost({
  sandboxUrl: "./sandbox.html",
  document,
  parts: partFiles,
});
const kernels = new Map<string, Kernel>();
const declared = new Map<string, Map<string, string>>();
/** Calls that test realms made, by kernel. */
const hostCalls: unknown[] = [];
let frames = 0;

/** What each raw frame has said and nobody has taken yet. */
interface RawFrame {
  frame: SandboxFrame;
  said: unknown[];
  heard: (() => void)[];
}

const raw = new Map<number, RawFrame>();

/** What launched cells have shown, by kernel. */
const launched = new Map<string, Output[]>();

function programOf(cell: string, body: string): Program {
  return {
    cell,
    body: `${body}\n;return [undefined, {}];`,
    declares: [],
    inputs: [],
    imports: [],
    ambient: null,
    insertions: [],
  };
}

const bench = {
  /** Starts a kernel; one with `tests` calls another kernel as its student. */
  async start(name: string, options: { student?: string } = {}): Promise<void> {
    const { student } = options;
    const kernel = await host.start(
      student === undefined
        ? {}
        : {
            onHostCall: (target, args) => {
              hostCalls.push({ target, args });
              return bench.call(student, "answer", target, args);
            },
          },
    );
    kernels.set(name, kernel);
    declared.set(name, new Map());
  },

  /** Compiles and runs a cell as the notebook does. */
  run(name: string, cell: string, source: string): Promise<Ran> {
    const compiled = compileCell(cell, source);
    if (!compiled.ok) throw new Error(compiled.error.message);
    const known = declared.get(name)!;
    const inputs = compiled.reads.flatMap((read) => {
      const from = known.get(read);
      return from === undefined || from === cell ? [] : [{ name: read, cell: from }];
    });
    for (const declares of compiled.declares) known.set(declares, cell);
    return bench.runProgram(name, { ...compiled.program, inputs });
  },

  /** Starts a body and does not wait for its end; `shown` tells what it has shown so far. */
  launch(name: string, cell: string, body: string): void {
    const outputs: Output[] = [];
    launched.set(name, outputs);
    void kernels.get(name)!.run(programOf(cell, body), { onOutputs: (more) => outputs.push(...more) });
  },

  shown: (name: string): number => launched.get(name)?.length ?? 0,

  /** Runs a body that no compiler has looked at. */
  runBody(name: string, cell: string, body: string): Promise<Ran> {
    return bench.runProgram(name, programOf(cell, body));
  },

  async runProgram(name: string, program: Program, options: RunOptions = {}): Promise<Ran> {
    const outputs: Output[] = [];
    const result = await kernels
      .get(name)!
      .run(program, { ...options, onOutputs: (more) => outputs.push(...more) });
    return { result, outputs };
  },

  call(
    name: string,
    cell: string,
    target: CallTarget,
    args: unknown[],
    timeoutMs?: number,
  ): Promise<CallResult> {
    return kernels.get(name)!.call(cell, target, args, timeoutMs === undefined ? {} : { timeoutMs });
  },

  stop: (name: string): Promise<void> => kernels.get(name)!.stop(),
  dispose: (name: string): void => kernels.get(name)!.dispose(),
  hostCalls: (): unknown[] => hostCalls,

  /** Opens a sandbox page whose worker evaluates any text it is sent. */
  async openRaw(url: string): Promise<number> {
    frames += 1;
    const id = frames;
    const said: unknown[] = [];
    const heard: (() => void)[] = [];
    const notice = (message: unknown): void => {
      said.push(message);
      for (const resolve of heard.splice(0)) resolve();
    };
    const frame = new SandboxFrame({
      document,
      sandboxUrl: url,
      tests: false,
      generation: 1,
      listener: {
        onKernelMessage: (_, message) => notice(message),
        onReplaced: (generation) => notice({ replaced: generation }),
        onLost: (generation, reason) => notice({ lost: generation, reason }),
      },
    });
    raw.set(id, { frame, said, heard });
    await frame.loaded;
    return id;
  },

  /** Sends text to a raw frame's worker and waits for the next thing that the frame says. */
  async tellRaw(id: number, code: string, generation = 1): Promise<unknown> {
    const { frame } = raw.get(id)!;
    frame.post({ to: "kernel", generation, message: code });
    return bench.hearRaw(id);
  },

  replaceRaw(id: number, generation: number): void {
    raw.get(id)!.frame.post({ to: "boot", type: "replace", generation });
  },

  async hearRaw(id: number): Promise<unknown> {
    const { said, heard } = raw.get(id)!;
    while (said.length === 0) await new Promise<void>((resolve) => heard.push(resolve));
    return said.shift();
  },

  /** Whether the frame's boot script answers. */
  rawAnswers: (id: number, milliseconds: number): Promise<boolean> =>
    raw.get(id)!.frame.answersWithin(milliseconds),
};

export type SandboxBench = typeof bench;

declare global {
  interface Window {
    bench: SandboxBench;
  }
}

window.bench = bench;

// The program of a sandbox worker: the core of the engine and the lesson tools. It waits for one message, with the port
// to the page, and starts the kernel on it. The rest of the engine, and the module of tests, come as parts.
import * as engine from "../../engine/core.ts";
import type { PartName, WorkerGreeting } from "../../runtime/index.ts";
import { engineParts, partNames } from "../../runtime/parts.ts";
import { type KernelModules, lessonTools, startKernel } from "../../runtime/worker.ts";

/** Puts the chunks of a part beside those of this program and gives what the part exports; see `program.ts`. */
declare const evaluatePart: (name: string, text: string) => Record<string, unknown>;

addEventListener(
  "message",
  (event: MessageEvent<WorkerGreeting>) => {
    const [port] = event.ports;
    if (!port) return;
    const modules: KernelModules = { descent: engine, "descent/lesson": lessonTools };
    const { tests, byteLimit } = event.data;
    if (byteLimit !== undefined) engine.setMemoryLimit(byteLimit);
    const names: readonly PartName[] = tests ? partNames : engineParts;
    startKernel(port, { modules, parts: { names, evaluate: evaluatePart } });
  },
  { once: true },
);

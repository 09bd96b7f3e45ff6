// The program of a sandbox worker: the engine, the lesson tools and, where tests run, the module of tests. It
// waits for one message, with the port to the page, and starts the kernel on it.
import * as engine from "../../engine/index.ts";
import { testModule } from "../../grading/worker.ts";
import type { WorkerGreeting } from "../../runtime/index.ts";
import { type KernelModules, lessonTools, startKernel } from "../../runtime/worker.ts";

addEventListener(
  "message",
  (event: MessageEvent<WorkerGreeting>) => {
    const [port] = event.ports;
    if (!port) return;
    const modules: KernelModules = { descent: engine, "descent/lesson": lessonTools };
    const { tests, byteLimit } = event.data;
    if (byteLimit !== undefined) engine.setMemoryLimit(byteLimit);
    if (tests) modules["descent/test"] = testModule;
    startKernel(port, { modules });
  },
  { once: true },
);

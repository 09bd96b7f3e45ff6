// A kernel in a thread of its own: a realm that hostile code may ruin, and that can be ended from outside.
import { parentPort } from "node:worker_threads";
import type { KernelRequest } from "../../../src/runtime/index.ts";
import { KernelCore } from "../../../src/runtime/kernel/kernel.ts";

const port = parentPort!;
const post = port.postMessage.bind(port);
const later = setImmediate;

const core = new KernelCore({
  modules: {},
  send: (event) => post(event),
  now: () => 0,
  turn: () => new Promise((resolve) => later(resolve)),
});
process.on("unhandledRejection", (reason) => core.reportUnhandled(reason));
port.on("message", (request: KernelRequest) => core.receive(request));

// The kernel inside a sandbox: in a worker of a page's sandbox, or in a process. The one that starts it hands over the
// way to the page; from then on it lives in closures, out of every cell's reach.
import type { KernelRequest } from "./protocol.ts";
import { capturePort, captureRealm, harden } from "./kernel/hardening.ts";
import { KernelCore } from "./kernel/kernel.ts";
import type { PartLoader } from "./kernel/parts.ts";
import type { KernelModules } from "./kernel/stage.ts";

export { startProcessKernel } from "./isolated/process-kernel.ts";
export { lessonTools } from "./lesson-tools/module.ts";
export type { KernelFace, KernelModule, KernelModules, Stage } from "./kernel/stage.ts";

/**
 * Hardens this realm and serves the port from now on.
 *
 * @param options.modules what cells may import; a function makes its exports anew for each run.
 * @param options.parts how it takes what the page sends of the engine later.
 */
export function startKernel(port: MessagePort, options: { modules: KernelModules; parts: PartLoader }): void {
  const start = performance.now();
  const realm = captureRealm();
  const { post, listen } = capturePort(port);
  const core = new KernelCore({
    ...options,
    send: post,
    now: realm.now,
    turn: realm.turn,
  });
  Object.defineProperty(globalThis, "console", { value: core.globalConsole(), configurable: true });
  harden();
  realm.onUnhandled((thrown) => core.reportUnhandled(thrown));
  listen((request) => core.receive(request as KernelRequest));
  post({ type: "ready", bootMs: realm.now() - start });
}

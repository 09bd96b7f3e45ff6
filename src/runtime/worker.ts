// The kernel inside a worker of the sandbox. The one that starts it hands over the port to the page; from then
// on the port lives in closures of this file, out of every cell's reach.
import type { KernelRequest } from "./protocol.ts";
import { captureRealm, harden } from "./kernel/hardening.ts";
import { KernelCore } from "./kernel/kernel.ts";
import type { KernelModules } from "./kernel/stage.ts";

export { lessonTools } from "./lesson-tools/module.ts";
export type { KernelFace, KernelModule, KernelModules, Stage } from "./kernel/stage.ts";

/**
 * Hardens this realm and serves the port from now on.
 *
 * @param options.modules what cells may import; a function makes its exports anew for each run.
 */
export function startKernel(port: MessagePort, options: { modules: KernelModules }): void {
  const start = performance.now();
  const realm = captureRealm(port);
  const core = new KernelCore({
    modules: options.modules,
    send: realm.post,
    now: realm.now,
    turn: realm.turn,
  });
  Object.defineProperty(globalThis, "console", { value: core.globalConsole(), configurable: true });
  harden();
  realm.onUnhandled((thrown) => core.reportUnhandled(thrown));
  realm.listen((request) => core.receive(request as KernelRequest));
  realm.post({ type: "ready", bootMs: realm.now() - start });
}

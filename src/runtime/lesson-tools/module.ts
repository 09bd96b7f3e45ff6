// The lesson tools as a kernel serves them: each run gets its own copies, which show what they show in that run.
import type { KernelFace } from "../kernel/stage.ts";
import * as tools from "./index.ts";
import { bindTools } from "./stage.ts";

export function lessonTools({ stage }: Pick<KernelFace, "stage">): Record<string, unknown> {
  return bindTools(tools, stage);
}

// How the lesson tools reach the run they are used in. Each run gets its own copies of the tools, which name
// their run while they are being called; a tool that goes on later keeps the stage it found at its start.
import type { Stage } from "../kernel/stage.ts";
import { ToolError } from "./options.ts";

let current: Stage | null = null;

/** The run that the tool is being called from. */
export function stageOf(tool: string): Stage {
  if (current) return current;
  throw new ToolError(tool, "works only in a cell of a lesson", "Call it from a cell.");
}

/** A copy of the tools whose calls belong to `stage`. */
export function bindTools(tools: Record<string, unknown>, stage: Stage): Record<string, unknown> {
  const bound: Record<string, unknown> = {};
  for (const [name, tool] of Object.entries(tools)) {
    bound[name] =
      typeof tool === "function" ? bindTool(tool as (...values: unknown[]) => unknown, stage) : tool;
  }
  return bound;
}

function bindTool(tool: (...values: unknown[]) => unknown, stage: Stage): (...values: unknown[]) => unknown {
  const bound = (...values: unknown[]): unknown => {
    const outer = current;
    current = stage;
    try {
      return tool(...values);
    } finally {
      current = outer;
    }
  };
  Object.defineProperty(bound, "name", { value: tool.name });
  return bound;
}

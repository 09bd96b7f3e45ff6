// The part that draws outputs, brought when there is something to draw: reading a lesson needs none of it.
import { type Signal, signal } from "@preact/signals";
import type * as outputs from "../outputs/index.ts";

export type Drawing = typeof outputs;

/** `null` until it has arrived. A component that reads it is drawn again then. */
export const drawing: Signal<Drawing | null> = signal(null);

let loading: Promise<void> | null = null;

/** Asks for it; a failure (offline) is forgotten, so that the next call tries again. */
export function loadDrawing(): Promise<void> {
  loading ??= load();
  return loading;
}

async function load(): Promise<void> {
  try {
    drawing.value = await import("../outputs/index.ts");
  } catch {
    loading = null;
  }
}

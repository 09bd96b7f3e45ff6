// The clicks that early.ts caught before the notebook was there: given again, in order, once it is.

interface EarlyClicks {
  waiting: Element[];
  stop: () => void;
}

declare global {
  var descentEarly: EarlyClicks | undefined;
}

/** Whether the reader already tried to use an island. */
export function wasWanted(): boolean {
  return (globalThis.descentEarly?.waiting.length ?? 0) > 0;
}

/** Replays what was caught. Hydration keeps the elements, so each click reaches the control that was meant. */
export function replayEarlyClicks(): void {
  const early = globalThis.descentEarly;
  if (early === undefined) return;
  early.stop();
  for (const control of early.waiting.splice(0)) {
    control.removeAttribute("aria-busy");
    if (!control.isConnected || !(control instanceof HTMLElement)) continue;
    // A text field wants the focus that it already has; everything else wants the click.
    if (control.matches("textarea, input:not([type=radio], [type=checkbox])")) control.focus();
    else control.click();
  }
}

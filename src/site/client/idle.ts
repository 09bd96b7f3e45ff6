/** Calls once the page has loaded and the browser has nothing better to do. */
export function whenIdle(action: () => void): void {
  const wait = () => {
    // Safari has no idle callback; a moment after the load event is close to it.
    if ("requestIdleCallback" in globalThis) requestIdleCallback(action, { timeout: 2000 });
    else setTimeout(action, 200);
  };
  if (document.readyState === "complete") wait();
  else addEventListener("load", wait, { once: true });
}

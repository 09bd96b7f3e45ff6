// What is shown only of things that last: a run of a few milliseconds must not flicker, nor put Stop under a click that meant Run.
import { useEffect, useState } from "preact/hooks";

/** Milliseconds that something must hold, or be over, before the page says so. */
const patience = 300;

/** Follows `now`, but only once it has stayed the same for a moment. */
export function useLasting(now: boolean): boolean {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (now === shown) return;
    const timer = setTimeout(() => setShown(now), patience);
    return () => clearTimeout(timer);
  }, [now, shown]);
  return shown;
}

// Input events come faster than pictures: pass on the newest value once per frame, and never lose the last one.
import { useEffect, useMemo, useRef } from "preact/hooks";

export interface FrameThrottle<Value> {
  /** Passes the value on at the next frame; an older one that is still waiting is forgotten. */
  push(value: Value): void;
  /** Passes on what still waits, now. */
  flush(): void;
}

export function useFrameThrottle<Value>(receive: (value: Value) => void): FrameThrottle<Value> {
  const receiver = useRef(receive);
  receiver.current = receive;
  const throttle = useMemo(() => {
    let waiting: { value: Value } | null = null;
    let frame = 0;
    const flush = (): void => {
      cancelAnimationFrame(frame);
      frame = 0;
      if (!waiting) return;
      const { value } = waiting;
      waiting = null;
      receiver.current(value);
    };
    const push = (value: Value): void => {
      waiting = { value };
      frame ||= requestAnimationFrame(flush);
    };
    return { push, flush };
  }, []);
  useEffect(() => () => throttle.flush(), [throttle]);
  return throttle;
}

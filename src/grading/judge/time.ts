// Waiting with an end: by the page's own clock, which no answer can touch.

export type Timed<T> = { ended: true; value: T } | { ended: false };

/** Longer than this no timer waits. */
const LONGEST = 2 ** 31 - 1;

/** Waits at most `milliseconds` for `work`; throws the signal's reason when it is aborted first. */
export async function within<T>(
  work: Promise<T>,
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<Timed<T>> {
  let leave = (): void => undefined;
  const end = new Promise<Timed<T>>((resolve, reject) => {
    const timer = setTimeout(() => resolve({ ended: false }), Math.min(milliseconds, LONGEST));
    const abort = (): void => reject(signal?.reason as Error);
    signal?.addEventListener("abort", abort);
    leave = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    };
    if (signal?.aborted === true) abort();
  });
  try {
    return await Promise.race([work.then((value) => ({ ended: true as const, value })), end]);
  } finally {
    leave();
  }
}

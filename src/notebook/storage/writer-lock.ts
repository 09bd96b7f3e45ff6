// One tab writes a lesson at a time. The first holds a Web Lock for as long as it is open; a later one reads, and
// writes when the first is closed or hands over.

export interface WriterLockOptions {
  name: string;
  /** This tab may write: read what is stored again, the other tab may have changed it. */
  onGranted: () => void;
  /** Another tab writes. */
  onDenied: () => void;
  /** Saves what is not stored yet, before another tab takes over. */
  beforeHandOver: () => Promise<void>;
}

export interface WriterLock {
  /** Asks the writing tab to hand over; takes the lock by force when it does not answer. */
  takeOver(): void;
  release(): void;
}

/** How long a hidden tab may need to save and let go. */
const PATIENCE = 1500;

export function holdWriterLock(options: WriterLockOptions): WriterLock {
  const locks = typeof navigator === "undefined" ? undefined : navigator.locks;
  if (locks === undefined) {
    // A browser without locks: better two writers than none.
    options.onGranted();
    return { takeOver() {}, release() {} };
  }
  const channel = new BroadcastChannel(options.name);
  let letGo: (() => void) | null = null;
  let waiting: AbortController | null = null;
  let released = false;

  /** Keeps the lock until `letGo`; resolves to why it ended. */
  const hold = (): Promise<void> =>
    new Promise((resolve) => {
      letGo = resolve;
      options.onGranted();
    });

  const lost = (): void => {
    letGo = null;
    if (released) return;
    options.onDenied();
    wait();
  };

  /** Waits in line; granted when the writing tab closes or hands over. */
  const wait = (): void => {
    waiting = new AbortController();
    locks
      .request(options.name, { signal: waiting.signal }, () => {
        waiting = null;
        return hold();
      })
      .then(lost, (error: unknown) => {
        // Given up on purpose, or taken by force while held.
        if (letGo !== null || !isAbort(error)) lost();
      });
  };

  locks
    .request(options.name, { ifAvailable: true }, (lock) => (lock === null ? undefined : hold()))
    .then(lost, lost);

  channel.onmessage = (event: MessageEvent) => {
    if (event.data !== "hand over" || letGo === null) return;
    const release = letGo;
    void options.beforeHandOver().finally(release);
  };

  return {
    takeOver() {
      if (letGo !== null || released) return;
      channel.postMessage("hand over");
      setTimeout(() => {
        if (letGo !== null || released) return;
        waiting?.abort();
        locks.request(options.name, { steal: true }, hold).then(lost, lost);
      }, PATIENCE);
    },
    release() {
      released = true;
      waiting?.abort();
      letGo?.();
      channel.close();
    },
  };
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

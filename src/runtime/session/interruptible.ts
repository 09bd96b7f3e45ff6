// Waiting that can be called off.

/** What `guard` rejects with when the waiting is called off. */
export class Interrupted extends Error {}

export class Interruptible {
  readonly #waiting = new Set<() => void>();

  /** Settles as `promise` does, unless `interrupt` comes first. */
  guard<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        reject(new Interrupted("Interrupted."));
      };
      this.#waiting.add(giveUp);
      promise
        .finally(() => {
          this.#waiting.delete(giveUp);
        })
        .then(resolve, reject);
    });
  }

  /** Calls off everything that waits now. */
  interrupt(): void {
    for (const giveUp of this.#waiting) giveUp();
    this.#waiting.clear();
  }
}

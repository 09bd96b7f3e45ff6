// Saves soon after each change, and at once when asked. Writes never overlap; the last state always wins.

export interface SaverOptions {
  save: () => Promise<void>;
  onFailure: (error: unknown) => void;
  /** Called after a save that follows a failed one. */
  onRecovery: () => void;
  /** Milliseconds to wait for more changes; 250 when left out. */
  delay?: number;
  setTimer?: (callback: () => void, delay: number) => unknown;
  clearTimer?: (timer: never) => void;
}

export class Saver {
  readonly #options: SaverOptions;
  #timer: unknown = null;
  #dirty = false;
  #failed = false;
  #writing: Promise<void> | null = null;

  constructor(options: SaverOptions) {
    this.#options = options;
  }

  /** Whether something is not stored yet. */
  get unsaved(): boolean {
    return this.#dirty || this.#writing !== null;
  }

  /** Something changed: it is saved within the delay. */
  changed(): void {
    this.#dirty = true;
    if (this.#timer !== null) return;
    const set = this.#options.setTimer ?? setTimeout;
    this.#timer = set(() => {
      this.#timer = null;
      void this.flush();
    }, this.#options.delay ?? 250);
  }

  /** Saves what has changed now; resolves when it is stored or has failed. */
  async flush(): Promise<void> {
    this.#clearTimer();
    while (this.#dirty || this.#writing !== null) {
      if (this.#writing !== null) {
        await this.#writing;
        continue;
      }
      this.#dirty = false;
      this.#writing = this.#write();
    }
  }

  /** Forgets what has not been saved: the record belongs to somebody else now. */
  abandon(): void {
    this.#dirty = false;
    this.#clearTimer();
  }

  async #write(): Promise<void> {
    try {
      await this.#options.save();
      if (this.#failed) this.#options.onRecovery();
      this.#failed = false;
    } catch (error) {
      this.#failed = true;
      this.#options.onFailure(error);
    } finally {
      this.#writing = null;
    }
  }

  #clearTimer(): void {
    if (this.#timer === null) return;
    const clear = (this.#options.clearTimer ?? clearTimeout) as (timer: unknown) => void;
    clear(this.#timer);
    this.#timer = null;
  }
}

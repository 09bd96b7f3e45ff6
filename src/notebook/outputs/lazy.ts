// Code that is fetched when it is first needed, and shared by every component that asks for it.
import { useEffect, useState } from "preact/hooks";

export type Loaded<Module> =
  | { status: "loading" }
  | { status: "ready"; module: Module }
  | { status: "failed"; message: string };

/** A module fetched at most once; a failed fetch (the reader was offline) is tried again at the next use. */
export class LazyModule<Module> {
  private readonly load: () => Promise<Module>;
  private promise: Promise<Module> | null = null;
  current: Module | null = null;

  constructor(load: () => Promise<Module>) {
    this.load = load;
  }

  async get(): Promise<Module> {
    this.promise ??= this.load();
    try {
      this.current = await this.promise;
      return this.current;
    } catch (error) {
      this.promise = null;
      throw error;
    }
  }
}

/** The module, as soon as it is there; fetching starts when `wanted` is first true. */
export function useLazy<Module>(lazy: LazyModule<Module>, wanted = true): Loaded<Module> {
  const [state, setState] = useState<Loaded<Module>>(() =>
    lazy.current ? { status: "ready", module: lazy.current } : { status: "loading" },
  );
  useEffect(() => {
    if (!wanted || state.status === "ready") return;
    let alive = true;
    lazy.get().then(
      (module) => alive && setState({ status: "ready", module }),
      (error: unknown) =>
        alive &&
        setState({ status: "failed", message: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      alive = false;
    };
    // `state` is left out on purpose: a failure must not start a loop of retries.
  }, [lazy, wanted]);
  return state;
}

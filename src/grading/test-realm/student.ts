// `student` in a test: each function and class of the answer as a stub that is called by message. Nothing of
// the answer ever lives in the test's realm; arguments and results are structured clones.
import type { CallResult, CallTarget, HostCall } from "../../runtime/index.ts";
import { isRecord, isTensorLike } from "../values.ts";
import { LOST_ERROR, misuse, MISUSE_ERROR, noSuchName, TestFailureError, UNUSABLE_ERROR } from "./failure.ts";
import { sendable } from "./given.ts";

export interface Student {
  /** A function of the answer; every call gives a promise. With `new`, a class of the answer. */
  readonly [name: string]: StudentFunction;
}

export interface StudentFunction {
  (...args: unknown[]): Promise<unknown>;
  new (...args: unknown[]): StudentObject;
}

/**
 * An object that stayed in the answer's realm; each method call gives a promise. An object that a call gave back
 * also has its fields, as they were then.
 */
export interface StudentObject {
  readonly [member: string]: (...args: unknown[]) => Promise<unknown>;
}

/** What is behind the stub of an object of the answer. */
export interface Stub {
  /** The object's number in the answer's realm; rejects when its constructor threw. */
  creation: Promise<number>;
  /** The fields it had when a call gave it back; `null` after `new`. */
  fields: Record<string, unknown> | null;
}

/** Sends the calls of one test, and knows which are still under way. */
export class StudentCalls {
  readonly #hostCall: HostCall;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #stubs = new WeakMap<object, Stub>();

  constructor(hostCall: HostCall) {
    this.#hostCall = hostCall;
  }

  /** Calls a function by message; rejects with a `TestFailureError` when the answer threw. */
  call(name: string, args: unknown[]): Promise<unknown> {
    return this.#track(this.#send({ name }, args).then((result) => this.#unwrap(result)));
  }

  /** Constructs in the answer's realm and gives a stub for the object at once. */
  construct(name: string, args: unknown[]): StudentObject {
    const creation = this.#send({ name, construct: true }, args).then((result) => {
      if (result.object !== undefined) return result.object;
      throw new TestFailureError({ kind: "unusable", message: `“new ${name}(…)” gave no object` });
    });
    return this.#stub({ creation: this.#track(creation), fields: null });
  }

  /** What is behind a stub; `null` for any other value. */
  stub(value: unknown): Stub | null {
    return typeof value === "object" && value !== null ? (this.#stubs.get(value) ?? null) : null;
  }

  /** Waits for calls that the test did not await, so that none of them runs into the next test. */
  async settle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  #track<T>(promise: Promise<T>): Promise<T> {
    this.#underWay.add(promise);
    const forget = (): boolean => this.#underWay.delete(promise);
    promise.then(forget).catch(forget);
    return promise;
  }

  async #send(target: CallTarget, args: unknown[]): Promise<CallResult & { ok: true }> {
    const ready = args.map(sendable);
    const obstacle = findUnsendable(ready);
    if (obstacle !== null) throw misuse(obstacle);
    const result = await this.#hostCall(target, ready);
    if (result.ok) return result;
    throw new TestFailureError(failureOf(result.error));
  }

  #unwrap({ value, object }: CallResult & { ok: true }): unknown {
    if (object === undefined) return value;
    return this.#stub({ creation: Promise.resolve(object), fields: isRecord(value) ? value : null });
  }

  #stub(behind: Stub): StudentObject {
    const { creation, fields } = behind;
    const stub = new Proxy<StudentObject>(
      {},
      {
        get: (_target, member) => {
          // Not a thenable: `await model` gives the stub itself.
          if (typeof member === "symbol" || member === "then") return undefined;
          if (fields !== null && Object.hasOwn(fields, member)) return fields[member];
          return (...args: unknown[]) => {
            const sent = creation.then((object) => this.#send({ object, method: member }, args));
            return this.#track(sent.then((result) => this.#unwrap(result)));
          };
        },
      },
    );
    this.#stubs.set(stub, behind);
    return stub;
  }
}

function failureOf(error: (CallResult & { ok: false })["error"]): TestFailureError["failure"] {
  if (error.name === LOST_ERROR) return { kind: "lost", message: error.message };
  if (error.name === MISUSE_ERROR) return { kind: "misuse", message: error.message };
  if (error.name === UNUSABLE_ERROR) return { kind: "unusable", message: error.message };
  const { name, message, place } = error;
  return {
    kind: "threw",
    error: { name, message, line: place?.line ?? null, column: place?.column ?? null },
  };
}

/** The stub for all names of an answer. */
export function createStudent(calls: StudentCalls, declares: readonly string[]): Student {
  const stubs = new Map<string, StudentFunction>();
  const stubOf = (name: string): StudentFunction => {
    const existing = stubs.get(name);
    if (existing !== undefined) return existing;
    const stub = new Proxy(function () {} as unknown as StudentFunction, {
      apply: (_target, _self, args: unknown[]) => calls.call(name, args),
      construct: (_target, args: unknown[]) => calls.construct(name, args),
    });
    stubs.set(name, stub);
    return stub;
  };
  return new Proxy<Student>(
    {},
    {
      has: (_target, key) => typeof key === "string" && declares.includes(key),
      get: (_target, key) => {
        if (typeof key === "symbol") return undefined;
        if (declares.includes(key)) return stubOf(key);
        if (key === "then") return undefined;
        throw new TestFailureError({ kind: "unusable", message: noSuchName(key, declares) });
      },
      set: () => {
        throw misuse("`student` cannot be changed by a test");
      },
    },
  );
}

/** Why these arguments cannot go by message, in words for the author; `null` when they can. */
function findUnsendable(args: unknown[]): string | null {
  const seen = new Set<object>();
  const waiting: unknown[] = [...args];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === "function") {
      return "a function of the test cannot be sent to the answer as it is: write `given({ a }, ({ a }) => (x) => a * x)` and send that as an argument";
    }
    if (typeof value === "symbol") return "a symbol cannot be sent to the answer";
    if (typeof value !== "object" || value === null || seen.has(value) || ArrayBuffer.isView(value)) continue;
    seen.add(value);
    if (value instanceof Promise)
      return "a promise cannot be sent to the answer: write `await` before the value";
    if (isTensorLike(value)) continue;
    waiting.push(
      ...(value instanceof Map ? [...value].flat() : value instanceof Set ? value : Object.values(value)),
    );
  }
  return null;
}

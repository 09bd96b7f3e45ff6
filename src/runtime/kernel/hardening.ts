// Makes the realm of a worker or a process fit for a stranger's code, before any of it runs: what could reach outside is taken
// away, what the kernel itself relies on is captured here or can no longer be changed. The sandbox's policy
// (no network at all) is the wall; this is the second one, and keeps the kernel's own port out of reach.
import { languageGlobals, platformGlobals } from "./globals.ts";

/** The way to the page, which the kernel keeps for itself, in closures. */
export interface CapturedPort {
  post: (message: unknown) => void;
  listen: (receive: (message: unknown) => void) => void;
}

/** What the kernel keeps of the realm for itself, in closures. */
export interface CapturedRealm {
  /** Rejections and errors that nobody handled. */
  onUnhandled: (report: (thrown: unknown) => void) => void;
  now: () => number;
  /** Resolves in a later turn of the event loop, after waiting messages. */
  turn: () => Promise<void>;
}

/** Captures what the kernel needs of its port. Call once, before `harden`. */
export function capturePort(port: MessagePort): CapturedPort {
  const { apply } = Reflect;
  const postMessage = methodOf(MessagePort.prototype, "postMessage");
  const addEventListener = methodOf(EventTarget.prototype, "addEventListener");
  const dataOf = getterOf(MessageEvent.prototype, "data");
  return {
    post: (message) => {
      apply(postMessage, port, [message]);
    },
    listen: (receive) => {
      apply(addEventListener, port, ["message", (event: Event) => receive(dataOf(event))]);
      port.start();
    },
  };
}

/** Captures what the kernel needs of this realm. Call once, before `harden`. */
export function captureRealm(): CapturedRealm {
  const { apply } = Reflect;
  const postMessage = methodOf(MessagePort.prototype, "postMessage");
  const addEventListener = methodOf(EventTarget.prototype, "addEventListener");
  const preventDefault = methodOf(Event.prototype, "preventDefault");
  const now = methodOf(Performance.prototype, "now");
  const clock = performance;
  const scope = globalThis;
  const reasonOf = getterOf(PromiseRejectionEvent.prototype, "reason");
  const errorOf = getterOf(ErrorEvent.prototype, "error");
  const messageOf = getterOf(ErrorEvent.prototype, "message");
  const bell = new MessageChannel();
  const ring = bell.port1;
  const waiting: (() => void)[] = [];
  apply(addEventListener, bell.port2, ["message", () => waiting.shift()?.()]);
  bell.port2.start();
  return {
    onUnhandled: (report) => {
      const listen = (type: string, read: (event: Event) => unknown): void => {
        const heard = (event: Event): void => {
          apply(preventDefault, event, []);
          report(read(event));
        };
        apply(addEventListener, scope, [type, heard]);
      };
      listen("unhandledrejection", reasonOf);
      listen("error", (event) => errorOf(event) ?? messageOf(event));
    },
    now: () => apply(now, clock, []) as number,
    turn: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        apply(postMessage, ring, [null]);
      }),
  };
}

function methodOf(prototype: object, name: string): (...values: unknown[]) => unknown {
  return Reflect.get(prototype, name) as (...values: unknown[]) => unknown;
}

function getterOf(prototype: object, name: string): (event: Event) => unknown {
  const getter = Reflect.getOwnPropertyDescriptor(prototype, name)?.get;
  if (!getter) throw new Error(`The ${name} of this platform has no getter.`);
  const { apply } = Reflect;
  return (event) => apply(getter, event, []) as unknown;
}

/** Takes everything else away. After this the realm can compute, and no more. */
export function harden(): void {
  lockErrors();
  lockIntrinsics();
  removeGlobals();
}

function removeGlobals(): void {
  const names = [...platformGlobals, ...languageGlobals].filter((name) => name in globalThis);
  const allowed = new Set<PropertyKey>(names);
  // Read before anything goes: some platforms make a global at its first use, out of others.
  const kept = names.map((name): unknown => Reflect.get(globalThis, name));
  // The scope's own prototypes hold the platform's functions; `Object.prototype`, the last, is the language's.
  for (let at: object | null = globalThis; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    if (at === EventTarget.prototype) continue;
    for (const key of Reflect.ownKeys(at)) {
      if (allowed.has(key) || key === "constructor" || typeof key === "symbol") continue;
      remove(at, key);
    }
  }
  for (const [index, name] of names.entries()) {
    const descriptor = Reflect.getOwnPropertyDescriptor(globalThis, name);
    if (descriptor?.configurable === false) continue;
    Object.defineProperty(globalThis, name, {
      value: kept[index],
      writable: false,
      configurable: false,
      enumerable: false,
    });
  }
}

function remove(holder: object, key: PropertyKey): void {
  if (Reflect.deleteProperty(holder, key)) return;
  const descriptor = Reflect.getOwnPropertyDescriptor(holder, key);
  if (descriptor?.writable) Object.defineProperty(holder, key, { value: undefined, writable: false });
  const left: unknown = Reflect.get(holder, key);
  // Constants of the platform, such as `TEMPORARY`, stay; they are only numbers.
  if (typeof left === "function" || (typeof left === "object" && left !== null)) {
    throw new Error(`The sandbox cannot take “${String(key)}” away on this platform.`);
  }
}

/**
 * Freezes what the kernel computes with. `Object.prototype` and `Error.prototype` only stop growing: were they
 * frozen, a class could no longer give its objects a `toString` or a `name` by assignment.
 */
function lockIntrinsics(): void {
  const constructors = [
    Array,
    ArrayBuffer,
    BigInt,
    Boolean,
    DataView,
    Date,
    Function,
    Map,
    Number,
    Promise,
    Proxy,
    RegExp,
    Set,
    String,
    Symbol,
    WeakMap,
    WeakRef,
    WeakSet,
    Object.getPrototypeOf(Int8Array) as () => unknown,
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    BigInt64Array,
    BigUint64Array,
    Float32Array,
    Float64Array,
    MessagePort,
    MessageChannel,
    MessageEvent,
    Event,
    EventTarget,
    Performance,
  ];
  for (const constructor of constructors) {
    Object.freeze(constructor);
    if (constructor.prototype) Object.freeze(constructor.prototype);
  }
  const prototypes: object[] = [
    [][Symbol.iterator](),
    new Map()[Symbol.iterator](),
    new Set()[Symbol.iterator](),
    ""[Symbol.iterator](),
    "".matchAll(/a/g),
    function* () {},
    async function* () {},
    async function () {},
  ].map((value) => Object.getPrototypeOf(value) as object);
  for (const prototype of prototypes) {
    for (let at = prototype; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) Object.freeze(at);
  }
  for (const namespace of [Object, Reflect, JSON, Math, Error, WebAssembly]) {
    if (namespace !== Error) Object.freeze(namespace);
  }
  Object.preventExtensions(Object.prototype);
  Object.preventExtensions(Error.prototype);
}

function lockErrors(): void {
  // V8 would otherwise hand every stack to a function of the cell's, with the call sites of the kernel.
  Object.defineProperty(Error, "prepareStackTrace", {
    value: undefined,
    writable: false,
    configurable: false,
  });
  Object.defineProperty(Error, "stackTraceLimit", { value: 50, writable: false, configurable: false });
}

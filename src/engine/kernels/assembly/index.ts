// The module's exports: every kernel is called name_type, and this is all that leaves WebAssembly.
export * from "./elementwise";
export * from "./reduce";
export * from "./loss";
export * from "./move";
export * from "./matrix";
export * from "./conv";
export * from "./conv-weight";
export * from "./pool";
export * from "./normalise";
export * from "./optimizer";
export * from "./eigen";
export * from "./tridiagonal";
export * from "./vectors";
export * from "./random";

/** First free byte after the module's own constants. */
export function heapBase(): usize {
  return __heap_base;
}

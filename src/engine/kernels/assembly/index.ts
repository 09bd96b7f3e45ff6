// The first module's exports: every kernel is called name_type, and this is all that leaves WebAssembly. The kernels of
// layers (layers.ts) and of optimisers (optimizer.ts) are modules of their own, which only those load that need them.
export * from "./elementwise";
export * from "./reduce";
export * from "./loss";
export * from "./move";
export * from "./matrix";
export * from "./eigen";
export * from "./tridiagonal";
export * from "./vectors";
export * from "./random";

/** First free byte after the module's own constants. */
export function heapBase(): usize {
  return __heap_base;
}

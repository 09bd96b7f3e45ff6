// The namespace `analysis`: looking at an error surface and at the way optimisers move over it.
export * from "./everyday.ts";
export * from "./more.ts";

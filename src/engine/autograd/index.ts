// The namespace `autograd`.
export * from "./everyday.ts";
export * from "./more.ts";

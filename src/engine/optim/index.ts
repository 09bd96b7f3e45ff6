// The namespace `optim`.
export * from "./everyday.ts";
export * from "./more.ts";

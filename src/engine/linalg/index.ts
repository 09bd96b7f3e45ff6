// The namespace `linalg`.
export * from "./everyday.ts";
export * from "./more.ts";

// What the core of the engine has of the namespace `linalg`; the rest is a part (runtime/parts.ts).
export { eigh, eigvalsh, type Eigensystem } from "./eigh.ts";
export { norm, type LinalgNormOptions } from "./norm.ts";

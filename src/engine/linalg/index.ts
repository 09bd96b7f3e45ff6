// The namespace `linalg`.
export { eigh, eigvalsh, type Eigensystem } from "./eigh.ts";

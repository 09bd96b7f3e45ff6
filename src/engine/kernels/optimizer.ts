// Puts the kernels of optimisers into the table. Import it where they are called.
import { kernelBytes } from "./generated/optimizer.ts";
import { addKernels } from "./kernels.ts";

addKernels(kernelBytes);

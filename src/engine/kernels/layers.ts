// Puts the kernels of layers: convolution, pooling, normalisation into the table. Import it where they are called.
import { kernelBytes } from "./generated/layers.ts";
import { addKernels } from "./kernels.ts";

addKernels(kernelBytes);

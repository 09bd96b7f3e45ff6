// Drawing what cells show: the public face of this folder.
export { Outputs, type OutputsProps } from "./outputs.tsx";
export { ErrorView } from "./error.tsx";
export { SketchPad, type SketchPadProps } from "./sketch-pad.tsx";

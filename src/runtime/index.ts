export type * from "./kernel.ts";
export type * from "./output.ts";
export type * from "./plot.ts";
export type * from "./protocol.ts";
export { BODY_PREFIX, compileCell, FIRST_BODY_LINE, mapPlace } from "./compile/index.ts";
export type { CellImport, CompiledCell, CompileOptions, Place } from "./compile/index.ts";
export { DataFileError, readDataFile } from "./data-file.ts";
export { Session } from "./session/index.ts";
export type {
  CellDefinition,
  CellState,
  CellStatus,
  KernelStatus,
  SessionChange,
  SessionOptions,
} from "./session/index.ts";
export { createFrameHost } from "./browser/frame-host.ts";
export type { FrameHostOptions } from "./browser/frame-host.ts";
export type { PartFile, PartFiles } from "./browser/part-store.ts";
export { partNames, partsOf } from "./parts.ts";
export type { PartName } from "./parts.ts";
export type * from "./browser/frame-protocol.ts";

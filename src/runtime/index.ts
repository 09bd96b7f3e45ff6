export type * from "./kernel.ts";
export type * from "./output.ts";
export type * from "./plot.ts";
export type * from "./protocol.ts";

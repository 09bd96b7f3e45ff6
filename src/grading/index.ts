export type * from "./public-lesson.ts";
export type * from "./types.ts";

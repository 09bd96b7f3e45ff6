// The public face of the command line: what a command finds, for programs that want it as data.
export { FileCache } from "./check/cache.ts";
export { checkLesson, type CheckOptions, type LessonCheck } from "./check/lesson.ts";
export { Processes } from "./check/processes.ts";

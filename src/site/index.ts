// The public face of the site room for the command line: lessons as they lie on disk.
export {
  type LessonFolder,
  type LessonText,
  readLessonFolder,
  readLessonText,
} from "./content/lesson-folder.ts";
export { renderAnswerKey, renderExerciseSheet, type SheetOptions } from "./sheets/sheet.ts";
export { namesFrom } from "./content/names.ts";

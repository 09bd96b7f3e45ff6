// The public face of the site room for the command line: lessons as they lie on disk, and HTML as text.
export {
  type LessonFolder,
  type LessonText,
  readLessonFolder,
  readLessonText,
} from "./content/lesson-folder.ts";
export { type Html, markup, raw } from "./markup.ts";
export { renderAnswerKey, renderExerciseSheet, type SheetOptions } from "./sheets/sheet.ts";
export { namesFrom } from "./content/names.ts";

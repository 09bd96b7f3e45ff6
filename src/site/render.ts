// The part of the site that knows lessons and components. The plugin loads it through Vite, so that in development
// a change in any room shows on the next page load.
export { Content, type LessonEntry, type SiteLesson } from "./content/content.ts";
export { guideId } from "./content/guide.ts";
export { leaksIn, type Secret, unlessShown } from "./content/secrets.ts";
export { FormulaFonts } from "./fonts/formula-fonts.ts";
export { renderGlossaryPage } from "./pages/glossary.ts";
export { renderSearchPage } from "./pages/search.ts";
export { searchEntries } from "./search/entries.ts";
export { renderCoursePage } from "./pages/course.ts";
export { renderLessonPage, renderLessonParts, type LessonPage } from "./pages/lesson.ts";
export { renderNotFoundPage } from "./pages/not-found.ts";
export { renderReferenceIndex } from "./pages/reference-index.ts";
export { renderReferencePage, type ReferencePage } from "./pages/reference.ts";
export { renderProblemsPage } from "./pages/problems.ts";
export { type IntroducedGroup, Reference, referenceFolder } from "./reference/reference.ts";
export { renderers } from "./renderers.ts";
export { notebookFiles } from "../notebook/static.ts";
export { formatProblem } from "../lesson/index.ts";

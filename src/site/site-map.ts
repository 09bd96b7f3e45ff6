// Where a lesson stands in its course: its number, its neighbours, the chapters it builds on.
import type { Content, SiteLesson } from "./content/content.ts";
import type { ChapterLink, LessonPage, Renderers } from "./pages/lesson.ts";

/** All that a lesson's page shows. Lessons that cannot be read have no link. */
export async function lessonPage(
  content: Content,
  site: SiteLesson,
  renderers: Renderers,
): Promise<LessonPage> {
  const { course } = await content.course();
  const lessons = (await content.lessons()).flatMap((entry) =>
    entry.site === null ? [] : [entry.site.lesson],
  );
  const links: ChapterLink[] = lessons.map(({ id, title }) => ({ id, title }));
  const place = links.findIndex(({ id }) => id === site.lesson.id);
  const isChapter = place !== -1;
  return {
    course,
    lesson: site.lesson,
    number: isChapter ? place + 1 : null,
    previous: (isChapter ? links[place - 1] : undefined) ?? null,
    next: (isChapter ? links[place + 1] : undefined) ?? null,
    prerequisites: links.filter(({ id }) => site.lesson.prerequisites.includes(id)),
    renderers,
  };
}

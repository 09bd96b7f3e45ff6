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
  return {
    course,
    lesson: site.lesson,
    number: place + 1,
    previous: links[place - 1] ?? null,
    next: links[place + 1] ?? null,
    prerequisites: links.filter(({ id }) => site.lesson.prerequisites.includes(id)),
    renderers,
  };
}

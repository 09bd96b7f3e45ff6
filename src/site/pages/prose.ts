// Prose as the page needs it: links between lesson files become links between pages.

/** `../other/lesson.md#part`, which works on a Git host, becomes `../other/#part`, which works on the site. */
export function linkLessons(html: string): string {
  return html.replaceAll(/(<a\b[^>]*\bhref="\.\.\/[\w-]+\/)lesson\.md(?=["#])/g, "$1");
}

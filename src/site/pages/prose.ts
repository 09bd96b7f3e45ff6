// Prose as the page needs it.

export function prepareProse(html: string): string {
  return nameCallouts(linkLessons(html));
}

/** `../other/lesson.md#part`, which works on a Git host, becomes `../other/#part`, which works on the site. */
function linkLessons(html: string): string {
  return html.replaceAll(/(<a\b[^>]*\bhref="\.\.\/[\w-]+\/)lesson\.md(?=["#])/g, "$1");
}

/** A page has many call-outs of one kind; as notes they are no landmarks, which would have to differ in name. */
function nameCallouts(html: string): string {
  return html.replaceAll('<aside class="callout ', '<aside role="note" class="callout ');
}

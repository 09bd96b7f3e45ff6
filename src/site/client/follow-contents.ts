// Marks the section that is being read in the table of contents.

/** `onSection` is told the id of each heading as it becomes the current one. */
export function followContents(onSection: (id: string) => void): void {
  let current: string | null = null;
  let due = false;
  const update = () => {
    due = false;
    const links = [...document.querySelectorAll<HTMLAnchorElement>("nav.contents a")];
    const line = innerHeight * 0.3;
    let found: HTMLAnchorElement | null = null;
    for (const link of links) {
      const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (heading === null || heading.getBoundingClientRect().top > line) break;
      found = link;
    }
    if (scrollY + innerHeight >= document.documentElement.scrollHeight - 2) found = links.at(-1) ?? null;
    const id = found === null ? null : decodeURIComponent(found.hash.slice(1));
    if (id === current) return;
    current = id;
    for (const link of links) link.removeAttribute("aria-current");
    found?.setAttribute("aria-current", "true");
    keepInView(found);
    if (id !== null) onSection(id);
  };
  const plan = () => {
    if (due) return;
    due = true;
    requestAnimationFrame(update);
  };
  addEventListener("scroll", plan, { passive: true });
  addEventListener("resize", plan, { passive: true });
  plan();
}

/** Scrolls the side column, never the page. */
function keepInView(link: HTMLElement | null): void {
  const column = link?.closest<HTMLElement>("nav.contents");
  if (link === null || column === null || column === undefined || column.scrollHeight <= column.clientHeight)
    return;
  const inside = link.getBoundingClientRect().top - column.getBoundingClientRect().top;
  if (inside < 40 || inside > column.clientHeight - 60) column.scrollTop += inside - column.clientHeight / 3;
}

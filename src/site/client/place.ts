// Where the reader was: kept on this device, offered on the course page.

export interface Place {
  lesson: string;
  title: string;
  section: string;
  sectionTitle: string;
}

const key = (course: string) => `descent:${course}:place`;

export function keepPlace(section: string): void {
  const { course, lesson } = document.body.dataset;
  const heading = document.getElementById(section);
  if (course === undefined || lesson === undefined || heading === null) return;
  const link = document.querySelector(`nav.contents a[href="#${CSS.escape(section)}"] .contents-text`);
  const place: Place = {
    lesson,
    title: document.querySelector("h1")?.textContent ?? lesson,
    section,
    sectionTitle: plainText(link ?? heading),
  };
  try {
    localStorage.setItem(key(course), JSON.stringify(place));
  } catch {
    // Storage may be full or forbidden; then there is no place to go back to.
  }
}

export function lastPlace(course: string): Place | null {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key(course)) ?? "null");
    return isPlace(stored) ? stored : null;
  } catch {
    return null;
  }
}

function isPlace(value: unknown): value is Place {
  if (typeof value !== "object" || value === null) return false;
  const fields: (keyof Place)[] = ["lesson", "title", "section", "sectionTitle"];
  return fields.every((field) => typeof (value as Record<string, unknown>)[field] === "string");
}

/** A heading's words; a formula counts once, not as its drawing and its MathML both. */
function plainText(element: Element): string {
  const copy = element.cloneNode(true) as Element;
  for (const math of copy.querySelectorAll(".katex-mathml")) math.remove();
  return (copy.textContent ?? "").trim();
}

// A lesson cut into sections at its second-level headings, and the table of contents that follows from them.
import type { Heading } from "../../lesson/index.ts";
import type { PublicBlock, PublicLesson } from "../../grading/index.ts";

export interface Section {
  /** `null` for what stands above the first heading. */
  heading: Heading | null;
  /** Counts from 1; `null` where there is no heading. */
  number: number | null;
  blocks: PublicBlock[];
}

export interface ContentsEntry {
  id: string;
  /** `null` where sections are not counted. */
  number: number | null;
  html: string;
  children: { id: string; html: string }[];
}

/** Sections in order; what stands above the first heading is one without a heading. */
export function sectionsOf(lesson: PublicLesson): Section[] {
  const sections: Section[] = [{ heading: null, number: null, blocks: [] }];
  let number = 0;
  for (const block of lesson.blocks) {
    if (block.kind === "heading" && block.heading.depth <= 2) {
      number += 1;
      sections.push({ heading: block.heading, number, blocks: [] });
    } else {
      sections.at(-1)?.blocks.push(block);
    }
  }
  return sections.filter((section) => section.heading !== null || section.blocks.length > 0);
}

/** Two levels: sections, and the third-level headings inside them. */
export function contentsOf(sections: Section[]): ContentsEntry[] {
  return sections.flatMap(({ heading, number, blocks }) =>
    heading === null || number === null
      ? []
      : [
          {
            id: heading.id,
            number,
            html: heading.html,
            children: blocks.flatMap((block) =>
              block.kind === "heading" && block.heading.depth === 3
                ? [{ id: block.heading.id, html: block.heading.html }]
                : [],
            ),
          },
        ],
  );
}

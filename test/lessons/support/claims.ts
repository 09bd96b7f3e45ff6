// Ties stretches of a chapter's text to what its own cells computed: the numbers a reader is told are those the cells give.
import { describe, expect, test } from "vitest";
import type { Chapter } from "./chapter.ts";

/** A stretch of the chapter's text, and what the cells say to the numbers in it, in order. */
export interface Claim {
  text: string;
  values: () => readonly number[];
}

/** A number as the text writes it: `0.0100`, `$30\,000$`, `$2.826 \cdot 10^{-5}$`; with half a unit of its last digit. */
export function statedNumbers(text: string): { value: number; tolerance: number }[] {
  const plain = text.replaceAll("\\,", "").replaceAll(/(\d) (\d{3})\b/g, "$1$2");
  return [...plain.matchAll(/(-?\d+(?:\.(\d+))?)(?: \\cdot 10\^\{(-?\d+)\})?/g)].map(
    ([, digits, decimals, exponent]) => {
      const scale = 10 ** Number(exponent ?? 0);
      const isRounded = decimals !== undefined || exponent !== undefined;
      const tolerance = isRounded ? 0.5 * 10 ** -(decimals?.length ?? 0) * scale * (1 + 1e-6) : 0;
      return { value: Number(digits) * scale, tolerance };
    },
  );
}

/** One test for each claim. A number without decimals is exact, up to the rounding of the last bits. */
export function testClaims(chapter: Chapter, claims: readonly Claim[]): void {
  describe("the numbers of the text", () => {
    for (const { text, values } of claims) {
      test(`“${text.replaceAll("\n", " ")}”`, () => {
        expect(chapter.source).toContain(text);
        const stated = statedNumbers(text);
        const computed = values();
        expect(computed).toHaveLength(stated.length);
        for (const [index, { value, tolerance }] of stated.entries())
          expect(Math.abs(computed[index]! - value), `${value} is ${computed[index]}`).toBeLessThanOrEqual(
            tolerance === 0 ? 1e-9 : tolerance,
          );
      });
    }
  });
}

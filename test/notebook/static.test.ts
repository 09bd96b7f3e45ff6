// What a page shows before any script has run.
import { describe, expect, it } from "vitest";
import { renderIsland } from "../../src/notebook/static.ts";
import { exercise, sampleData } from "./sample.ts";

function island(id: string): string {
  const block = sampleData().blocks.find((block) => block.kind !== "exercise" && block.id === id);
  if (block === undefined) throw new Error(`no block ${id}`);
  return renderIsland(block);
}

describe("a static island", () => {
  it("of a cell has its highlighted code under its name, and a button to run it", () => {
    const html = island("first");
    expect(html).toContain('aria-label="Code of cell first"');
    expect(html).toContain('<span class="tok-keyword">const</span>');
    expect(html).toContain('aria-label="Run Cell first"');
  });

  it("of a folded cell has its code behind a disclosure", () => {
    const html = island("cell-3");
    expect(html).toMatch(/<details class="cell-fold"><summary>/);
    expect(html).toContain("read only");
  });

  it("of an exercise has the statement, the starter and the points, and tells of hidden tests", () => {
    const html = renderIsland(exercise);
    expect(html).toContain("<em>double</em>");
    expect(html).toContain('aria-label="Answer to Double"');
    expect(html).toContain("4 points");
    expect(html).toContain("6 more points are decided by hidden tests when your work is graded.");
    expect(html).not.toContain("Add it to itself");
  });

  it("of a choice quiz is a group of radio buttons with the question as legend, and gives nothing away", () => {
    const html = island("pick");
    expect(html).toMatch(/<fieldset[^>]*><legend/);
    expect(html.match(/type="radio"/g)).toHaveLength(2);
    expect(html).not.toContain("It is on the right");
    expect(html).not.toContain("Look to the other side");
    expect(html).not.toContain("is-right");
  });

  it("of the other quizzes has checkboxes, labelled fields and the program", () => {
    expect(island("both").match(/type="checkbox"/g)).toHaveLength(2);
    expect(island("number")).toMatch(/<label for="quiz-number-answer">[\s\S]*<input id="quiz-number-answer"/);
    expect(island("word")).toContain('<label for="quiz-word-answer">');
    expect(island("traced")).toContain('<span class="code-line">console');
  });

  it("of a prediction asks and does not tell", () => {
    const html = island("guess");
    expect(html).toContain("Predict first");
    expect(html).not.toContain("Fewer than one thinks");
  });

  it("has no id twice in a page", () => {
    const html = sampleData()
      .blocks.map((block) => renderIsland(block))
      .join("");
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

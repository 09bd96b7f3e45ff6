// Docstrings as HTML: what they mark is shown, and what only looks like a mark is left alone.
import { describe, expect, it } from "vitest";
import { renderDocstring, sentenceOf, summaryOf } from "../../src/site/reference/docstring.ts";

const tools = {
  hrefOf: (name: string) => (name === "nn.Linear" ? "#nn.Linear" : null),
  code: (source: string) => `<i>${source}</i>`,
};
const render = (text: string) => renderDocstring(text, tools).text;

describe("a docstring", () => {
  it("has paragraphs, whose lines are joined", () => {
    expect(render("One\ntwo.\n\nThree.")).toBe("<p>One two.</p>\n<p>Three.</p>\n");
  });

  it("leaves products, names with underscores and signs of comparison as they are", () => {
    expect(render("xoshiro256** and add_(x) · a*b*c, x < y")).toBe(
      "<p>xoshiro256** and add_(x) · a*b*c, x &lt; y</p>\n",
    );
  });

  it("links the names that are documented", () => {
    expect(render("Like `nn.Linear`, not `lr`; {@link nn.Linear}.")).toBe(
      '<p>Like <a href="#nn.Linear"><code>nn.Linear</code></a>, not <code>lr</code>; <a href="#nn.Linear"><code>nn.Linear</code></a>.</p>\n',
    );
  });

  it("keeps the lines and the spaces of an indented formula", () => {
    expect(render("Momentum:\n\n    b ← λ·b + g\n    p ← p − η·b      (each step)")).toBe(
      '<p>Momentum:</p>\n<pre class="plain-formula">b ← λ·b + g\np ← p − η·b      (each step)</pre>\n',
    );
  });

  it("shows indented code as code", () => {
    expect(render("So:\n\n    const x = tensor(3);")).toContain(
      '<pre class="code"><code><i>const x = tensor(3);</i>',
    );
  });

  it("draws TeX, and shows what is no TeX as it is written", () => {
    expect(render("The slope $\\nabla f$.")).toContain('class="katex"');
    expect(render("$$\nx^2\n$$")).toContain("katex-display");
    expect(render("It costs $5 and $6.")).toBe("<p>It costs $5 and $6.</p>\n");
    expect(render("Broken $\\frac{1$ here.")).toContain("\\frac{1");
  });

  it("has lists", () => {
    expect(render("- one\n  more\n- two")).toBe("<ul><li>one more</li><li>two</li></ul>\n");
  });
});

describe("the short forms of a docstring", () => {
  it("are its first paragraph and its first sentence", () => {
    const text = "Adam (Kingma et al. 2014). It scales\nsteps.\n\nMore.";
    expect(summaryOf(text)).toBe("Adam (Kingma et al. 2014). It scales steps.");
    expect(sentenceOf(text)).toBe("Adam (Kingma et al. 2014).");
  });

  it("end at no abbreviation", () => {
    expect(sentenceOf("Rates, e.g. Adam's by J. Ba. Then more.")).toBe("Rates, e.g. Adam's by J. Ba.");
  });

  it("are plain text in which back quotes mark code", () => {
    expect(summaryOf("The $x^2$ of `a` is *small*.")).toBe("The x^2 of `a` is small.");
  });
});

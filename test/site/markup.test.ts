// The HTML template: what it is given is text unless it says otherwise.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markup, raw } from "../../src/site/markup.ts";

describe("html", () => {
  it("lets no text become markup, in an element or in an attribute", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const page = markup`<p title="${text}">${text}</p>`.text;
        expect(page.match(/[<>]/g)).toHaveLength(4);
        expect(page.match(/"/g)).toHaveLength(2);
      }),
    );
  });

  it("passes what is marked as HTML", () => {
    expect(markup`<p>${raw("<em>so</em>")}</p>`.text).toBe("<p><em>so</em></p>");
  });

  it("joins lists and prints nothing for what is absent", () => {
    expect(markup`${["a", markup`<b>b</b>`]}${null}${undefined}${false}${0}`.text).toBe("a<b>b</b>0");
  });
});

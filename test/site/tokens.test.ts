// The colours: readable on every paper in light and dark, and the two ways into dark give the same colours.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("../../src/site/styles/tokens.css", import.meta.url), "utf8");

/** The custom properties of each rule that defines a paper: light, dark by the system, dark by choice. */
const themes = [...css.matchAll(/\{([^{}]*--paper:[^{}]*)\}/g)].map(
  ([, body = ""]) =>
    new Map([...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name = "", value = ""]) => [name, value])),
);
const [light, dark, chosenDark] = themes;

const papers = ["paper", "paper-raised", "paper-sunk", "code-paper"];
const inks = ["ink", "ink-soft", "ink-faint", "accent", "good", "bad", "warn"];

describe.each([
  ["light", light],
  ["dark", dark],
])("the %s theme", (_, theme = new Map<string, string>()) => {
  const ratio = (front: string, back: string) => contrast(theme.get(front), theme.get(back));
  const named = (prefix: string) => [...theme.keys()].filter((name) => name.startsWith(prefix));

  it.each(papers.flatMap((paper) => inks.map((ink) => [ink, paper])))("sets %s on %s", (ink, paper) => {
    expect(ratio(ink, paper)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(["accent", "good", "bad", "warn"])("sets text on %s-soft", (tone) => {
    for (const ink of ["ink", "ink-soft", tone])
      expect(ratio(ink, `${tone}-soft`)).toBeGreaterThanOrEqual(4.5);
  });

  it("sets the accent's own ink on it", () => {
    expect(ratio("accent-ink", "accent")).toBeGreaterThanOrEqual(4.5);
  });

  it("sets every code colour on the code's paper", () => {
    const colours = named("code-").filter((name) => name !== "code-paper");
    expect(colours).toHaveLength(7);
    expect(colours.filter((colour) => ratio(colour, "code-paper") < 4.5)).toEqual([]);
  });

  it("draws every series and the focus ring so that they stand out from the paper", () => {
    const series = named("series-");
    expect(series).toHaveLength(9);
    const drawn = [...series, "focus"];
    expect(drawn.filter((colour) => papers.some((paper) => ratio(colour, paper) < 3))).toEqual([]);
  });
});

it("gives the same dark colours by the system's wish and by the reader's", () => {
  expect(themes).toHaveLength(3);
  expect(chosenDark).toEqual(dark);
});

it("defines every colour in both themes", () => {
  const colours = [...(light ?? new Map<string, string>())].filter(([, value]) => value.startsWith("#"));
  expect([...(dark ?? new Map<string, string>()).keys()]).toEqual(
    expect.arrayContaining(colours.map(([name]) => name)),
  );
});

/** WCAG's contrast ratio of two `#rrggbb` colours. */
function contrast(front: string | undefined, back: string | undefined): number {
  const [darker = 0, lighter = 0] = [luminance(front), luminance(back)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string | undefined): number {
  if (colour === undefined || !/^#[0-9a-f]{6}$/i.test(colour)) throw new Error(`not a colour: ${colour}`);
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((start) => Number.parseInt(colour.slice(start, start + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

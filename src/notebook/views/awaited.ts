// The room kept for what a cell will show when the page has opened, so that the text below does not jump when it comes.

/** What one output takes at the width of its column, as CSS; near enough that nothing visibly moves. */
const heights: Record<string, string> = {
  surface: "(clamp(260px, 80cqi, 540px) + var(--surface-extra, 142px))",
  "plot-wide": "(max(150px, 62cqi) + 68px)",
  "plot-square": "(min(620px, max(260px, 130cqi), 100cqi - 54px) + 176px)",
  slider: "54px",
};

/** The height to keep, as CSS; `null` for a cell that draws nothing. */
export function awaitedHeight(source: string): string | null {
  const calls = [...source.matchAll(/^\s*(?:(?:const|let)\s+\w+\s*=\s*)?(surface|plot|slider|select)\(/gm)];
  const found = calls.flatMap(({ 1: name = "", index }, at) => {
    if (name !== "plot") return [heights[name === "select" ? "slider" : name] ?? "0px"];
    const options = source.slice(index, calls[at + 1]?.index);
    return [heights[/\bequal: true/.test(options) ? "plot-square" : "plot-wide"] ?? "0px"];
  });
  return found.length === 0 ? null : `calc(${found.join(" + ")})`;
}

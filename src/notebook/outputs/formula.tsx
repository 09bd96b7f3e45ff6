// A formula from a cell, set by KaTeX, which is fetched with the first one. A formula with a mistake is shown as typed, with the reason.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { LazyModule, useLazy } from "./lazy.ts";

const katex = new LazyModule(async () => (await import("katex")).default);

export function FormulaView({ tex, display }: { tex: string; display: boolean }): JSX.Element {
  const loaded = useLazy(katex);
  const result = useMemo(() => {
    if (loaded.status !== "ready") return null;
    try {
      return {
        html: loaded.module.renderToString(tex, {
          displayMode: display,
          throwOnError: true,
          trust: false,
          strict: "ignore",
          maxExpand: 500,
          maxSize: 20,
        }),
      };
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) };
    }
  }, [loaded, tex, display]);
  const kind = display ? "formula formula-display" : "formula";
  if (result?.html !== undefined)
    // KaTeX's own markup: with `trust` off it holds no links, pictures, styles or scripts of the formula's author.
    return <span class={kind} dangerouslySetInnerHTML={{ __html: result.html }} />;
  return (
    <span class={`${kind} formula-source`}>
      <code>{tex}</code>
      {result?.problem !== undefined && <span class="formula-problem">{result.problem}</span>}
      {loaded.status === "failed" && (
        <span class="formula-problem">The formula could not be set: {loaded.message}</span>
      )}
    </span>
  );
}

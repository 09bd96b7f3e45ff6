// The theme's colours as numbers, for what cannot be coloured by CSS; and word of when they change.
import { useEffect, useState } from "preact/hooks";
import { rampColour, rampSteps } from "./ramp.ts";
import { colourReader } from "./save.ts";
import type { SceneColours } from "./surface-scene.ts";

/** A number that changes with the theme: the system's, or an attribute of the page's root. */
export function useThemeVersion(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const changed = (): void => setVersion((now) => now + 1);
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", changed);
    const observer = new MutationObserver(changed);
    observer.observe(document.documentElement, {
      attributes: true,
      attributeFilter: ["class", "data-theme", "style"],
    });
    return () => {
      system.removeEventListener("change", changed);
      observer.disconnect();
    };
  }, []);
  return version;
}

/** Reads the colours as they are within an element of a plot. */
export function readColours(within: HTMLElement): SceneColours {
  const toRgb = colourReader();
  const probe = document.createElement("span");
  probe.hidden = true;
  within.append(probe);
  const read = (css: string): string => {
    probe.style.color = css;
    return toRgb(getComputedStyle(probe).color);
  };
  const names = ["blue", "orange", "green", "red", "purple", "teal", "pink", "grey", "ink"] as const;
  const series = new Map(names.map((name) => [name, read(`var(--series-${name})`)]));
  const ink = read("var(--ink)");
  const colours: SceneColours = {
    ramp: Array.from({ length: rampSteps + 1 }, (_, step) => read(rampColour(step / rampSteps, "relief"))),
    ink,
    faint: read("var(--ink-faint)"),
    paper: read("var(--paper)"),
    series: (colour) => series.get(colour) ?? ink,
  };
  probe.remove();
  return colours;
}

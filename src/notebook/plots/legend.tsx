// Names of the series that are not written into the picture, and the scale of colours that stand for numbers.
import type { JSX } from "preact";
import type { Colour, SurfaceDescription } from "../../runtime/index.ts";
import { formatNumber } from "../outputs/numbers.ts";
import type { Layout } from "./layout.ts";
import { heatExtent, heatPalette } from "./mark-fields.tsx";
import { usableExtent } from "./numbers-in.ts";
import { nameOf, seriesOf, type Picture, type Series } from "./prepare.ts";
import type { SurfaceModel } from "./surface-model.ts";
import { rampGradient, type Palette } from "./ramp.ts";

/** Series that need an entry: named, and with no name in the picture itself. */
export function legendEntries(picture: Picture, layout: Layout): Series[] {
  const written = new Set(layout.endLabels.map(({ series }) => series.index));
  return picture.series.filter(
    (series) =>
      series.label !== null &&
      !written.has(series.index) &&
      series.mark.type !== "text" &&
      series.mark.type !== "rule" &&
      series.mark.type !== "heat" &&
      series.mark.type !== "handle" &&
      !(series.mark.type === "contour" && series.mark.filled) &&
      !(series.mark.type === "dot" && series.mark.value) &&
      !(series.mark.type === "arrow" && series.mark.x.length <= 2),
  );
}

interface Scale {
  name: string;
  palette: Palette;
  low: number;
  high: number;
}

/** Colour scales to explain. */
export function colourScales(picture: Picture): Scale[] {
  const heats = seriesOf(picture, "heat").map((series) => {
    const [low, high] = heatExtent(series.mark);
    return { name: series.label ?? "", palette: heatPalette(series.mark), low, high };
  });
  const fills = seriesOf(picture, "contour")
    .filter(({ mark }) => mark.filled)
    .flatMap((series): Scale[] => {
      const found = usableExtent(series.mark.grid.values);
      return found ? [{ name: series.label ?? "", palette: "wash", low: found[0], high: found[1] }] : [];
    });
  const dots = seriesOf(picture, "dot").flatMap((series): Scale[] => {
    const found = series.mark.value && usableExtent(series.mark.value);
    return found ? [{ name: series.label ?? "", palette: "sequential", low: found[0], high: found[1] }] : [];
  });
  return [...heats, ...fills, ...dots];
}

export function Legend({ picture, layout }: { picture: Picture; layout: Layout }): JSX.Element | null {
  const entries = legendEntries(picture, layout);
  const scales = colourScales(picture);
  if (entries.length === 0 && scales.length === 0) return null;
  return (
    <div class="plot-legend">
      {entries.map((series) => (
        <span key={series.index} class="plot-legend-entry">
          <Swatch series={series} />
          {nameOf(series)}
        </span>
      ))}
      {scales.map(({ name, palette, low, high }, index) => (
        <span key={`scale-${index}`} class="plot-legend-scale">
          {name !== "" && <span>{name}</span>}
          <span class="plot-legend-number">{formatNumber(low, 3)}</span>
          <span
            class="plot-legend-ramp"
            style={{ backgroundImage: rampGradient(palette) }}
            aria-hidden="true"
          />
          <span class="visually-hidden"> to </span>
          <span class="plot-legend-number">{formatNumber(high, 3)}</span>
        </span>
      ))}
    </div>
  );
}

/** The heights' colours and the paths of a surface. */
export function SurfaceLegend({
  surface,
  model,
}: {
  surface: SurfaceDescription;
  model: SurfaceModel;
}): JSX.Element {
  const [low, middle, high] = [0, 0.5, 1].map((share) => formatNumber(model.quantile(share), 3));
  return (
    <div class="plot-legend">
      {surface.trajectories.map(({ label, colour }, index) => (
        <span key={index} class="plot-legend-entry">
          <LineSwatch colour={colour ?? "red"} />
          {label}
        </span>
      ))}
      <span class="plot-legend-scale">
        <span>{model.z.label}</span>
        <span class="plot-legend-number">{low}</span>
        <HalfRamp half="low" />
        <span class="visually-hidden"> to </span>
        <span class="plot-legend-number" title="Half of the surface lies below this">
          {middle}
        </span>
        <HalfRamp half="high" />
        <span class="visually-hidden"> to </span>
        <span class="plot-legend-number">{high}</span>
      </span>
    </div>
  );
}

/** Colours go by rank: the number between the halves of the ramp is the height of the middle colour. */
function HalfRamp({ half }: { half: "low" | "high" }): JSX.Element {
  return (
    <span
      class={`plot-legend-ramp plot-legend-half plot-legend-half-${half}`}
      style={{ backgroundImage: rampGradient("relief") }}
      aria-hidden="true"
    />
  );
}

function LineSwatch({ colour }: { colour: Colour }): JSX.Element {
  return (
    <svg
      class="plot-swatch"
      viewBox="0 0 20 12"
      width="20"
      height="12"
      aria-hidden="true"
      style={{ "--series": `var(--series-${colour})` }}
    >
      <path d="M1,6H19" class="plot-line" />
    </svg>
  );
}

export function Swatch({ series: { mark, colour } }: { series: Series }): JSX.Element {
  const dashed = mark.type === "line" && mark.dash === true;
  const shape =
    mark.type === "dot" || mark.type === "bar" || mark.type === "arrow"
      ? mark.type
      : mark.type === "trajectory" && mark.trail === false
        ? "dot"
        : "line";
  return (
    <svg
      class="plot-swatch"
      viewBox="0 0 20 12"
      width="20"
      height="12"
      aria-hidden="true"
      style={{ "--series": `var(--series-${colour})` }}
    >
      {shape === "dot" && <circle cx="10" cy="6" r="4" class="plot-swatch-fill" />}
      {shape === "bar" && <rect x="5" y="1" width="10" height="10" rx="1.5" class="plot-swatch-fill" />}
      {shape === "line" && <path d="M1,6H19" class={dashed ? "plot-line plot-dashed" : "plot-line"} />}
      {shape === "arrow" && <path d="M1,6H13M12,2L19,6L12,10Z" class="plot-line plot-swatch-fill" />}
    </svg>
  );
}

// All marks of a plot in their order: fields first, below the axes; everything else above.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Layout } from "./layout.ts";
import { Contour, Heat } from "./mark-fields.tsx";
import { Line, Trajectory } from "./mark-lines.tsx";
import { Arrows, Bars, Dots, Rule, TextNote, round } from "./mark-shapes.tsx";
import { seriesOf, type Picture, type Series } from "./prepare.ts";

interface MarksProps {
  picture: Picture;
  layout: Layout;
  /** Time of the trajectories, in steps. */
  time: number;
  /** Id of the clip path of the frame. */
  clip: string;
  layer: "ground" | "marks";
}

export function Marks({ picture, layout, time, clip, layer }: MarksProps): JSX.Element {
  const chosen = picture.series.filter((series) => (layer === "ground") === isGround(series));
  const view = (series: Series): JSX.Element => (
    <SeriesView key={series.index} series={series} picture={picture} layout={layout} time={time} />
  );
  return (
    <g class={`plot-${layer}`}>
      <g clip-path={`url(#${clip})`}>
        {chosen.filter((series) => !isNote(series)).map((series) => view(series))}
      </g>
      {chosen.filter(isNote).map(view)}
      {layer === "marks" &&
        layout.endLabels.map(({ series, text, y }) => (
          <text
            key={series.index}
            class="plot-end-label"
            style={{ "--series": `var(--series-${series.colour})` }}
            x={round(layout.frame.right + 6)}
            y={round(y)}
            dy="0.32em"
          >
            {text}
          </text>
        ))}
    </g>
  );
}

function isGround({ mark }: Series): boolean {
  return mark.type === "heat" || (mark.type === "contour" && mark.filled === true);
}

/** Texts and arrow heads may reach over the edge of the frame. */
function isNote({ mark }: Series): boolean {
  return mark.type === "text" || mark.type === "arrow" || mark.type === "rule";
}

/** One series; it is drawn anew only when it changes, or with the time if it is a path that plays. */
function SeriesView({
  series,
  picture,
  layout,
  time,
}: {
  series: Series;
  picture: Picture;
  layout: Layout;
  time: number;
}): JSX.Element {
  const moment = series.mark.type === "trajectory" ? time : 0;
  return useMemo(
    () => (
      <g
        class={`plot-series plot-series-${series.mark.type}`}
        style={{ "--series": `var(--series-${series.colour})` }}
      >
        {drawn(series, picture, layout, moment)}
      </g>
    ),
    [series, picture, layout, moment],
  );
}

function drawn(
  { mark, ...rest }: Series,
  picture: Picture,
  layout: Layout,
  time: number,
): JSX.Element | null {
  switch (mark.type) {
    case "line":
      return <Line series={{ mark, ...rest }} layout={layout} />;
    case "dot":
      return <Dots series={{ mark, ...rest }} layout={layout} />;
    case "bar": {
      const bars = seriesOf(picture, "bar");
      const place = bars.findIndex((series) => series.index === rest.index);
      return <Bars series={{ mark, ...rest }} layout={layout} place={place} of={bars.length} />;
    }
    case "contour":
      return <Contour series={{ mark, ...rest }} layout={layout} />;
    case "heat":
      return <Heat series={{ mark, ...rest }} layout={layout} />;
    case "arrow":
      return <Arrows series={{ mark, ...rest }} layout={layout} />;
    case "rule":
      return <Rule series={{ mark, ...rest }} layout={layout} />;
    case "text":
      return <TextNote series={{ mark, ...rest }} layout={layout} />;
    case "trajectory":
      return <Trajectory series={{ mark, ...rest }} layout={layout} time={time} />;
    case "handle":
      return null;
  }
}

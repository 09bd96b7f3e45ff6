// A surface over the plane. Where there is no WebGL the same data are a filled contour plot.
import type { JSX } from "preact";
import type { Colour, Mark, PlotDescription, SurfaceDescription } from "../../runtime/index.ts";
import type { PointHandling } from "../outputs/outputs.tsx";
import { Plot } from "./plot.tsx";

export function Surface({
  surface,
  ...handling
}: PointHandling & { surface: SurfaceDescription }): JSX.Element {
  return <Plot plot={asPlot(surface)} {...handling} />;
}

/** The surface seen from above. */
export function asPlot(surface: SurfaceDescription): PlotDescription {
  const { title, summary, x, y, z, grid, trajectories, arrows = [], handle } = surface;
  const marks: Mark[] = [
    { type: "contour", grid, filled: true, ...(z?.label === undefined ? {} : { label: z.label }) },
    ...trajectories.map(({ label, colour, x, y }): Mark =>
      withColour({ type: "trajectory", label, x, y }, colour),
    ),
    ...arrows.map(({ label, colour, from, to }): Mark =>
      withColour(
        {
          type: "arrow",
          label: label ?? "",
          x: [from[0]],
          y: [from[1]],
          dx: [to[0] - from[0]],
          dy: [to[1] - from[1]],
        },
        colour,
      ),
    ),
    ...(handle ? [{ type: "handle", ...handle } satisfies Mark] : []),
  ];
  return {
    version: 1,
    title,
    ...(summary === undefined ? {} : { summary }),
    ...(x ? { x } : {}),
    ...(y ? { y } : {}),
    equal: true,
    marks,
  };
}

function withColour(mark: Mark, colour: Colour | undefined): Mark {
  return colour ? Object.assign(mark, { colour }) : mark;
}

// A surface as a flat picture, for browsers without WebGL: filled contours with the same paths, arrows and movable point.
import type { Colour, Mark, PlotDescription, SurfaceDescription } from "../../runtime/index.ts";

/** The surface seen from above. */
export function asPlot(surface: SurfaceDescription): PlotDescription {
  const { title, summary, x, y, z, grid, trajectories, arrows = [], handle } = surface;
  const marks: Mark[] = [
    { type: "contour", grid, filled: true, ...(z?.label === undefined ? {} : { label: z.label }) },
    ...trajectories.map(({ label, colour, x, y }): Mark =>
      withColour({ type: "trajectory", label, x, y }, colour ?? "red"),
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

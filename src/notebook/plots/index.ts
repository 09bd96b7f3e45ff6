// Pictures of data: a chunk of its own, fetched with the first plot. Only `outputs/plot-slot.tsx` imports it.
export { Plot } from "./plot.tsx";
export { Surface } from "./surface.tsx";

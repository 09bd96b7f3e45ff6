// The notebook's own components, drawn to text: the static page and the living one are the same.
import { highlightCode, renderIsland } from "../notebook/static.ts";
import type { Renderers } from "./pages/lesson.ts";

export const renderers: Renderers = { island: renderIsland, code: highlightCode };

// The place of a picture. The code that draws arrives with the first one; until then the place is kept free.
import type { JSX } from "preact";
import type { PlotDescription, SurfaceDescription } from "../../runtime/index.ts";
import { LazyModule, useLazy } from "./lazy.ts";
import type { PointHandling } from "./outputs.tsx";

const plots = new LazyModule(() => import("../plots/index.ts"));

export function PlotSlot({ plot, ...handling }: PointHandling & { plot: PlotDescription }): JSX.Element {
  const loaded = useLazy(plots);
  if (loaded.status === "ready") return <loaded.module.Plot plot={plot} {...handling} />;
  return <Waiting title={plot.title} aspect={plot.aspect ?? 0.62} failed={loaded.status === "failed"} />;
}

export function SurfaceSlot({
  surface,
  ...handling
}: PointHandling & { surface: SurfaceDescription }): JSX.Element {
  const loaded = useLazy(plots);
  if (loaded.status === "ready") return <loaded.module.Surface surface={surface} {...handling} />;
  return <Waiting title={surface.title} aspect={0.7} failed={loaded.status === "failed"} />;
}

function Waiting({ title, aspect, failed }: { title: string; aspect: number; failed: boolean }): JSX.Element {
  return (
    <div class="plot-waiting" style={{ aspectRatio: `1 / ${Math.min(4, Math.max(0.1, aspect))}` }}>
      <span>
        {failed
          ? `${title}: the drawing code did not arrive. Run the cell again when you are online.`
          : title}
      </span>
    </div>
  );
}

// A plot: laid out for the width at hand, drawn as SVG, read by pointer and keys, its points dragged and its paths played.
import type { JSX } from "preact";
import { useEffect, useId, useMemo, useRef } from "preact/hooks";
import type { HandleMark, PlotDescription } from "../../runtime/index.ts";
import type { PointHandling } from "../outputs/outputs.tsx";
import { Axes } from "./axes.tsx";
import { dataTables } from "./data-tables.ts";
import { Figure } from "./figure.tsx";
import { Handle, usePointDrag, type Point } from "./handle.tsx";
import { layOut, type Layout } from "./layout.ts";
import { Legend } from "./legend.tsx";
import { Marks } from "./marks.tsx";
import { prefersReducedMotion, usePlayback } from "./playback.ts";
import { Player } from "./player.tsx";
import { nameOf, prepare, seriesOf, type Picture, type Series } from "./prepare.ts";
import { Reader } from "./reader.tsx";
import { download, fileName, pngBlob, svgText } from "./save.ts";
import { summarise } from "./summary.ts";
import { useWidth } from "./use-size.ts";
import "./plots.css";

/** Width for which the first picture is laid out, before the page has said how wide it is. */
const firstWidth = 640;

export function Plot({ plot, ...handling }: PointHandling & { plot: PlotDescription }): JSX.Element {
  const picture = useMemo(() => prepare(plot), [plot]);
  const stage = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const clip = useId();
  const width = useWidth(stage, firstWidth);
  const layout = useMemo(() => layOut(picture, width), [picture, width]);
  const summary = useMemo(() => summarise(plot), [plot]);
  const paths = seriesOf(picture, "trajectory");
  const steps = Math.max(0, ...paths.map(({ mark }) => Math.min(mark.x.length, mark.y.length) - 1));
  const playback = usePlayback(steps);
  usePlayOnceInView(stage, steps > 0, playback.restart);

  const savePng = (): void => {
    if (svg.current)
      pngBlob(svg.current).then(
        (blob) => download(fileName(plot.title, "png"), blob),
        () => undefined,
      );
  };
  const saveSvg = (): void => {
    if (svg.current)
      download(fileName(plot.title, "svg"), new Blob([svgText(svg.current)], { type: "image/svg+xml" }));
  };

  return (
    <Figure
      title={plot.title}
      summary={summary}
      notes={picture.notes}
      tables={() => dataTables(plot)}
      saves={
        <>
          <button type="button" class="output-more" onClick={saveSvg}>
            Save as SVG
          </button>
          <button type="button" class="output-more" onClick={savePng}>
            Save as PNG
          </button>
        </>
      }
    >
      {(ids) => (
        <>
          <Legend picture={picture} layout={layout} />
          <div class="plot-stage" ref={stage}>
            <svg
              ref={svg}
              class="plot-picture"
              role="img"
              aria-labelledby={ids.title}
              aria-describedby={ids.summary}
              viewBox={`0 0 ${layout.width} ${layout.height}`}
              width={layout.width}
              height={layout.height}
            >
              <clipPath id={clip}>
                <rect
                  x={layout.frame.left}
                  y={layout.frame.top}
                  width={layout.frame.right - layout.frame.left}
                  height={layout.frame.bottom - layout.frame.top}
                />
              </clipPath>
              <Marks picture={picture} layout={layout} time={playback.time} clip={clip} layer="ground" />
              <Axes picture={picture} layout={layout} />
              <Marks picture={picture} layout={layout} time={playback.time} clip={clip} layer="marks" />
            </svg>
            <Reader picture={picture} layout={layout} title={plot.title} />
            {seriesOf(picture, "handle").map((series) => (
              <PlotHandle
                key={series.mark.input}
                series={series}
                picture={picture}
                layout={layout}
                stage={stage}
                {...handling}
              />
            ))}
          </div>
          {steps > 0 && (
            <Player
              playback={playback}
              name={paths.length === 1 && paths[0] ? nameOf(paths[0]) : plot.title}
            />
          )}
        </>
      )}
    </Figure>
  );
}

/** Plays a path the first time it is seen, once, unless the reader wants no motion. */
export function usePlayOnceInView(
  element: { readonly current: HTMLElement | null },
  wanted: boolean,
  play: () => void,
): void {
  const done = useRef(false);
  useEffect(() => {
    const target = element.current;
    if (!wanted || done.current || !target || prefersReducedMotion()) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        done.current = true;
        play();
      },
      { threshold: 0.6 },
    );
    observer.observe(target);
    return () => observer.disconnect();
  }, [wanted]);
}

interface PlotHandleProps extends PointHandling {
  series: Series<HandleMark>;
  picture: Picture;
  layout: Layout;
  stage: { readonly current: HTMLElement | null };
}

function PlotHandle({
  series,
  picture,
  layout,
  stage,
  points,
  inputValues,
  onInput,
  onInputEnd,
}: PlotHandleProps): JSX.Element | null {
  const { mark } = series;
  const input = points.get(mark.input);
  const stored = inputValues[mark.input];
  const value: Point = Array.isArray(stored) ? stored : [mark.x, mark.y];
  const range = {
    x: input?.x ?? layout.x.domain,
    y: input?.y ?? layout.y.domain,
    xLabel: picture.x.label || "x",
    yLabel: picture.y.label || "y",
  };
  const drag = usePointDrag(
    value,
    range,
    (point) => onInput(mark.input, point),
    (point) => onInputEnd?.(mark.input, point),
  );
  const pixel: Point = [layout.x.place(drag.point[0]), layout.y.place(drag.point[1])];
  return (
    <Handle
      label={series.label ?? input?.label ?? mark.input}
      drag={drag}
      range={range}
      pixel={pixel}
      colour={mark.colour ?? "orange"}
      pointAt={(clientX, clientY) => {
        const box = stage.current?.getBoundingClientRect();
        return box ? [layout.x.value(clientX - box.left), layout.y.value(clientY - box.top)] : null;
      }}
    />
  );
}

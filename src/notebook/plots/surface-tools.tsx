// Buttons that turn and zoom a surface, for those who neither drag nor use keys.
import type { JSX } from "preact";

interface SurfaceToolsProps {
  turn: (azimuth: number, elevation: number, zoom?: number) => void;
  reset: () => void;
}

export function SurfaceTools({ turn, reset }: SurfaceToolsProps): JSX.Element {
  const tools: { name: string; icon: string; act: () => void }[] = [
    { name: "Turn left", icon: "M10 3L5 8l5 5", act: () => turn(-0.25, 0) },
    { name: "Turn right", icon: "M6 3l5 5-5 5", act: () => turn(0.25, 0) },
    { name: "Tilt up", icon: "M3 10l5-5 5 5", act: () => turn(0, 0.15) },
    { name: "Tilt down", icon: "M3 6l5 5 5-5", act: () => turn(0, -0.15) },
    { name: "Zoom in", icon: "M8 3v10M3 8h10", act: () => turn(0, 0, 1.2) },
    { name: "Zoom out", icon: "M3 8h10", act: () => turn(0, 0, 1 / 1.2) },
    { name: "Reset view", icon: "M3 8a5 5 0 1 0 1.6-3.7M3 2.5V6h3.5", act: reset },
  ];
  return (
    <div class="surface-tools" role="group" aria-label="View">
      {tools.map(({ name, icon, act }) => (
        <button
          key={name}
          type="button"
          class="plot-button surface-tool"
          aria-label={name}
          title={name}
          onClick={act}
        >
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d={icon} />
          </svg>
        </button>
      ))}
    </div>
  );
}

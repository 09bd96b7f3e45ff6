// The few pictures of the notebook, drawn with the colour of the text around them. Always beside a word or a label.

const paths = {
  run: "M5 3.5v9l7.5-4.5z",
  stop: "M4 4h8v8H4z",
  reset: "M3 3v3.5h3.5M3.4 6.3A5 5 0 1 1 3 8.5",
  duplicate: "M6 6h7v7H6zM3 10V3h7",
  remove: "M4 4l8 8M12 4l-8 8",
  check: "M3.5 8.5l3 3 6-7",
  cross: "M4.5 4.5l7 7M11.5 4.5l-7 7",
  fold: "M6 4l4 4-4 4",
  menu: "M3.5 8h.01M8 8h.01M12.5 8h.01",
} as const;

const filled = new Set(["run", "stop"]);

export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg
      class={`icon${filled.has(name) ? " icon-filled" : ""}`}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}

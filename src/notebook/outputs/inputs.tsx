// Sliders, selects, check boxes and buttons of a cell. The control shows what the reader just did at once,
// without waiting for the cell to run again.
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import type { InputDescription, InputValue } from "../../runtime/index.ts";
import { useFrameThrottle } from "./frame-throttle.ts";
import { parseNumber } from "./numbers.ts";
import { fromPosition, inputText, limit, positions, toPosition, type SliderRange } from "./slider-scale.ts";

export interface InputHandlers {
  /** The new value, at most once a frame while the reader drags. */
  onInput: (key: string, value: InputValue) => void;
  /** The reader let go. */
  onInputEnd?: ((key: string, value: InputValue) => void) | undefined;
}

type Of<Type extends InputDescription["type"]> = Extract<InputDescription, { type: Type }>;

type InputProps<Type extends InputDescription["type"]> = InputHandlers & {
  input: Of<Type>;
  value: InputValue | undefined;
};

export function InputView({
  input,
  value,
  ...handlers
}: InputHandlers & { input: InputDescription; value: InputValue | undefined }): JSX.Element {
  switch (input.type) {
    case "slider":
      return <Slider input={input} value={value} {...handlers} />;
    case "select":
      return <Select input={input} value={value} {...handlers} />;
    case "checkbox":
      return <Checkbox input={input} value={value} {...handlers} />;
    case "button":
      return <Button input={input} value={value} {...handlers} />;
    case "point":
      return <PointFields input={input} value={value} {...handlers} />;
  }
}

function Slider({ input, value, onInput, onInputEnd }: InputProps<"slider">): JSX.Element {
  return (
    <NumberControl
      label={input.label}
      range={input}
      value={typeof value === "number" ? value : input.value}
      onInput={(next) => onInput(input.key, next)}
      onEnd={(next) => onInputEnd?.(input.key, next)}
    />
  );
}

/** A range with its number beside it, which can be typed as well. */
function NumberControl({
  label,
  range,
  value,
  onInput,
  onEnd,
}: {
  label: string;
  range: SliderRange;
  value: number;
  onInput: (value: number) => void;
  onEnd: (value: number) => void;
}): JSX.Element {
  const id = useId();
  const [dragged, setDragged] = useState<number | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const throttle = useFrameThrottle(onInput);
  const shown = dragged ?? value;
  const wrong = typed !== null && parseNumber(typed) === null;

  const finishTyping = (text: string): void => {
    const number = parseNumber(text);
    setTyped(null);
    if (number === null) return;
    const next = limit(number, range);
    onInput(next);
    onEnd(next);
  };

  return (
    <div class="input input-slider">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="range"
        min={0}
        max={positions(range)}
        step={1}
        value={toPosition(shown, range)}
        aria-valuetext={inputText(shown, range)}
        style={{ "--filled": `${(100 * toPosition(shown, range)) / Math.max(1, positions(range))}%` }}
        onInput={(event) => {
          const next = fromPosition(event.currentTarget.valueAsNumber, range);
          setDragged(next);
          throttle.push(next);
        }}
        onChange={(event) => {
          const next = fromPosition(event.currentTarget.valueAsNumber, range);
          throttle.push(next);
          throttle.flush();
          setDragged(null);
          onEnd(next);
        }}
      />
      <input
        class="input-number"
        type="text"
        inputMode="decimal"
        autoComplete="off"
        spellcheck={false}
        aria-label={`${label}, as a number`}
        aria-invalid={wrong}
        value={typed ?? inputText(shown, range)}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") finishTyping(event.currentTarget.value);
          if (event.key === "Escape") setTyped(null);
        }}
        onBlur={(event) => typed !== null && finishTyping(event.currentTarget.value)}
      />
    </div>
  );
}

function Select({ input, value, onInput, onInputEnd }: InputProps<"select">): JSX.Element {
  const id = useId();
  const current = typeof value === "string" && input.options.includes(value) ? value : input.value;
  return (
    <div class="input input-select">
      <label for={id}>{input.label}</label>
      <select
        id={id}
        value={current}
        onChange={(event) => {
          onInput(input.key, event.currentTarget.value);
          onInputEnd?.(input.key, event.currentTarget.value);
        }}
      >
        {input.options.map((option) => (
          <option key={option} value={option} selected={option === current}>
            {option}
          </option>
        ))}
      </select>
    </div>
  );
}

function Checkbox({ input, value, onInput, onInputEnd }: InputProps<"checkbox">): JSX.Element {
  return (
    <div class="input input-checkbox">
      <label>
        <input
          type="checkbox"
          checked={typeof value === "boolean" ? value : input.value}
          onChange={(event) => {
            onInput(input.key, event.currentTarget.checked);
            onInputEnd?.(input.key, event.currentTarget.checked);
          }}
        />
        {input.label}
      </label>
    </div>
  );
}

function Button({ input, value, onInput, onInputEnd }: InputProps<"button">): JSX.Element {
  const presses = typeof value === "number" ? value : input.value;
  return (
    <div class="input input-button">
      <button
        type="button"
        onClick={() => {
          onInput(input.key, presses + 1);
          onInputEnd?.(input.key, presses + 1);
        }}
      >
        {input.label}
      </button>
    </div>
  );
}

/** A point that no plot of the cell draws: two sliders do for it. */
function PointFields({ input, value, onInput, onInputEnd }: InputProps<"point">): JSX.Element {
  const point = Array.isArray(value) ? value : input.value;
  const along = (axis: 0 | 1, next: number): [number, number] =>
    axis === 0 ? [next, point[1]] : [point[0], next];
  const names = ["horizontal", "vertical"] as const;
  return (
    <fieldset class="input input-point">
      <legend>{input.label}</legend>
      {([0, 1] as const).map((axis) => {
        const [min, max] = axis === 0 ? input.x : input.y;
        return (
          <NumberControl
            key={axis}
            label={names[axis]}
            range={{ min, max, step: (max - min) / 200, scale: "linear" }}
            value={point[axis]}
            onInput={(next) => onInput(input.key, along(axis, next))}
            onEnd={(next) => onInputEnd?.(input.key, along(axis, next))}
          />
        );
      })}
    </fieldset>
  );
}

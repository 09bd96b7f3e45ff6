// A value as one reads it in a console: one line first, opened level by level with mouse or keyboard.
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import type { Inspection } from "../../runtime/index.ts";
import { count } from "./numbers.ts";
import { TensorView, tensorTitle } from "./tensor.tsx";

const previewItems = 8;
const previewCharacters = 60;

export function Inspector({ value }: { value: Inspection }): JSX.Element {
  if (value.kind === "tensor") return <TensorView tensor={value} />;
  if (!hasChildren(value))
    return (
      <div class="inspect">
        <Leaf value={value} />
      </div>
    );
  return (
    <div class="inspect">
      <Branch value={value} />
    </div>
  );
}

/** A value within a line of log: strings bare, everything else as the inspector shows it. */
export function InlineInspector({ value }: { value: Inspection }): JSX.Element {
  if (value.kind === "primitive" && value.type === "string") return <span>{value.text}</span>;
  if (value.kind === "tensor") return <TensorView tensor={value} inline />;
  return hasChildren(value) ? <Branch value={value} /> : <Leaf value={value} />;
}

interface Child {
  name: ComponentChildren;
  value: Inspection;
}

function childrenOf(value: Inspection): Child[] {
  switch (value.kind) {
    case "array":
    case "set":
      return value.items.map((item, index) => ({ name: String(index), value: item }));
    case "object":
      return value.entries.map(({ key, value }) => ({ name: key, value }));
    case "map":
      return value.entries.map(({ key, value }) => ({ name: <Preview value={key} depth={1} />, value }));
    case "tensor":
    case "primitive":
    case "function":
    case "error":
    case "cut":
      return [];
  }
}

function omittedFrom(value: Inspection): number {
  if (value.kind === "array") return value.length - value.items.length;
  if (value.kind === "set") return value.size - value.items.length;
  return value.kind === "object" || value.kind === "map" ? value.omitted : 0;
}

function hasChildren(value: Inspection): boolean {
  return childrenOf(value).length > 0;
}

function Branch({ value, name }: { value: Inspection; name?: ComponentChildren }): JSX.Element {
  const [open, setOpen] = useState(false);
  const omitted = omittedFrom(value);
  return (
    <span class="inspect-branch">
      <button type="button" class="inspect-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span class="inspect-arrow" aria-hidden="true" />
        {name !== undefined && <span class="inspect-key">{name}: </span>}
        {open ? <span class="inspect-type">{typeName(value)}</span> : <Preview value={value} depth={0} />}
      </button>
      {open && (
        <ul class="inspect-children">
          {childrenOf(value).map((child, index) => (
            <li key={index}>
              {child.value.kind === "tensor" ? (
                <>
                  <span class="inspect-key">{child.name}: </span>
                  <TensorView tensor={child.value} inline />
                </>
              ) : hasChildren(child.value) ? (
                <Branch value={child.value} name={child.name} />
              ) : (
                <>
                  <span class="inspect-key">{child.name}: </span>
                  <Leaf value={child.value} />
                </>
              )}
            </li>
          ))}
          {omitted > 0 && <li class="inspect-note">… {count(omitted, "more")}</li>}
        </ul>
      )}
    </span>
  );
}

function typeName(value: Inspection): string {
  switch (value.kind) {
    case "array":
      return `${value.type}(${value.length})`;
    case "object":
      return value.type;
    case "map":
      return `Map(${value.size})`;
    case "set":
      return `Set(${value.size})`;
    case "tensor":
      return tensorTitle(value);
    case "primitive":
    case "function":
    case "error":
    case "cut":
      return value.kind;
  }
}

/** One line for a value; below the first level of nesting only its type. */
function Preview({ value, depth }: { value: Inspection; depth: number }): JSX.Element {
  const children = childrenOf(value);
  if (children.length === 0 && value.kind !== "array" && value.kind !== "object")
    return <Leaf value={value} short />;
  const named = value.kind === "object" || value.kind === "map";
  const plain =
    (value.kind === "array" && value.type === "Array") ||
    (value.kind === "object" && value.type === "Object");
  const title = plain && (value.kind === "object" || depth > 0) ? "" : typeName(value);
  const [open, close] = value.kind === "array" ? ["[", "]"] : ["{", "}"];
  if (depth > 1) return <span class="inspect-type">{title || `${open}…${close}`}</span>;
  const shown = children.slice(0, depth === 0 ? previewItems : 4);
  const more = shown.length < children.length || omittedFrom(value) > 0;
  return (
    <span class="inspect-preview">
      {title !== "" && <span class="inspect-type">{title} </span>}
      {open}
      {shown.map((child, index) => (
        <span key={index}>
          {index > 0 && ", "}
          {named && <span class="inspect-key">{child.name}: </span>}
          <Preview value={child.value} depth={depth + 1} />
        </span>
      ))}
      {more && (shown.length > 0 ? ", …" : "…")}
      {close}
    </span>
  );
}

function Leaf({ value, short = false }: { value: Inspection; short?: boolean }): JSX.Element {
  switch (value.kind) {
    case "primitive":
      if (value.type === "string") {
        const text =
          short && value.text.length > previewCharacters
            ? `${value.text.slice(0, previewCharacters)}…`
            : value.text;
        return <span class="inspect-string">{JSON.stringify(text)}</span>;
      }
      return <span class={`inspect-${value.type}`}>{value.text}</span>;
    case "function":
      return (
        <span class="inspect-function">
          {value.isClass ? "class" : "ƒ"} {value.name || "(no name)"}
        </span>
      );
    case "error":
      return (
        <span class="inspect-error">
          {value.name}: {value.message}
        </span>
      );
    case "cut":
      return (
        <span class="inspect-note" title={cutReasons[value.reason]}>
          {value.text}
        </span>
      );
    case "tensor":
    case "array":
    case "object":
    case "map":
    case "set": {
      const text = typeName(value);
      const empty = value.kind === "array" ? "[]" : "{}";
      const plain = text === "Object" || text === "Array(0)";
      return (
        <span class="inspect-type">
          {value.kind === "tensor" || plain ? (plain ? empty : text) : `${text} ${empty}`}
        </span>
      );
    }
  }
}

const cutReasons = {
  depth: "Nested too deeply to show here: display this part by itself to see it.",
  circular: "Refers back to a value that contains it.",
  budget: "Too large to show whole: display a part of it to see more.",
} as const;

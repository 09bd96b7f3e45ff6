// Code on the page: highlighted text until the reader goes into it, then an editor in exactly the same place.
//
// The code is one Tab stop: the static text itself, later the frame around the editor. Enter (or a click) goes in,
// Escape comes back out to the frame, and Tab goes on from there: the editor is never a stop, so nobody is caught in it.
import { useEffect, useRef, useState } from "preact/hooks";
import type * as editorCode from "./editor.ts";
import type { Caret, Editor } from "./editor.ts";
import { caretAt, selectionIn } from "./caret.ts";
import type { EngineNames } from "./engine-names.ts";
import { markRange, type TextRange } from "./mark.ts";

type EditorModule = typeof editorCode;
let editorModule: EditorModule | null = null;

/** Brings CodeMirror; the first reader who points at code pays for it, nobody else. */
async function loadEditor(): Promise<EditorModule> {
  editorModule ??= await import("./editor.ts");
  return editorModule;
}

export interface CodeViewProps {
  /** Unique in the page. */
  id: string;
  /** What a screen reader calls it: `Code of cell valley`. */
  label: string;
  source: string;
  /** The newest text. An effect may run after the next key press: what it would put back then is old. */
  newest: () => string;
  /** The source, highlighted. */
  html: string;
  readOnly: boolean;
  lineNumbers: boolean;
  error: TextRange | null;
  /** Counts requests to bring the cursor here; with the place, if one is meant. */
  goTo?: { count: number; caret: Caret } | undefined;
  /** The engine's documentation, for the editor's pop-ups. */
  loadNames: () => Promise<EngineNames>;
  onChange: (source: string) => void;
  onRun: (move: boolean) => void;
}

/** A browser that translates the page must leave code alone: cells run what stands there. (Typed as a boolean by Preact, which HTML does not know.) */
const untranslated: Record<string, string> = { translate: "no" };

export function CodeView(props: CodeViewProps) {
  const hintId = `${props.id}-hint`;
  const frame = useRef<HTMLDivElement>(null);
  const still = useRef<HTMLPreElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | null>(null);
  const [editing, setEditing] = useState(false);
  // Handlers that the editor keeps must see the newest properties.
  const latest = useRef(props);
  latest.current = props;

  const open = (loaded: EditorModule, caret: Caret | undefined): void => {
    if (host.current === null) return;
    if (editor.current === null) {
      const left = still.current?.scrollLeft ?? 0;
      const { current } = latest;
      editor.current = loaded.createEditor({
        parent: host.current,
        source: current.newest(),
        label: current.label,
        hintId,
        readOnly: current.readOnly,
        lineNumbers: current.lineNumbers,
        loadNames: current.loadNames,
        onChange: (source) => latest.current.onChange(source),
        onRun: (move) => latest.current.onRun(move),
        onLeave: () => frame.current?.focus(),
      });
      editor.current.setError(current.error);
      // In this very turn, so that both are never painted together.
      if (still.current !== null) still.current.hidden = true;
      editor.current.scrollTo(left);
      setEditing(true);
    }
    editor.current.focus(caret);
  };

  const enter = (caret?: Caret): void => {
    if (editorModule !== null) open(editorModule, caret);
    else {
      // Without the editor (offline, say) the code stays readable and runnable; the next try asks again.
      loadEditor().then(
        (loaded) => open(loaded, caret),
        () => undefined,
      );
    }
  };

  const { source, error, readOnly, lineNumbers, label, goTo } = props;
  useEffect(() => editor.current?.setSource(latest.current.newest()), [source]);
  useEffect(() => editor.current?.setError(error), [error?.from, error?.to, editing]);
  useEffect(() => editor.current?.setReadOnly(readOnly), [readOnly]);
  useEffect(() => editor.current?.setLineNumbers(lineNumbers), [lineNumbers]);
  useEffect(() => editor.current?.setLabel(label), [label]);
  useEffect(() => {
    if (goTo !== undefined) enter(goTo.caret);
  }, [goTo?.count]);
  useEffect(
    () => () => {
      editor.current?.destroy();
      editor.current = null;
    },
    [],
  );

  const onClick = (event: MouseEvent): void => {
    if (editor.current !== null || still.current === null) return;
    const code = still.current.querySelector("code");
    if (code === null) return;
    const selected = selectionIn(code);
    const isRange = selected !== null && selected.anchor !== selected.head;
    enter((isRange ? selected : caretAt(code, event.clientX, event.clientY)) ?? selected ?? undefined);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    // Keys typed into the editor are the editor's.
    if (event.target !== frame.current && event.target !== still.current) return;
    if (event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      props.onRun(event.shiftKey);
    } else if (event.key === "Enter") {
      event.preventDefault();
      enter();
    }
  };

  const preload = (): void => {
    loadEditor().catch(() => undefined);
  };

  const stop = { role: "group", "aria-label": label, "aria-describedby": hintId, tabIndex: 0 } as const;
  return (
    <div
      class={`code${lineNumbers ? " code-numbered" : ""}`}
      ref={frame}
      onKeyDown={onKeyDown}
      onPointerEnter={preload}
      {...(editing ? stop : {})}
    >
      {!editing && (
        <pre class="code-static" ref={still} onClick={onClick} onFocus={preload} {...stop}>
          <code
            {...untranslated}
            dangerouslySetInnerHTML={{
              __html: error === null ? props.html : markRange(props.html, error),
            }}
          />
        </pre>
      )}
      <div class="code-editor" ref={host} />
      <p class="code-hint" id={hintId}>
        <span>
          {readOnly
            ? "This code can be read and run, but not changed."
            : "Enter edits. In the editor, Escape and then Tab leaves it."}
        </span>
      </p>
    </div>
  );
}

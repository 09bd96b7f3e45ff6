// CodeMirror, set up for a cell. Loaded when a reader first goes into code; nothing else may import it directly.
import { autocompletion, closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab, redo } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import {
  Annotation,
  Compartment,
  EditorState,
  type Extension,
  Prec,
  StateEffect,
  StateField,
} from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  keymap,
  lineNumbers,
  tooltips,
} from "@codemirror/view";
import { codeColours } from "./colours.ts";
import { engineHelp } from "./engine-help.ts";
import type { EngineNames } from "./engine-names.ts";
import type { TextRange } from "./mark.ts";

export interface EditorOptions {
  parent: HTMLElement;
  source: string;
  /** What a screen reader calls the editor. */
  label: string;
  /** Id of the element that says how to leave. */
  hintId: string;
  readOnly: boolean;
  lineNumbers: boolean;
  /** The engine's documentation; called when the editor first has the focus. */
  loadNames: () => Promise<EngineNames>;
  onChange: (source: string) => void;
  /** Runs the cell; `move` is true when the reader wants to go on to the next one. */
  onRun: (move: boolean) => void;
  /** The reader leaves the editor by the keyboard. */
  onLeave: () => void;
}

/** Where the cursor goes: a stretch of the text. */
export interface Caret {
  anchor: number;
  head: number;
}

export interface Editor {
  focus(caret?: Caret): void;
  hasFocus(): boolean;
  /** Replaces the text (as one step that can be undone); the cursor stays where it can. */
  setSource(source: string): void;
  setError(range: TextRange | null): void;
  setReadOnly(readOnly: boolean): void;
  setLineNumbers(shown: boolean): void;
  setLabel(label: string): void;
  scrollTo(left: number): void;
  destroy(): void;
}

/** Marks a change that the page made, which need not be reported back to it. */
const fromOutside = Annotation.define<boolean>();

const setErrorRange = StateEffect.define<TextRange | null>();

/** The stretch that the last error points at; it moves with the text and goes when it is changed itself. */
const errorField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setErrorRange)) continue;
      const range = effect.value;
      const length = transaction.newDoc.length;
      next =
        range === null || range.from >= Math.min(range.to, length)
          ? Decoration.none
          : Decoration.set([errorMark.range(range.from, Math.min(range.to, length))]);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const errorMark = Decoration.mark({ tagName: "mark", class: "code-error" });

// The look is in notebook.css, shared with static code; here is only what CodeMirror would set otherwise.
const theme = EditorView.theme({
  "&": { fontSize: "inherit", color: "inherit", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "inherit", lineHeight: "inherit", overflowX: "auto" },
});

export function createEditor(options: EditorOptions): Editor {
  const readOnly = new Compartment();
  const numbers = new Compartment();
  const label = new Compartment();
  const view = new EditorView({
    parent: options.parent,
    state: EditorState.create({
      doc: options.source,
      extensions: [
        Prec.highest(keymap.of(cellKeys(options))),
        history(),
        drawSelection({ cursorBlinkRate: prefersStillness() ? 0 : 1200 }),
        indentUnit.of("  "),
        EditorState.tabSize.of(2),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ activateOnTyping: true, icons: false }),
        highlightSelectionMatches(),
        search({ top: true }),
        javascript({ typescript: true }),
        syntaxHighlighting(codeColours),
        engineHelp(options.loadNames),
        errorField,
        tooltips({ position: "absolute" }),
        readOnly.of(readOnlyExtension(options.readOnly)),
        numbers.of(options.lineNumbers ? lineNumbers() : []),
        label.of(labelExtension(options.label, options.hintId)),
        keymap.of([
          ...closeBracketsKeymap,
          ...searchKeymap,
          ...historyKeymap,
          { key: "Mod-Shift-z", run: redo, preventDefault: true },
          indentWithTab,
          ...defaultKeymap,
        ]),
        // After every other meaning of Escape (closing a panel or a list): leave the editor.
        Prec.lowest(
          keymap.of([
            {
              key: "Escape",
              run: () => {
                options.onLeave();
                return true;
              },
            },
          ]),
        ),
        EditorView.updateListener.of((update) => {
          const told = update.transactions.some((transaction) => transaction.annotation(fromOutside));
          if (update.docChanged && !told) options.onChange(update.state.doc.toString());
        }),
        theme,
      ],
    }),
  });
  return {
    focus(caret) {
      view.focus();
      if (caret === undefined) return;
      const { length } = view.state.doc;
      view.dispatch({
        selection: { anchor: Math.min(caret.anchor, length), head: Math.min(caret.head, length) },
      });
    },
    hasFocus: () => view.hasFocus,
    setSource(source) {
      const current = view.state.doc.toString();
      if (current === source) return;
      view.dispatch({ changes: difference(current, source), annotations: fromOutside.of(true) });
    },
    setError(range) {
      view.dispatch({ effects: setErrorRange.of(range) });
    },
    setReadOnly(value) {
      view.dispatch({ effects: readOnly.reconfigure(readOnlyExtension(value)) });
    },
    setLineNumbers(shown) {
      view.dispatch({ effects: numbers.reconfigure(shown ? lineNumbers() : []) });
    },
    setLabel(text) {
      view.dispatch({ effects: label.reconfigure(labelExtension(text, options.hintId)) });
    },
    scrollTo(left) {
      view.scrollDOM.scrollLeft = left;
    },
    destroy() {
      view.destroy();
    },
  };
}

function cellKeys(options: EditorOptions): { key: string; run: () => boolean; preventDefault: true }[] {
  const runCell = (move: boolean) => () => {
    options.onRun(move);
    return true;
  };
  return [
    { key: "Shift-Enter", run: runCell(true), preventDefault: true },
    { key: "Mod-Enter", run: runCell(false), preventDefault: true },
  ];
}

/** `tabindex` is -1: the way in by keyboard is Enter on the code, so that Tab passes by. */
function labelExtension(label: string, hintId: string): Extension {
  return EditorView.contentAttributes.of({
    "aria-label": label,
    "aria-describedby": hintId,
    tabindex: "-1",
    autocapitalize: "off",
    autocorrect: "off",
    spellcheck: "false",
  });
}

function readOnlyExtension(readOnly: boolean): Extension {
  return [
    EditorState.readOnly.of(readOnly),
    EditorView.contentAttributes.of({ "aria-readonly": String(readOnly) }),
  ];
}

function prefersStillness(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** The one stretch in which two texts differ. */
function difference(before: string, after: string): { from: number; to: number; insert: string } {
  let from = 0;
  const shorter = Math.min(before.length, after.length);
  while (from < shorter && before[from] === after[from]) from += 1;
  let tail = 0;
  while (tail < shorter - from && before[before.length - 1 - tail] === after[after.length - 1 - tail])
    tail += 1;
  return { from, to: before.length - tail, insert: after.slice(from, after.length - tail) };
}

// The engine's documentation inside the editor: a pop-up over a name (by pointer, by F1 or Ctrl-I, by a tap), and names
// with their documentation in the completion list.
import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import { EditorState, type Extension, Prec, StateEffect, StateField } from "@codemirror/state";
import {
  closeHoverTooltips,
  EditorView,
  hoverTooltip,
  keymap,
  showTooltip,
  type Tooltip,
} from "@codemirror/view";
import { nameAt, type NamePlace, offerAt } from "./engine-code.ts";
import { type EngineName, type EngineNameKind, lastOf, NameIndex, type EngineNames } from "./engine-names.ts";

/** How CodeMirror calls the kinds of what it offers. */
const types: Record<EngineNameKind, string> = {
  c: "class",
  f: "function",
  m: "method",
  p: "property",
  v: "constant",
  t: "type",
  n: "namespace",
};

/** More of them would fill the screen and help nobody. */
const mostShown = 3;

/** @param load called when the editor first has the focus; after a failure it is called again */
export function engineHelp(load: () => Promise<EngineNames>): Extension {
  const names = new LazyIndex(load);
  // One for all: a source is known again by being the same function.
  const completing = [{ autocomplete: (context: CompletionContext) => complete(context, names) }];
  return [
    askedField,
    hoverTooltip(async (view, at) => {
      if (view.state.field(askedField) !== null) return null;
      const index = await names.get();
      const place = index === null ? null : placeAt(view.state, at, index);
      return place === null || index === null ? null : tooltipOf(place, index);
    }),
    EditorState.languageData.of(() => completing),
    Prec.high(
      keymap.of([
        { key: "F1", run: (view) => ask(view, names), preventDefault: true },
        { key: "Mod-i", run: (view) => ask(view, names), preventDefault: true },
        { key: "Escape", run: putAway },
      ]),
    ),
    EditorView.domEventHandlers({
      focus: () => {
        void names.get();
      },
      // A finger cannot hover: a tap that puts the cursor into a name tells what it is.
      pointerup: ({ pointerType }, view) => {
        if (pointerType !== "mouse") setTimeout(() => void show(view, names, { isTap: true }));
      },
    }),
  ];
}

/** The engine's names, once they are there; without them (offline, say) the editor does all else. */
class LazyIndex {
  readonly #load: () => Promise<EngineNames>;
  #index: Promise<NameIndex | null> | null = null;

  constructor(load: () => Promise<EngineNames>) {
    this.#load = load;
  }

  get(): Promise<NameIndex | null> {
    this.#index ??= this.#load().then(
      (names) => new NameIndex(names),
      () => {
        this.#index = null;
        return null;
      },
    );
    return this.#index;
  }
}

// The pop-up that was asked for by a key or a tap. It goes with the next change, and when the cursor goes elsewhere.

const setAsked = StateEffect.define<Tooltip | null>();

const askedField = StateField.define<Tooltip | null>({
  create: () => null,
  update(shown, { effects, docChanged, selection }) {
    for (const effect of effects) if (effect.is(setAsked)) return effect.value;
    if (shown === null || docChanged) return null;
    const head = selection?.main.head;
    return head !== undefined && (head < shown.pos || head > (shown.end ?? shown.pos)) ? null : shown;
  },
  provide: (field) => showTooltip.from(field),
});

/** Shows what stands at the cursor; asked again, goes to the link in it. */
function ask(view: EditorView, names: LazyIndex): boolean {
  if (view.state.field(askedField) === null) void show(view, names, { isTap: false });
  else view.dom.querySelector<HTMLElement>(".engine-help a")?.focus();
  return true;
}

async function show(view: EditorView, names: LazyIndex, { isTap }: { isTap: boolean }): Promise<void> {
  const index = await names.get();
  const { main } = view.state.selection;
  if (index === null || !main.empty) return;
  const place = placeAt(view.state, main.head, index);
  const said =
    place === null
      ? "There is no name of the engine here."
      : place.names.map(([path, , , summary]) => `${path}: ${summary}`).join(" ");
  view.dispatch({
    effects: [
      closeHoverTooltips,
      setAsked.of(place === null ? null : tooltipOf(place, index)),
      ...(isTap ? [] : [EditorView.announce.of(said)]),
    ],
  });
}

function putAway(view: EditorView): boolean {
  if (view.state.field(askedField) === null) return false;
  view.dispatch({ effects: setAsked.of(null) });
  return true;
}

function placeAt(state: EditorState, at: number, index: NameIndex): NamePlace | null {
  return nameAt(syntaxTree(state), state.doc.toString(), at, index);
}

function tooltipOf({ from, to, names }: NamePlace, index: NameIndex): Tooltip {
  return {
    pos: from,
    end: to,
    above: true,
    create: (view) => {
      const dom = document.createElement("div");
      dom.className = "engine-help";
      dom.append(...names.slice(0, mostShown).map((name) => describe(name, index)));
      dom.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        view.focus();
        putAway(view);
      });
      return { dom };
    },
  };
}

function describe(name: EngineName, index: NameIndex): HTMLElement {
  const [path, kind, signature, summary] = name;
  const entry = element("section", "engine-help-name");
  entry.setAttribute("aria-label", path);
  if (kind === "m" || kind === "p") entry.append(element("p", "engine-help-owner", ownerOf(path)));
  if (signature !== "") entry.append(element("pre", "engine-help-signature", signature));
  if (summary !== "") entry.append(prose(summary));
  const link = document.createElement("a");
  link.href = index.hrefOf(name);
  // The cells of this page keep what they have computed.
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = "API reference";
  link.setAttribute("aria-label", `${path} in the API reference, in a new tab`);
  entry.append(link);
  return entry;
}

function ownerOf(path: string): string {
  return path.slice(0, path.lastIndexOf("."));
}

/** A summary is text in which back quotes mark code. */
function prose(summary: string): HTMLElement {
  const paragraph = element("p", "engine-help-summary");
  summary.split("`").forEach((part, number) => {
    paragraph.append(number % 2 === 0 ? part : element("code", "", part));
  });
  return paragraph;
}

function element(tag: string, className: string, text = ""): HTMLElement {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  made.textContent = text;
  return made;
}

async function complete(context: CompletionContext, names: LazyIndex): Promise<CompletionResult | null> {
  const { state, pos } = context;
  const index = await names.get();
  if (index === null || context.aborted) return null;
  const offer = offerAt(syntaxTree(state), state.doc.toString(), pos, index);
  if (offer === null) return null;
  return {
    from: offer.from,
    options: offer.names.map((name) => completionOf(name, index)),
    validFor: /^[\w$]*$/,
  };
}

function completionOf(name: EngineName, index: NameIndex): Completion {
  const [path, kind, , summary] = name;
  return {
    label: lastOf(path),
    type: types[kind],
    // Rarely written, and as many as the rest.
    boost: kind === "t" ? -1 : 0,
    detail: summary.replaceAll("`", ""),
    info: () => {
      const dom = element("div", "engine-help");
      dom.append(describe(name, index));
      return dom;
    },
  };
}

// The toolbar's menu: take the work out, bring it back, start the lesson over, settings.
import { useRef, useState } from "preact/hooks";
import type { NotebookStore } from "../store/store.ts";
import { Icon } from "./icons.tsx";

export interface WorkActions {
  /** Downloads the reader's work, signed with their id. */
  exportWork(student: string): void;
  importWork(file: File): Promise<void>;
  setLineNumbers(shown: boolean): void;
}

type Panel = "menu" | "student" | "reset";

export function WorkMenu({ store, actions }: { store: NotebookStore; actions: WorkActions }) {
  const menu = useRef<HTMLDetailsElement>(null);
  const [panel, setPanel] = useState<Panel>("menu");
  const close = (): void => {
    setPanel("menu");
    if (menu.current === null) return;
    menu.current.open = false;
    menu.current.querySelector("summary")?.focus();
  };
  const leave = (event: FocusEvent): void => {
    const next = event.relatedTarget;
    if (next instanceof Node && menu.current !== null && !menu.current.contains(next))
      menu.current.open = false;
  };
  const pickFile = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    input.value = "";
    if (file === undefined) return;
    close();
    void actions.importWork(file);
  };
  const locked = store.readOnly.value;
  return (
    <details
      class="work-menu"
      ref={menu}
      onFocusOut={leave}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <summary class="quiet" aria-label="My work and settings" title="My work and settings">
        <Icon name="menu" />
      </summary>
      <div class="work-panel">
        {panel === "menu" && (
          <>
            <button
              type="button"
              class="menu-item"
              onClick={() => {
                const { student } = store.settings.peek();
                if (student === null) setPanel("student");
                else {
                  close();
                  actions.exportWork(student);
                }
              }}
            >
              Export my work
            </button>
            <label class={`menu-item${locked ? " is-off" : ""}`}>
              Import work…
              <input
                type="file"
                class="sr-only"
                accept=".json,application/json"
                disabled={locked}
                onChange={pickFile}
              />
            </label>
            {store.settings.value.student !== null && (
              <button type="button" class="menu-item" onClick={() => setPanel("student")}>
                Change student id <span class="faint">{store.settings.value.student}</span>
              </button>
            )}
            <label class="menu-item menu-check">
              <input
                type="checkbox"
                checked={store.settings.value.lineNumbers}
                onChange={(event) => actions.setLineNumbers(event.currentTarget.checked)}
              />
              Line numbers
            </label>
            <hr />
            <button
              type="button"
              class="menu-item is-danger"
              disabled={locked}
              onClick={() => setPanel("reset")}
            >
              Reset this lesson…
            </button>
          </>
        )}
        {panel === "student" && (
          <StudentForm
            student={store.settings.value.student ?? ""}
            onDone={(student) => {
              close();
              actions.exportWork(student);
            }}
            onCancel={() => setPanel("menu")}
          />
        )}
        {panel === "reset" && (
          <div class="menu-panel">
            <p>
              Your edits, answers, predictions and points in this lesson will be deleted. Export your work
              first if you may want it back.
            </p>
            <p class="note-actions">
              <button
                type="button"
                class="danger"
                onClick={() => {
                  close();
                  void store.resetLesson();
                }}
              >
                Reset this lesson
              </button>
              <button type="button" class="quiet" onClick={() => setPanel("menu")}>
                Cancel
              </button>
            </p>
          </div>
        )}
      </div>
    </details>
  );
}

function StudentForm({
  student,
  onDone,
  onCancel,
}: {
  student: string;
  onDone: (student: string) => void;
  onCancel: () => void;
}) {
  const [id, setId] = useState(student);
  return (
    <form
      class="menu-panel"
      onSubmit={(event) => {
        event.preventDefault();
        if (id.trim() !== "") onDone(id.trim());
      }}
    >
      <label for="student-id">Your student id, as your instructor knows it</label>
      <input
        id="student-id"
        type="text"
        autocomplete="username"
        required
        maxLength={100}
        value={id}
        onInput={(event) => setId(event.currentTarget.value)}
      />
      <p class="note-actions">
        <button type="submit" class="primary" disabled={id.trim() === ""}>
          Export
        </button>
        <button type="button" class="quiet" onClick={onCancel}>
          Cancel
        </button>
      </p>
    </form>
  );
}

// What the reader must know about the page as a whole: work that is not saved, another tab, a record set aside.
import type { NotebookStore } from "../store/store.ts";

export function Notices({ store }: { store: NotebookStore }) {
  const notices = store.notices.value;
  return (
    <div class="notices" aria-live="polite">
      {notices.map((notice) => (
        <div
          key={notice.id}
          class={`note ${notice.kind === "error" ? "note-bad" : notice.kind === "warning" ? "note-warn" : "note-info"}`}
        >
          <p>{notice.text}</p>
          <p class="note-actions">
            {notice.actions?.map((action) => (
              <button key={action.label} type="button" class="quiet" onClick={action.run}>
                {action.label}
              </button>
            ))}
            {notice.dismissible && (
              <button type="button" class="quiet" onClick={() => store.withdraw(notice.id)}>
                Dismiss
              </button>
            )}
          </p>
        </div>
      ))}
    </div>
  );
}

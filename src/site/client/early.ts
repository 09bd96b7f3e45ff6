// Runs in the head, before the first paint: the reader's theme, the sign that scripts run, and an ear for clicks
// that come before the notebook has arrived. A classic script, so it imports and exports nothing.
{
  const page = document.documentElement;
  page.classList.add("scripted");
  try {
    const theme = localStorage.getItem("descent:theme");
    if (theme === "dark" || theme === "light") page.dataset["theme"] = theme;
  } catch {
    // Storage may be forbidden; the system's theme it is.
  }

  const waiting: EventTarget[] = [];
  const listen = (event: Event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest(".island") === null || target === null) return;
    const control = target.closest("button, input, select, textarea, pre, [role], [tabindex]");
    // A disclosure opens by itself; what is not a control needs no answer.
    if (control !== null && control.closest(".island") !== null && target.closest("summary") === null) {
      waiting.push(control);
      if (control.matches("button")) control.setAttribute("aria-busy", "true");
    }
    page.dispatchEvent(new Event("descent:wanted"));
  };
  addEventListener("click", listen, true);
  Object.assign(globalThis, {
    descentEarly: {
      waiting,
      stop: () => removeEventListener("click", listen, true),
    },
  });
}

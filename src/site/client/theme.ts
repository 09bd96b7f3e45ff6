// The switch between light and dark. Without a choice the page follows the system.

const key = "descent:theme";

export function attachTheme(): void {
  const button = document.querySelector<HTMLButtonElement>(".bar-theme");
  if (button === null) return;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => {
    const { theme } = document.documentElement.dataset;
    return theme === undefined ? system.matches : theme === "dark";
  };
  const show = () => button.setAttribute("aria-pressed", String(isDark()));
  show();
  system.addEventListener("change", show);
  button.addEventListener("click", () => {
    const theme = isDark() ? "light" : "dark";
    // Back at the system's own theme, the page follows it again.
    const follows = (theme === "dark") === system.matches;
    if (follows) delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
    store(follows ? null : theme);
    show();
    dispatchEvent(new Event("descent:theme"));
  });
}

function store(theme: string | null): void {
  try {
    if (theme === null) localStorage.removeItem(key);
    else localStorage.setItem(key, theme);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

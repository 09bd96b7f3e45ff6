// Registers the offline worker, where the build made one.

export function startOffline(): void {
  const { worker } = document.body.dataset;
  if (worker === undefined || !("serviceWorker" in navigator)) return;
  addEventListener("load", () => {
    navigator.serviceWorker.register(worker, { scope: document.body.dataset["root"] ?? "./" }).catch(() => {
      // Without it the site works as long as there is a network; nothing to tell the reader.
    });
  });
}

// The filter of the reference's index: what is typed hides every name that does not have it. The names are on the page already.

export function attachFilter(): void {
  const box = document.querySelector<HTMLElement>(".filter");
  const field = box?.querySelector("input") ?? null;
  const count = box?.querySelector(".filter-count") ?? null;
  if (box === null || field === null || count === null) return;
  const groups = [...document.querySelectorAll<HTMLElement>(".group")].map((element) => ({
    element,
    names: [...element.querySelectorAll<HTMLElement>(".names > li")].map((item) => ({
      item,
      text: wordsOf(item.textContent ?? "").join(" "),
    })),
  }));
  const apply = () => {
    const asked = wordsOf(field.value);
    let found = 0;
    for (const { element, names } of groups) {
      let here = 0;
      for (const { item, text } of names) {
        const fits = asked.every((word) => text.includes(word));
        item.hidden = !fits;
        if (fits) here += 1;
      }
      element.hidden = here === 0;
      found += here;
    }
    count.textContent = asked.length === 0 ? "" : found === 1 ? "1 name" : `${found} names`;
  };
  field.addEventListener("input", apply);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") document.querySelector<HTMLElement>(".names > li:not([hidden]) a")?.click();
  });
  box.hidden = false;
  // A browser that comes back to the page has filled the field again.
  apply();
}

/** Words as they are compared: PyTorch's `torch.nn.cross_entropy` is found as `nn.crossEntropy`. */
function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replaceAll("_", "")
    .replaceAll(/\btorch\./g, "")
    .split(/\s+/)
    .filter((word) => word !== "");
}

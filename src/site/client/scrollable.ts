// Wide formulas and code scroll inside their box. A box that scrolls must be reachable with the keyboard; one that fits must not
// be a stop on the way.

export function focusScrollable(selector: string): void {
  const look = (box: Element) => {
    const scrolls = box.scrollWidth > box.clientWidth + 1;
    if (scrolls && !box.hasAttribute("tabindex")) {
      box.setAttribute("tabindex", "0");
      box.setAttribute("data-scrolls", "");
    } else if (!scrolls && box.hasAttribute("data-scrolls")) {
      box.removeAttribute("tabindex");
      box.removeAttribute("data-scrolls");
    }
  };
  const sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) look(target);
  });
  const observe = () => {
    for (const box of document.querySelectorAll(`.lesson :is(${selector})`))
      if (box.closest(".island") === null) sizes.observe(box);
  };
  observe();
  document.addEventListener("descent:updated", observe);
}

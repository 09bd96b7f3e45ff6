// Wide formulas and code scroll inside their box. A box that scrolls must be reachable with the keyboard; one that fits must not
// be a stop on the way.

import { whenIdle } from "./idle.ts";

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
    const boxes = [...document.querySelectorAll(`.lesson :is(${selector})`)].filter(
      (box) => box.closest(".island") === null,
    );
    for (const box of boxes) sizes.observe(box);
    // Boxes in sections that are not drawn yet report no size by themselves, but Tab must find them.
    whenIdle(() => boxes.forEach(look));
  };
  observe();
  document.addEventListener("descent:updated", observe);
}

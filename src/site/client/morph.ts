// Changes a part of the page into its new version and leaves alone what did not change. Islands that stay keep their
// element, for a living cell hangs on it: they are moved where needed and never looked into.

export interface MorphOptions {
  /** Islands with the same id keep their element and its contents. */
  keepIslands: boolean;
}

export function morphChildren(
  current: ParentNode & Node,
  fresh: ParentNode & Node,
  options: MorphOptions,
): void {
  const islands = new Map<string, Element>();
  if (options.keepIslands)
    for (const island of current.querySelectorAll(".island")) {
      const key = keyOf(island);
      if (key !== null) islands.set(key, island);
    }
  morph(current, fresh, islands);
}

function morph(current: Node, fresh: Node, islands: Map<string, Element>): void {
  // Asked anew each time: an island may have left this parent for a deeper one meanwhile.
  let placed: ChildNode | null = null;
  const next = (): ChildNode | null => (placed === null ? current.firstChild : placed.nextSibling);
  const place = (node: ChildNode) => {
    if (node !== next()) move(node, current, next());
    placed = node;
  };
  for (const wanted of fresh.childNodes) {
    const island = islandFor(wanted, islands);
    if (island !== null) {
      place(island);
      continue;
    }
    const match = findMatch(next(), wanted, islands);
    // Islands inside a new parent keep their elements too, so it is filled like one that was there.
    const node = match ?? (wanted.cloneNode(false) as ChildNode);
    place(node);
    if (node instanceof Element && wanted instanceof Element) {
      if (match !== null) copyAttributes(node, wanted);
      morph(node, wanted, islands);
    } else if (node.nodeValue !== wanted.nodeValue) {
      node.nodeValue = wanted.nodeValue;
    }
  }
  for (let rest = next(); rest !== null; rest = next()) {
    keepIslandsOf(rest, islands);
    rest.remove();
  }
}

/** The living element for a wanted island; taken from the map, so that each is used once. */
function islandFor(wanted: Node, islands: Map<string, Element>): Element | null {
  if (!(wanted instanceof Element)) return null;
  const key = keyOf(wanted);
  const island = key === null ? undefined : islands.get(key);
  if (key === null || island === undefined) return null;
  islands.delete(key);
  return island;
}

/** An equal node wins over one that is merely of the same kind, so that an insertion does not rewrite all that follows. */
function findMatch(from: ChildNode | null, wanted: Node, islands: Map<string, Element>): ChildNode | null {
  let alike: ChildNode | null = null;
  for (let node = from; node !== null; node = node.nextSibling) {
    if (node instanceof Element && isWantedIsland(node, islands)) continue;
    if (node.isEqualNode(wanted)) return node;
    if (alike === null && isAlike(node, wanted)) alike = node;
  }
  return alike;
}

function isAlike(node: Node, wanted: Node): boolean {
  if (node.nodeType !== wanted.nodeType || node.nodeName !== wanted.nodeName) return false;
  if (!(node instanceof Element) || !(wanted instanceof Element)) return true;
  return keyOf(node) === keyOf(wanted);
}

/** Islands are known by their kind and id. */
function keyOf(element: Element): string | null {
  const id = element.getAttribute("data-id");
  return element.classList.contains("island") && id !== null
    ? `${element.getAttribute("data-island")} ${id}`
    : null;
}

function isWantedIsland(element: Element, islands: Map<string, Element>): boolean {
  const key = keyOf(element);
  return key !== null && islands.get(key) === element;
}

/** An island below may still be wanted by a later parent, so it is taken out of one that goes away. */
function keepIslandsOf(node: Node, islands: Map<string, Element>): void {
  for (const island of islands.values()) if (node !== island && node.contains(island)) island.remove();
}

function move(node: ChildNode, parent: Node, before: ChildNode | null): void {
  // Where the browser can, an element moves without losing focus, scroll position or a running frame.
  const target = parent as Node & { moveBefore?: (node: Node, before: Node | null) => void };
  if (target.moveBefore !== undefined && node.isConnected && parent.isConnected)
    target.moveBefore(node, before);
  else parent.insertBefore(node, before);
}

function copyAttributes(element: Element, wanted: Element): void {
  for (const name of element.getAttributeNames())
    if (
      !wanted.hasAttribute(name) &&
      name !== "tabindex" &&
      name !== "data-scrolls" &&
      name !== "aria-current"
    )
      element.removeAttribute(name);
  for (const { name, value } of wanted.attributes)
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

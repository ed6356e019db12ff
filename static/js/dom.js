// Small helpers shared by the other modules.

/** Run `setUp(root)` for the whole page now and for every fragment htmx brings later. */
export function onFragment(setUp) {
  setUp(document);
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt !== document.body) setUp(event.detail.elt);
  });
}

/** Elements matching `selector` inside `root`, `root` itself included, each handed out once per `mark`. */
export function fresh(root, selector, mark) {
  const found = [...root.querySelectorAll(selector)];
  if (root.matches?.(selector)) found.unshift(root);
  return found.filter((element) => {
    if (element.dataset[mark]) return false;
    element.dataset[mark] = "1";
    return true;
  });
}

/** An element with attributes and children; text is always set as text, never as markup. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** 10:42, as the reader's clock shows it. */
export function clock(time = new Date()) {
  return new Date(time).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
}

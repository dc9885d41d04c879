const focusable = "a[href], button, input, select, [tabindex]";
const shown = new WeakMap();

/** Replaces what is in `container`; what has the focus there gives it to what takes its place. */
export function replaceKeepingFocus(container, ...children) {
  const place = [...container.querySelectorAll(focusable)].indexOf(document.activeElement);
  container.replaceChildren(...children);
  if (place >= 0) container.querySelectorAll(focusable)[place]?.focus({ preventScroll: true });
}

/**
 * The same for what listens to nothing, and only where it looks different: nothing moves under a
 * pointer, and nothing is read out twice.
 */
export function replaceIfChanged(container, ...children) {
  const markup = children.map((child) => child.outerHTML ?? child).join("\n");
  if (shown.get(container) === markup) return;
  shown.set(container, markup);
  replaceKeepingFocus(container, ...children);
}

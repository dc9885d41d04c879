const focusable = "a[href], button, input, select, [tabindex]";

/** Replaces what is in `container`; what has the focus there gives it to what takes its place. */
export function replaceKeepingFocus(container, ...children) {
  const place = [...container.querySelectorAll(focusable)].indexOf(document.activeElement);
  container.replaceChildren(...children);
  if (place >= 0) container.querySelectorAll(focusable)[place]?.focus({ preventScroll: true });
}

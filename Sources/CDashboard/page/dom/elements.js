const svgSpace = "http://www.w3.org/2000/svg";

/**
 * An HTML element. Members of `props` that begin with "on" are listeners, `class` and the like are
 * attributes; undefined, null and false leave an attribute out. Text is always text.
 */
export function h(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** What matters less. */
export const muted = (...children) => h("span", { class: "muted" }, ...children);

/** An SVG element. */
export function s(tag, props = {}, ...children) {
  return fill(document.createElementNS(svgSpace, tag), props, children);
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props)) set(element, name, value);
  element.append(...children.flat(Infinity).filter(isShown));
  return element;
}

const isShown = (child) => child !== undefined && child !== null && child !== false;

export function set(element, name, value) {
  if (name.startsWith("on")) {
    element.addEventListener(name.slice(2), value);
  } else if (isShown(value)) {
    element.setAttribute(name, value === true ? "" : value);
  } else {
    element.removeAttribute(name);
  }
}

/** Changes text only where it differs, so that a screen reader is not told twice. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function byId(id) {
  return document.getElementById(id);
}

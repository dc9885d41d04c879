import { h } from "../dom/elements.js";

/** What the chart's cursor is at, beside the cursor; the same words go to a screen reader. */
export class Readout {
  element = h("div", { class: "readout", "aria-hidden": "true", hidden: true });
  spoken = h("p", { class: "hidden-visually", "aria-live": "polite" });

  /** `lines` are {label, value, mark}; `speak` where the keyboard moved the cursor. */
  show({ title, lines }, x, bounds, speak) {
    this.element.replaceChildren(
      h("strong", {}, title),
      ...lines.map(({ label, value, mark }) =>
        h(
          "span",
          { class: "readout-line" },
          h("i", { class: `mark mark-${mark ?? "none"}` }),
          h("span", {}, label),
          h("b", {}, value),
        ),
      ),
    );
    this.element.hidden = false;
    this.#place(x, bounds);
    if (speak) this.spoken.textContent = sentence(title, lines);
  }

  hide() {
    this.element.hidden = true;
  }

  /** On the side of the cursor where there is room. */
  #place(x, width) {
    const own = this.element.offsetWidth;
    const right = x + 14 + own <= width ? x + 14 : x - 14 - own;
    const left = Math.min(Math.max(0, right), Math.max(0, width - own));
    this.element.style.transform = `translateX(${Math.round(left)}px)`;
  }
}

const sentence = (title, lines) =>
  `${title}. ${lines.map(({ label, value }) => `${label} ${value}`).join(", ")}.`;

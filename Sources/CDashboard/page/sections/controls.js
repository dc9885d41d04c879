import { h, muted, set, setText } from "../dom/elements.js";
import { icon } from "../dom/icon.js";
import { count } from "../format/number.js";

/** Buttons of which one is pressed. `choices` are {id, label, name?}. */
export class Choice {
  constructor({ label, choices, chosen, choose }) {
    this.buttons = choices.map(({ id, label: text, name }) => {
      const props = { type: "button", "aria-label": name, value: id, onclick: () => choose(id) };
      return h("button", props, text);
    });
    this.element = h("div", { class: "choice", role: "group", "aria-label": label }, this.buttons);
    this.show(chosen);
  }

  show(chosen) {
    for (const button of this.buttons) set(button, "aria-pressed", String(button.value === chosen));
  }
}

/** A field that tells what is searched for once the typing rests. */
export function searchField({ label, rest = 0, search }) {
  let timer;
  const input = h("input", {
    type: "search", "aria-label": label, placeholder: label, autocomplete: "off",
    spellcheck: "false",
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(() => search(input.value.trim()), rest);
    },
  });
  return h("label", { class: "search" }, icon("search"), input);
}

const isNarrow = () => window.matchMedia("(width <= 640px)").matches;

/** How much of a list is shown, and a button for more. */
export class More {
  constructor({ step, noun, shown }) {
    step = isNarrow() ? Math.ceil(step / 3) : step;
    this.step = step;
    this.limit = step;
    this.noun = noun;
    this.text = muted();
    const props = { type: "button", class: "button", onclick: () => this.#grow() };
    this.button = h("button", props, "Show more");
    this.element = h("div", { class: "more" }, this.text, this.button);
    this.shown = shown;
  }

  #grow() {
    this.limit += this.step;
    this.shown();
  }

  reset() {
    this.limit = this.step;
  }

  /** Answers the part of `items` to show. */
  cut(items) {
    const part = items.slice(0, this.limit);
    this.element.hidden = items.length <= this.step;
    this.button.hidden = part.length === items.length;
    setText(this.text, `${count(part.length)} of ${count(items.length)} ${this.noun}`);
    return part;
  }
}

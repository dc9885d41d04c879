import { byId, h, muted, set, setText } from "../dom/elements.js";
import { icon } from "../dom/icon.js";
import { count } from "../format/number.js";

const most = 60;

/** Chooses a system: a button, and a list under it that is searched by typing. */
export class SystemPicker {
  #systems = [];
  #found = [];
  #active = 0;

  constructor({ choose, opened }) {
    this.choose = choose;
    this.opened = opened;
    this.button = byId("picker-button");
    this.name = byId("picker-name");
    this.panel = byId("picker-panel");
    this.input = byId("picker-search");
    this.list = byId("picker-list");
    this.rest = byId("picker-rest");
    this.#listen();
  }

  show(systems, chosen) {
    this.#systems = systems;
    this.chosen = chosen;
    setText(this.name, chosen || "No system");
    if (!this.panel.hidden) this.#render();
  }

  #listen() {
    this.button.addEventListener("click", () => (this.panel.hidden ? this.#open() : this.#close()));
    this.input.addEventListener("input", () => this.#search());
    this.input.addEventListener("keydown", (event) => this.#press(event));
    document.addEventListener("pointerdown", ({ target }) => {
      if (!this.panel.contains(target) && !this.button.contains(target)) this.#close();
    });
    this.panel.addEventListener("focusout", ({ relatedTarget: next }) => {
      if (next && !this.panel.contains(next) && next !== this.button) this.#close();
    });
  }

  #open() {
    this.panel.hidden = false;
    set(this.button, "aria-expanded", "true");
    this.input.value = "";
    this.#search();
    this.input.focus();
    this.opened();
  }

  #close() {
    this.panel.hidden = true;
    set(this.button, "aria-expanded", "false");
  }

  #search() {
    this.#active = 0;
    this.#render();
  }

  #render() {
    const text = this.input.value.trim().toLowerCase();
    const matching = this.#systems.filter(({ system }) => system.toLowerCase().includes(text));
    this.#found = [...matching.slice(0, most), ...this.#unlisted(matching)];
    this.list.replaceChildren(...this.#found.map((entry, index) => this.#option(entry, index)));
    const left = Math.max(0, matching.length - most);
    setText(this.rest, left > 0 ? `and ${count(left)} more` : "");
    this.#mark();
  }

  /** Another worker may know what is not in the list. */
  #unlisted(matching) {
    const system = this.input.value.trim();
    const isKnown = matching.some((entry) => entry.system === system);
    return isKnown || !/^[\w.:-]{1,128}$/.test(system) ? [] : [{ system, isUnlisted: true }];
  }

  #option(entry, index) {
    const { system } = entry;
    const props = {
      id: `picker-option-${index}`, role: "option", onclick: () => this.#take(system),
      "aria-selected": String(system === this.chosen),
    };
    return h("li", props, h("span", {}, system), standing(entry));
  }

  #press(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) {
      event.preventDefault();
      this.#active = Math.min(Math.max(0, this.#active + moves[event.key]), this.#found.length - 1);
      this.#mark();
    } else if (event.key === "Enter" && this.#found[this.#active]) {
      this.#take(this.#found[this.#active].system);
    } else if (event.key === "Escape") {
      this.#close();
      this.button.focus();
    }
  }

  #mark() {
    [...this.list.children].forEach((option, index) => {
      option.classList.toggle("is-active", index === this.#active);
    });
    const active = this.list.children[this.#active];
    active?.scrollIntoView({ block: "nearest" });
    set(this.input, "aria-activedescendant", active?.id);
  }

  #take(system) {
    this.#close();
    this.button.focus();
    this.choose(system);
  }
}

/** What there is to know of a system before it is looked at. */
function standing({ isUnlisted, requisite_variety_met: isMet, firing_alerts: firing }) {
  if (isUnlisted) return muted("ask for it");
  const text = firing > 0 ? `${count(firing)} firing` : isMet === false && "not met";
  return text && h("span", { class: "badge badge-firing" }, icon("warning"), text);
}

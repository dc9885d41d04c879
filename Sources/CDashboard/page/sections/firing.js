import { byId, h } from "../dom/elements.js";
import { icon } from "../dom/icon.js";
import { replaceIfChanged } from "../dom/replace.js";
import { count, plural } from "../format/number.js";

const named = 3;

/** One line above all else when something fires; it leads to the alerts. */
export class FiringStrip {
  constructor() {
    this.element = byId("firing");
  }

  show({ firing, system }) {
    this.element.hidden = firing.length === 0;
    if (firing.length === 0) return;
    const all = [...new Set(firing.map(({ source }) => source ?? system))];
    const names = all.slice(0, named).join(", ");
    const rest = all.length - named;
    replaceIfChanged(
      this.element,
      icon("warning"),
      h("b", {}, `${plural(firing.length, "alert")} firing`),
      h("span", {}, rest > 0 ? `${names} and ${count(rest)} more` : names),
      h("a", { href: "#alerts", "data-jump": "alerts" }, "Look"),
    );
  }
}

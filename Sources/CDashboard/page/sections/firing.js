import { byId, h } from "../dom/elements.js";
import { icon } from "../dom/icon.js";
import { count } from "../format/number.js";

const named = 3;

/** One line above all else when something fires; it leads to the alerts. */
export class FiringStrip {
  constructor() {
    this.element = byId("firing");
  }

  show({ firing, system }) {
    this.element.hidden = firing.length === 0;
    if (firing.length === 0) return;
    const rest = firing.length - named;
    const names = [...new Set(firing.slice(0, named).map(({ source }) => source ?? system))];
    const text = rest > 0 ? `${names.join(", ")} and ${count(rest)} more` : names.join(", ");
    this.element.replaceChildren(
      icon("warning"),
      h("b", {}, `${count(firing.length)} ${firing.length === 1 ? "alert fires" : "alerts fire"}`),
      h("span", {}, text),
      h("a", { href: "#alerts", "data-jump": "alerts" }, "Look"),
    );
  }
}

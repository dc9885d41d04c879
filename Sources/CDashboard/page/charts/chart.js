import { h, s, set } from "../dom/elements.js";
import { icon } from "../dom/icon.js";
import { Cursor, cursorMarks } from "./cursor.js";
import { dataTable } from "./data-table.js";
import { Readout } from "./readout.js";

/**
 * A drawing with a cursor, and the same data as a table.
 *
 * A plot is {label, draw(width, height), table()}; `draw` answers {box, layers, samples}, where
 * samples are {time, x, marks, title, lines}.
 */
export class Chart {
  #plot;
  #drawn;
  #asTable = false;
  #svg = s("svg", { class: "plot", "aria-hidden": "true" });
  #layers = s("g");
  #marks = s("g");
  #readout = new Readout();
  #surface = h("div", {
    class: "chart-surface", tabindex: 0, role: "application", "aria-roledescription": "chart",
  });
  #table = h("div", { class: "chart-table", hidden: true });

  constructor({ height, className = "" }) {
    this.height = height;
    this.toggle = this.#makeToggle();
    this.#svg.append(this.#layers, this.#marks);
    this.#surface.append(this.#svg, this.#readout.element);
    this.element = h(
      "div",
      { class: `chart ${className}` },
      this.#surface,
      this.#readout.spoken,
      this.#table,
    );
    this.cursor = new Cursor(this.#surface, (sample, byKey) => this.#point(sample, byKey));
    this.sizes = new ResizeObserver(() => this.#draw());
    this.sizes.observe(this.#surface);
  }

  /** Without a plot there is nothing to see of it. */
  hide() {
    this.element.hidden = true;
    this.toggle.hidden = true;
  }

  show(plot) {
    this.#plot = plot;
    this.element.hidden = false;
    this.toggle.hidden = false;
    set(this.#surface, "aria-label", `${plot.label}. Arrow keys move along it.`);
    set(this.toggle, "aria-label", `${this.#asTable ? "Chart" : "Table"} of ${plot.label}`);
    if (this.#asTable) this.#showTable();
    else this.#draw();
  }

  removed() {
    this.sizes.disconnect();
  }

  #draw() {
    const width = this.#surface.clientWidth;
    if (!this.#plot || width === 0 || this.#asTable) return;
    this.#drawn = this.#plot.draw(width, this.height);
    set(this.#svg, "viewBox", `0 0 ${width} ${this.height}`);
    set(this.#svg, "width", width);
    set(this.#svg, "height", this.height);
    this.#layers.replaceChildren(...this.#drawn.layers);
    this.cursor.follow(this.#drawn.samples);
  }

  #point(sample, byKey) {
    if (!sample) {
      this.#marks.replaceChildren();
      return this.#readout.hide();
    }
    this.#marks.replaceChildren(...cursorMarks(sample, this.#drawn.box));
    this.#readout.show(sample, sample.x, this.#surface.clientWidth, byKey);
  }

  #makeToggle() {
    const props = { type: "button", class: "button-quiet", "aria-pressed": "false", hidden: true };
    const button = h("button", props, icon("table"));
    button.addEventListener("click", () => this.#turn(button));
    return button;
  }

  #turn(button) {
    this.#asTable = !this.#asTable;
    set(button, "aria-pressed", String(this.#asTable));
    button.replaceChildren(icon(this.#asTable ? "chart" : "table"));
    this.#surface.hidden = this.#asTable;
    this.#table.hidden = !this.#asTable;
    if (this.#plot) this.show(this.#plot);
  }

  #showTable() {
    const scrolled = this.#table.firstElementChild?.scrollTop ?? 0;
    this.#table.replaceChildren(dataTable(this.#plot.label, this.#plot.table()));
    this.#table.firstElementChild.scrollTop = scrolled;
  }
}

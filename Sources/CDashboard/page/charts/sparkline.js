import { s, set } from "../dom/elements.js";
import { line } from "./paths.js";
import { linear } from "./scale.js";

/** A young series does not fill its width at once, and does not keep it empty for minutes. */
const fewest = 20;

/** A small series without axes; what it shows is said beside it. */
export class Sparkline {
  #line = s("path", { class: "line" });
  #area = s("path", { class: "spark-area" });

  constructor({ width, height, length, className = "" }) {
    this.size = { width, height, length };
    this.element = s(
      "svg",
      {
        class: `sparkline ${className}`, viewBox: `0 0 ${width} ${height}`,
        preserveAspectRatio: "none", "aria-hidden": "true",
      },
      this.#area,
      this.#line,
    );
  }

  /** The newest value is last, and at the right. */
  show(values) {
    const { width, height, length } = this.size;
    const shown = Math.min(length, Math.max(fewest, values.length));
    const x = linear([shown - 1, 0], [0, width]);
    const y = linear([0, Math.max(1, ...values)], [height - 1.5, 1.5]);
    const points = values.map((value, index) => [x(values.length - 1 - index), y(value)]);
    const path = line(points);
    set(this.#line, "d", path);
    set(this.#area, "d", points.length > 1 ? `${path}V${height}H${points[0][0]}Z` : "");
  }
}

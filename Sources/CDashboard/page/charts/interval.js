import { s } from "../dom/elements.js";
import { share } from "../format/number.js";

const width = 160;
const height = 22;
const inset = 6;

/**
 * A share between 0 and 1 as a bar, with the interval that it is known to: whiskers. `low` alone
 * is a lower bound.
 */
export function intervalBar({ value, low, high, label }) {
  const x = (share) => inset + Math.min(1, Math.max(0, share)) * (width - 2 * inset);
  const middle = height / 2;
  const words = `${label} ${share(value)}, ${bounds(low, high)}`;
  return s(
    "svg",
    { class: "interval", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": words },
    s("rect", { class: "interval-ground", x: inset, y: middle - 4, width: width - 2 * inset, height: 8, rx: 2 }),
    s("rect", { class: "interval-bar", x: inset, y: middle - 4, width: Math.max(1, x(value) - inset), height: 8, rx: 2 }),
    s("path", { class: "interval-whisker", d: whisker(x(low), x(high ?? value), middle, high !== undefined) }),
  );
}

const bounds = (low, high) =>
  high === undefined ? `at least ${share(low)}` : `between ${share(low)} and ${share(high)}`;

function whisker(from, to, middle, isClosed) {
  const end = (x) => `M${x} ${middle - 6}v12`;
  return `${end(from)}M${from} ${middle}H${to}${isClosed ? end(to) : ""}`;
}

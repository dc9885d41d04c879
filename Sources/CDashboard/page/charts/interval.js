import { s } from "../dom/elements.js";
import { share } from "../format/number.js";

const width = 160;
const height = 22;
const middle = height / 2;
const inset = 6;

/**
 * A share between 0 and 1 as a bar, with the interval that it is known to: whiskers. `low` alone
 * is a lower bound.
 */
export function intervalBar({ value, low, high, label }) {
  const x = (share) => inset + Math.min(1, Math.max(0, share)) * (width - 2 * inset);
  const words = `${label} ${share(value)}, ${bounds(low, high)}`;
  return s(
    "svg",
    { class: "interval", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": words },
    bar("ground", x(1) - inset),
    bar("bar", Math.max(1, x(value) - inset)),
    s("path", { class: "interval-whisker", d: whisker(x(low), x(high ?? value), high !== undefined) }),
  );
}

const bar = (kind, width) =>
  s("rect", { class: `interval-${kind}`, x: inset, y: middle - 4, width, height: 8, rx: 2 });

const bounds = (low, high) =>
  high === undefined ? `at least ${share(low)}` : `between ${share(low)} and ${share(high)}`;

function whisker(from, to, isClosed) {
  const end = (x) => `M${x} ${middle - 6}v12`;
  return `${end(from)}M${from} ${middle}H${to}${isClosed ? end(to) : ""}`;
}

import { s } from "../dom/elements.js";
import { quantity } from "../format/number.js";
import { roundTicks } from "./scale.js";
import { timeTicks } from "./time-ticks.js";

const widthOfTime = 72;
const heightOfValue = 30;

const middle = { dy: "0.32em", "text-anchor": "end" };

/** Value lines across the plot with their labels at the left. */
export function valueAxis(y, box) {
  const [low, high] = y.domain;
  const ticks = roundTicks(low, high, Math.max(3, Math.floor(box.height / heightOfValue)));
  return s(
    "g",
    { class: "axis" },
    ticks.map((value) => [
      s("line", { class: "grid", x1: box.left, x2: box.right, y1: y(value), y2: y(value) }),
      s("text", { ...middle, x: box.left - 8, y: y(value) }, quantity(value)),
    ]),
  );
}

/** Times below the plot. */
export function timeAxis(x, box) {
  const [from, to] = x.domain;
  const ticks = timeTicks(from, to, Math.max(2, Math.floor(box.width / widthOfTime)));
  return s(
    "g",
    { class: "axis" },
    s("line", { class: "base", x1: box.left, x2: box.right, y1: box.bottom, y2: box.bottom }),
    ticks.map(({ time, label }) => [
      s("line", { class: "tick", x1: x(time), x2: x(time), y1: box.bottom, y2: box.bottom + 4 }),
      s("text", { x: x(time), y: box.bottom + 17, "text-anchor": anchor(x(time), box) }, label),
    ]),
  );
}

/** The labels at the ends stay within the drawing. */
function anchor(place, box) {
  if (place < box.left + 16) return "start";
  return place > box.right - 16 ? "end" : "middle";
}

export function plotBox(width, height, margin) {
  const { top, right, bottom, left } = margin;
  return {
    left, top, right: width - right, bottom: height - bottom,
    width: width - left - right, height: height - top - bottom,
  };
}

import { h, s } from "../dom/elements.js";
import { milliseconds } from "../format/time.js";
import { timeTicks } from "./time-ticks.js";

const width = 1000;
const height = 14;
const shortest = 6;

/** When one episode was, within the time that all lanes show. */
export function episodeLane({ starts_at: start, ends_at: end }, { from, to }) {
  const x = (time) => Math.min(1, Math.max(0, (milliseconds(time) - from) / (to - from))) * width;
  const left = x(start);
  const right = end ? x(end) : width;
  const isBefore = end !== undefined && milliseconds(end) < from;
  return s(
    "svg",
    {
      class: "lane", viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none",
      "aria-hidden": "true",
    },
    s("line", { class: "lane-base", x1: 0, x2: width, y1: height / 2, y2: height / 2 }),
    isBefore && s("path", { class: "lane-before", d: `M0 ${height / 2}L14 2V${height - 2}Z` }),
    !isBefore && s("rect", {
      class: `lane-bar ${end ? "is-over" : "is-firing"}`,
      x: Math.min(left, width - shortest), y: 2,
      width: Math.max(shortest, right - left), height: height - 4,
    }),
  );
}

/** The times that lanes are read by. */
export function laneAxis({ from, to }) {
  const labels = timeTicks(from, to, 4).map(({ time, label }) => {
    const element = h("span", { class: "lane-time" }, label);
    element.style.left = `${((time - from) / (to - from)) * 100}%`;
    return element;
  });
  return h("div", { class: "lane-axis", "aria-hidden": "true" }, labels);
}

import { s } from "../dom/elements.js";
import { quantity } from "../format/number.js";
import { fullTime, milliseconds, shortTime } from "../format/time.js";
import { plotBox, timeAxis, valueAxis } from "./axes.js";
import { line } from "./paths.js";
import { linear, valueDomain } from "./scale.js";
import { forecast, trendLine } from "./trend-line.js";

const margin = { top: 8, right: 8, bottom: 24, left: 40 };
/** Fewer points than this are shown one by one. */
const fewPoints = 40;

/** One source: what was measured, its thresholds, where it has been going and where it will be. */
export function sourcePlot({ source, history, trend, from, to, until }) {
  const points = history
    .map(({ time, variety: value, capacity }) => ({
      time: milliseconds(time), text: time, value, capacity,
    }))
    .filter(({ time }) => time <= to);
  const { role, thresholds } = source;
  const scene = { points, thresholds, trend, from, to, until, role };
  return {
    label: `Variety of ${source.source}`,
    draw: (width, height) => draw(scene, plotBox(width, height, margin)),
    table: () => ({
      columns: ["Time", "Variety", "Capacity"],
      rows: points.map((point) => [
        fullTime(point.text), quantity(point.value), quantity(point.capacity),
      ]),
    }),
  };
}

function draw(scene, box) {
  const x = linear([scene.from, scene.until], [box.left, box.right]);
  const shown = scene.points.filter(({ time }) => time >= scene.from);
  const going = trendLine(shown, scene.trend);
  const coming = forecast(scene.points, scene.trend, scene.until);
  const y = linear(domain(scene, shown, coming), [box.bottom, box.top]);
  const place = ({ time, value }) => [x(time), y(value)];
  const crossed = scene.thresholds
    .map((threshold) => ({ ...threshold, height: y(threshold.threshold) }))
    .filter(({ height }) => height >= box.top - 1 && height <= box.bottom + 1);
  return {
    box,
    layers: [
      valueAxis(y, box), timeAxis(x, box), future(x(scene.to), box),
      ...crossed.map(({ height }) => thresholdLine(height, box)),
      s("path", { class: "line line-trend", d: line(going.map(place)) }),
      s("path", { class: `line line-${scene.role}`, d: line(shown.map(place)) }),
      ...(shown.length < fewPoints ? shown.map((point) => dot(place(point), scene.role)) : []),
      s("path", { class: "line line-forecast", d: line(coming.map(place)) }),
      ...crossed.map((threshold) => thresholdName(threshold, box)),
    ],
    samples: [
      ...shown.map((point) => sample(point, scene, place)),
      ...coming.slice(1).map((point) => expectation(point, scene, place)),
    ],
  };
}

/** A threshold far off must not press what was measured into a line at the edge. */
function domain({ thresholds }, shown, coming) {
  const values = [...shown, ...coming].map(({ value }) => value);
  const [low, high] = valueDomain(values);
  const reach = 1.5 * (high - low);
  const near = thresholds
    .map(({ threshold }) => threshold)
    .filter((threshold) => threshold <= high + reach && threshold >= low - reach);
  return valueDomain([...values, ...near]);
}

const future = (start, box) =>
  s("rect", {
    class: "future", x: start, y: box.top, height: box.height,
    width: Math.max(0, box.right - start),
  });

const thresholdLine = (height, box) =>
  s("line", { class: "threshold", x1: box.left, x2: box.right, y1: height, y2: height });

function thresholdName({ threshold, direction, height }, box) {
  const name = direction === "below" ? "min" : "max";
  const place = { x: box.right - 4, y: labelHeight(height, direction, box), "text-anchor": "end" };
  return s("text", { class: "threshold-name", ...place }, `${name} ${quantity(threshold)}`);
}

/** On the side that is not to be crossed, where there is room. */
function labelHeight(height, direction, box) {
  const above = height - 4;
  const below = height + 11;
  if (direction === "below") return below < box.bottom ? below : above;
  return above > box.top + 6 ? above : below;
}

const dot = ([cx, cy], role) => s("circle", { class: `dot dot-${role}`, cx, cy, r: 2.5 });

function sample(point, { role, to }, place) {
  const [x, y] = place(point);
  return {
    time: point.time, x, title: shortTime(point.time, to), marks: [{ y, mark: role }],
    lines: [
      { label: "Variety", value: quantity(point.value), mark: role },
      ...(point.capacity > 0 && point.capacity !== point.value
        ? [{ label: "Capacity", value: quantity(point.capacity) }]
        : []),
    ],
  };
}

function expectation(point, { to }, place) {
  const [x, y] = place(point);
  return {
    time: point.time, x, title: `${shortTime(point.time, to)}, forecast`,
    marks: [{ y, mark: "forecast" }],
    lines: [{ label: "Expected", value: quantity(point.value), mark: "forecast" }],
  };
}

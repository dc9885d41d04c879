import { s } from "../dom/elements.js";
import { quantity } from "../format/number.js";
import { fullTime, milliseconds, shortTime } from "../format/time.js";
import { plotBox, timeAxis, valueAxis } from "./axes.js";
import { hatching } from "./hatching.js";
import { areasBetween, steps } from "./paths.js";
import { linear, valueDomain } from "./scale.js";

const margin = { top: 12, right: 12, bottom: 28, left: 48 };

/** Environment against system variety over time, and the gap between them. */
export function requisitePlot({ history, from, to }) {
  const points = history
    .map((point) => ({
      time: milliseconds(point.time), text: point.time,
      environment: value(point.environmental_variety), system: value(point.system_variety),
    }))
    .filter((point) => point.time <= to);
  return {
    label: "Environment and system variety over time",
    draw: (width, height) => draw(points, { from, to }, plotBox(width, height, margin)),
    table: () => ({
      columns: ["Time", "Environment", "System", "Gap"],
      rows: points.map((point) => [
        fullTime(point.text), quantity(point.environment), quantity(point.system),
        quantity(point.environment - point.system),
      ]),
    }),
  };
}

const value = (number) => number ?? NaN;

function draw(points, { from, to }, box) {
  const x = linear([from, to], [box.left, box.right]);
  const values = points.flatMap(({ environment, system }) => [environment, system]);
  const y = linear(valueDomain(values), [box.bottom, box.top]);
  const rows = held(points, from).map((point) => [
    x(point.time), y(point.environment), y(point.system),
  ]);
  return {
    box,
    layers: [
      hatching("deficit-hatching"), valueAxis(y, box), timeAxis(x, box),
      ...areas(rows, box.right), ...lines(rows, box.right),
    ],
    samples: points.filter(({ time }) => time >= from).map((point) => sample(point, x, y, to)),
  };
}

/** A value from before the range holds at its beginning. */
function held(points, from) {
  const first = points.findLastIndex(({ time }) => time <= from);
  if (first < 0) return points;
  return [{ ...points[first], time: from }, ...points.slice(first + 1)];
}

function areas(rows, end) {
  const { above, below } = areasBetween(rows, end);
  return [
    s("path", { class: "area-surplus", d: below }),
    s("path", { class: "area-deficit", fill: "url(#deficit-hatching)", d: above }),
  ];
}

function lines(rows, end) {
  const environment = rows.map(([x, first]) => [x, first]);
  const system = rows.map(([x, , second]) => [x, second]);
  return [
    s("path", { class: "line line-system", d: steps(system, end) }),
    s("path", { class: "line line-environment", d: steps(environment, end) }),
  ];
}

function sample(point, x, y, reference) {
  const gap = point.environment - point.system;
  const marks = [
    { y: y(point.environment), mark: "environment" },
    { y: y(point.system), mark: "system" },
  ];
  return {
    time: point.time, x: x(point.time), title: shortTime(point.time, reference),
    marks: marks.filter((mark) => Number.isFinite(mark.y)),
    lines: [
      { label: "Environment", value: quantity(point.environment), mark: "environment" },
      { label: "System", value: quantity(point.system), mark: "system" },
      { label: gap > 0 ? "Deficit" : "Surplus", value: quantity(Math.abs(gap)), mark: gap > 0 ? "deficit" : "surplus" },
    ],
  };
}

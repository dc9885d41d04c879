import { s } from "../dom/elements.js";
import { quantity } from "../format/number.js";
import { fullTime, milliseconds, shortTime } from "../format/time.js";
import { plotBox, timeAxis, valueAxis } from "./axes.js";
import { hatching } from "./hatching.js";
import { areasBetween, steps } from "./paths.js";
import { linear, valueDomain } from "./scale.js";

const margin = { top: 12, right: 12, bottom: 28, left: 48 };
/** Where there is room, the lines are named where they end. */
const roomForNames = 560;
const widthOfNames = 104;
const heightOfName = 15;

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
    draw: (width, height) => draw(points, { from, to }, boxOf(width, height)),
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

function boxOf(width, height) {
  const right = width < roomForNames ? margin.right : widthOfNames;
  return { ...plotBox(width, height, { ...margin, right }), hasNames: right > margin.right };
}

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
      ...(box.hasNames ? names(rows, box) : []),
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

/** Names of the lines, kept apart where the lines end close to each other. */
function names(rows, box) {
  const [, environment, system] = rows.at(-1) ?? [];
  const ends = [["Environment", environment], ["System", system]];
  const apart = Math.max(0, heightOfName - Math.abs(environment - system)) / 2;
  const upper = environment <= system ? -1 : 1;
  return ends.filter(([, y]) => Number.isFinite(y)).map(([name, y], index) => {
    const shift = (index === 0 ? upper : -upper) * apart;
    const place = { x: box.right + 8, y: y + shift, dy: "0.32em" };
    return s("text", { class: `name name-${name.toLowerCase()}`, ...place }, name);
  });
}

const sideNames = { deficit: "Deficit", surplus: "Surplus" };

function sample(point, x, y, reference) {
  const gap = point.environment - point.system;
  const side = gap > 0 ? "deficit" : "surplus";
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
      { label: sideNames[side], value: quantity(Math.abs(gap)), mark: side },
    ],
  };
}

const place = (value) => Math.round(value * 10) / 10;

/** Straight from point to point; a missing value is a gap. Points are [x, y]. */
export function line(points) {
  let isOpen = false;
  return points
    .map(([x, y]) => {
      if (!Number.isFinite(y)) {
        isOpen = false;
        return "";
      }
      const command = isOpen ? "L" : "M";
      isOpen = true;
      return `${command}${place(x)} ${place(y)}`;
    })
    .join("");
}

/** Holds each value until the next, and the last one until `end`. */
export function steps(points, end) {
  const corners = points.flatMap(([x, y], index) => {
    const next = points[index + 1]?.[0] ?? Math.max(end, x);
    return [[x, y], [next, y]];
  });
  return line(corners);
}

/**
 * The areas between two series of steps, apart for where the first is above the second and where
 * it is below. `rows` are [x, first, second].
 */
export function areasBetween(rows, end) {
  const areas = { above: "", below: "" };
  let run = [];
  const close = () => {
    if (run.length > 0) areas[run[0].side] += outline(run);
    run = [];
  };
  rows.forEach(([x, first, second], index) => {
    const side = sideOf(first, second);
    if (run.length > 0 && run[0].side !== side) close();
    const next = rows[index + 1]?.[0] ?? Math.max(end, x);
    if (side) run.push({ side, from: x, to: next, first, second });
    else close();
  });
  close();
  return areas;
}

function sideOf(first, second) {
  if (!Number.isFinite(first) || !Number.isFinite(second) || first === second) return undefined;
  // Smaller y is higher up.
  return first < second ? "above" : "below";
}

function outline(run) {
  const there = run.flatMap(({ from, to, first }) => [[from, first], [to, first]]);
  const back = run.toReversed().flatMap(({ from, to, second }) => [[to, second], [from, second]]);
  return `${line([...there, ...back])}Z`;
}

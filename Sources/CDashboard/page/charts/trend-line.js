const hour = 3_600_000;

/**
 * The least-squares line of the worker through the points shown. The worker tells its slope and the
 * average, and such a line goes through the mean of times and values.
 */
export function trendLine(points, trend) {
  if (points.length < 2 || !isKnown(trend)) return [];
  const middle = points.reduce((sum, { time }) => sum + time, 0) / points.length;
  const at = (time) => ({ time, value: trend.average + slope(trend) * (time - middle) });
  return [at(points[0].time), at(points.at(-1).time)];
}

/** What the worker judges a breach by: on from the latest value at the trend's slope. */
export function forecast(points, trend, until) {
  const latest = points.at(-1);
  if (!latest || !isKnown(trend) || until <= latest.time) return [];
  const end = Math.min(until, latest.time + hour);
  if (slope(trend) === 0) return [latest.time, end].map((time) => ({ time, value: trend.average }));
  const start = { time: latest.time, value: trend.latest };
  const value = trend.latest + slope(trend) * (end - latest.time);
  // Variety is never negative.
  if (value >= 0) return [start, { time: end, value }];
  const zero = { time: latest.time - trend.latest / slope(trend), value: 0 };
  return [start, zero, { time: end, value: 0 }];
}

/** A slope that cannot be told from 0 is none. */
const slope = ({ trend, slope_per_hour: slope }) => (trend === "stable" ? 0 : slope / hour);

const isKnown = (trend) => trend !== undefined && trend.trend !== "insufficient_data";

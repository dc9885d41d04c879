import { clockTime, dayAndMonth, shortClock } from "../format/time.js";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const steps = [
  second, 5 * second, 15 * second, 30 * second, minute, 2 * minute, 5 * minute, 10 * minute,
  15 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 7 * day,
];

/** Round times of the viewer's zone within [from, to], each with its label. */
export function timeTicks(from, to, wanted) {
  const step = steps.find((step) => step >= (to - from) / Math.max(1, wanted)) ?? 30 * day;
  const offset = new Date(to).getTimezoneOffset() * minute;
  const times = [];
  for (let time = Math.ceil((from - offset) / step) * step + offset; time <= to; time += step) {
    times.push({ time, label: label(time, step) });
  }
  return times;
}

function label(time, step) {
  if (step < minute) return clockTime(time);
  const isMidnight = new Date(time).getHours() === 0 && new Date(time).getMinutes() === 0;
  return step >= day || isMidnight ? dayAndMonth(time) : shortClock(time);
}

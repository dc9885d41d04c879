import { h } from "../dom/elements.js";

const clock = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
const minutes = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
const dated = new Intl.DateTimeFormat(undefined, {
  day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const withYear = new Intl.DateTimeFormat(undefined, {
  day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit",
  hourCycle: "h23",
});

export const zone = clock.resolvedOptions().timeZone;

export const clockTime = (time) => clock.format(time);
export const shortClock = (time) => minutes.format(time);
export const dayAndMonth = (time) => day.format(time);

const sameDay = (a, b) => new Date(a).toDateString() === new Date(b).toDateString();
const sameYear = (a, b) => new Date(a).getFullYear() === new Date(b).getFullYear();

/** As short as it can be beside `reference`, the time that the page speaks of. */
export function shortTime(time, reference = Date.now()) {
  if (sameDay(time, reference)) return clock.format(time);
  return (sameYear(time, reference) ? dated : withYear).format(time);
}

/** RFC 3339 as the worker wrote it, or milliseconds since 1970. */
export const milliseconds = (time) => (typeof time === "string" ? Date.parse(time) : time);
export const fullTime = (time) => (typeof time === "string" ? time : new Date(time).toISOString());

/** A time in the viewer's zone, in full on hover and focus. */
export function timeElement(time, reference) {
  const full = fullTime(time);
  return h(
    "time",
    { datetime: full, "data-hint": full, tabindex: 0 },
    shortTime(milliseconds(time), reference),
  );
}

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
];

/** The two largest units: "2 h 5 min". */
export function duration(span) {
  let rest = Math.max(0, span);
  const parts = units.map(([name, length]) => {
    const amount = Math.floor(rest / length);
    rest -= amount * length;
    return amount > 0 ? `${amount} ${name}` : "";
  });
  const first = parts.findIndex((part) => part !== "");
  return first < 0 ? "0 s" : parts.slice(first, first + 2).filter(Boolean).join(" ");
}

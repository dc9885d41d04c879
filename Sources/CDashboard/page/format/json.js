import { Numeral } from "../data/exact.js";

export const isObject = (value) =>
  value !== null && typeof value === "object" && !Array.isArray(value)
  && !(value instanceof Numeral);

/** JSON in one line, a number as it was written. */
export function jsonText(value) {
  if (value instanceof Numeral) return value.text;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(", ")}]`;
  if (isObject(value)) return `{${members(value).join(", ")}}`;
  return JSON.stringify(value);
}

const members = (object) =>
  Object.keys(object).sort().map((name) => `${JSON.stringify(name)}: ${jsonText(object[name])}`);

/** JSON over several lines, members by name; what fits into a line stays in one. */
export function jsonLines(value, indent = "") {
  const short = jsonText(value);
  const isList = Array.isArray(value);
  if ((!isList && !isObject(value)) || indent.length + short.length <= 64) return short;
  const inner = `${indent}  `;
  const member = (name) => `${inner}${JSON.stringify(name)}: ${jsonLines(value[name], inner)}`;
  const parts = isList
    ? value.map((element) => inner + jsonLines(element, inner))
    : Object.keys(value).sort().map(member);
  const [open, close] = isList ? "[]" : "{}";
  return `${open}\n${parts.join(",\n")}\n${indent}${close}`;
}

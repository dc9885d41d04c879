import { s } from "../dom/elements.js";

/** Diagonal lines, so that a deficit differs from a surplus without its colour. */
export function hatching(id) {
  const pattern = s(
    "pattern",
    {
      id, width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)",
    },
    s("rect", { class: "hatch-ground", width: 7, height: 7 }),
    s("line", { class: "hatch-line", x1: 0, x2: 0, y1: 0, y2: 7 }),
  );
  return s("defs", {}, pattern);
}

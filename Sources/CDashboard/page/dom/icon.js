import { s } from "./elements.js";

/** Each on a grid of 16; shapes differ, so that none is told from another by colour alone. */
const paths = {
  check: "M3 8.5l3.2 3.2L13 5",
  warning: "M8 2.2 14.6 13.6H1.4zM8 6.4v3.4M8 11.6v.1",
  rising: "M2.5 11.5 6.5 7.5 9 10l4.5-5M10 4.8h3.6v3.6",
  falling: "M2.5 4.5 6.5 8.5 9 6l4.5 5M10 11.2h3.6V7.6",
  steady: "M2.5 8h10.5M10 5l3 3-3 3",
  unknown: "M3.5 8h.1M8 8h.1M12.5 8h.1",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.4 10.4 14 14",
  close: "M4 4l8 8M12 4l-8 8",
  table: "M2.5 3.5h11v9h-11zM2.5 6.6h11M6.4 6.6v5.9",
  chart: "M2.5 2.5v11h11M5 10.5l2.6-3.2 2.2 1.8 3.4-4.6",
  down: "M4 6.2 8 10.2l4-4",
  plug: "M5.5 2v3M10.5 2v3M3.8 5h8.4v2.6a4.2 4.2 0 0 1-8.4 0zM8 11.8V14",
  hourglass: "M4 2.5h8M4 13.5h8M4.8 2.5c0 3 3.2 4 3.2 5.5s-3.2 2.5-3.2 5.5M11.2 2.5c0 3-3.2 4-3.2 5.5"
    + "s3.2 2.5 3.2 5.5",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  lock: "M4 7.2h8v6.3H4zM5.6 7.2V5a2.4 2.4 0 0 1 4.8 0v2.2",
};

export function icon(name) {
  return s(
    "svg",
    { class: `icon icon-${name}`, viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" },
    s("path", { d: paths[name] }),
  );
}

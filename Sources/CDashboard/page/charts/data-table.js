import { h } from "../dom/elements.js";
import { count } from "../format/number.js";

const longest = 300;

/** A chart's data, newest first. `table` is {columns, rows}. */
export function dataTable(caption, { columns, rows }) {
  const shown = rows.slice(-longest).reverse();
  const left = rows.length - shown.length;
  return h(
    "div",
    { class: "data-table", tabindex: 0, role: "region", "aria-label": caption },
    h(
      "table",
      {},
      h("caption", {}, left > 0 ? `${caption}; ${count(left)} older rows left out` : caption),
      h("thead", {}, h("tr", {}, columns.map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, shown.map(row)),
    ),
  );
}

const row = ([first, ...rest]) =>
  h("tr", {}, h("th", { scope: "row" }, first), rest.map((cell) => h("td", {}, cell)));

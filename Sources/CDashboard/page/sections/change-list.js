import { jsonDiff } from "../data/json-diff.js";
import { h } from "../dom/elements.js";
import { jsonLines } from "../format/json.js";
import { plural } from "../format/number.js";

const signs = { added: "+", removed: "−", changed: "≠" };

/** What changed between two versions of a policy, by member. */
export function changeList(from, to) {
  const changes = [
    ...jsonDiff(from.data, to.data, "").map((change) => ({ ...change, part: "data" })),
    ...jsonDiff(from.metadata, to.metadata, "").map((change) => ({ ...change, part: "metadata" })),
  ];
  const number = changes.length === 0 ? "no difference" : plural(changes.length, "difference");
  const title = `From version ${from.version} to ${to.version}: ${number}`;
  return h(
    "div",
    { class: "changes" },
    h("p", { class: "changes-title" }, title),
    h("ul", {}, changes.map(item)),
  );
}

function item({ part, path, kind, before, after }) {
  return h(
    "li",
    { class: `change change-${kind}` },
    h(
      "p",
      { class: "change-path" },
      h("span", { class: "change-sign", "aria-hidden": "true" }, signs[kind]),
      h("code", {}, part, path.startsWith("[") ? path : `.${path}`),
      h("span", { class: "badge" }, kind),
    ),
    side("before", before),
    side("after", after),
  );
}

const side = (name, value) =>
  value !== undefined &&
  h("pre", { class: name }, h("span", { class: "hidden-visually" }, `${name}: `), jsonLines(value));

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
  const title = `From version ${from.version} to ${to.version}: ${changes.length === 0 ? "no difference" : plural(changes.length, "difference")}`;
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
    h("p", { class: "change-path" }, h("span", { class: "change-sign" }, signs[kind]), h("code", {}, `${part}${path.startsWith("[") ? "" : "."}${path}`), h("span", { class: "badge" }, kind)),
    before !== undefined && h("pre", { class: "before" }, h("span", { class: "hidden-visually" }, "before: "), jsonLines(before)),
    after !== undefined && h("pre", { class: "after" }, h("span", { class: "hidden-visually" }, "after: "), jsonLines(after)),
  );
}

import { byId, h, muted } from "../dom/elements.js";
import { replaceIfChanged } from "../dom/replace.js";
import { quantity } from "../format/number.js";
import { timeElement } from "../format/time.js";
import { notice, noticeOf } from "./notice.js";

const emptiness = {
  symbol: "unknown",
  title: "None recorded",
  text: "They come from system5.variety.amplified and .attenuated events.",
};

/** What makes variety more or less on its way, by how many times. */
export class ConversionsSection {
  constructor() {
    this.body = byId("conversions-body");
  }

  show(view) {
    const resource = view.session.conversions;
    const problem = noticeOf(resource, emptiness);
    if (problem) return replaceIfChanged(this.body, problem);
    const lists = [
      ["Amplifiers", named("amplifier", resource.body.amplifiers)],
      ["Attenuators", named("attenuator", resource.body.attenuators)],
    ].filter(([, entries]) => entries.length > 0);
    replaceIfChanged(this.body, ...(lists.length === 0 ? [notice(emptiness)] : lists.map(list)));
  }
}

const named = (kind, entries) =>
  entries.map((entry) => ({ ...entry, name: entry[kind] })).sort((a, b) => b.factor - a.factor);

function list([title, entries]) {
  return h(
    "div",
    { class: "factors" },
    h("h3", { class: "card-title" }, title),
    h("ul", {}, entries.map(factorRow)),
  );
}

/** Ten times more or less fills its half. */
function factorRow({ name, factor, input_variety: input, output_variety: output, time }) {
  const size = Math.min(1, Math.abs(Math.log10(Math.max(factor, 0.01))));
  const bar = h("span", { class: `factor-bar ${factor >= 1 ? "is-more" : "is-less"}` });
  bar.style.width = `${Math.round(size * 500) / 10}%`;
  return h(
    "li",
    { class: "factor" },
    h("span", { class: "factor-name" }, name),
    muted(`${quantity(input)} → ${quantity(output)} at `, timeElement(time)),
    h("span", { class: "factor-ground" }, bar),
    h("b", {}, `${quantity(factor)}×`),
  );
}

import { h, muted } from "../dom/elements.js";
import { icon } from "../dom/icon.js";
import { replaceIfChanged } from "../dom/replace.js";
import { plural, quantity, ratio } from "../format/number.js";
import { noticeOf } from "./notice.js";

/** The coverage now: a number, whether it is enough, and what it is made of. */
export class Coverage {
  constructor(element) {
    this.element = element;
  }

  show(view, absent) {
    const { requisite } = view.session;
    const problem = noticeOf(requisite, absent);
    replaceIfChanged(this.element, ...(problem ? [problem] : content(requisite.body)));
  }
}

function content(gap) {
  const hint = { "data-hint": String(gap.coverage_ratio), tabindex: 0 };
  return [
    h("p", { class: "coverage-number", ...hint }, ratio(gap.coverage_ratio)),
    verdict(gap.requisite_variety_met),
    h("p", {}, muted(sentence(gap))),
    h("dl", { class: "balance" }, bars(gap)),
  ];
}

function verdict(isMet) {
  const [kind, symbol, text] = isMet
    ? ["good", "check", "Requisite variety met"]
    : ["bad", "warning", "Requisite variety not met"];
  return h("p", { class: `verdict verdict-${kind}` }, icon(symbol), text);
}

function sentence({ deficit, variety_gap: gap }) {
  if (deficit > 0) return `The system lacks ${quantity(deficit)} of its environment's variety.`;
  return gap < 0
    ? `The system has ${quantity(-gap)} more than its environment asks for.`
    : "The system has exactly what its environment asks for.";
}

function bars(gap) {
  const most = Math.max(gap.environmental_variety, gap.system_variety) || 1;
  return [
    bar("Environment", "environment", gap.environmental_variety, gap.environmental_sources, most),
    bar("System", "system", gap.system_variety, gap.system_sources, most),
  ];
}

function bar(name, role, value, sources, most) {
  const filled = h("span", { class: `balance-bar balance-${role}` });
  filled.style.width = `${Math.round((value / most) * 1000) / 10}%`;
  const members = muted(plural(Object.keys(sources).length, "source"));
  return h(
    "div",
    {},
    h("dt", {}, h("i", { class: `mark mark-${role}` }), name, " ", members),
    h("dd", {}, h("span", { class: "balance-ground" }, filled), h("b", {}, quantity(value))),
  );
}

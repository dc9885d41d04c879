import { h } from "../dom/elements.js";
import { icon } from "../dom/icon.js";
import { replaceIfChanged } from "../dom/replace.js";
import { quantity, ratio } from "../format/number.js";
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
  const isMet = gap.requisite_variety_met;
  return [
    h("p", { class: "coverage-number", "data-hint": String(gap.coverage_ratio), tabindex: 0 }, ratio(gap.coverage_ratio)),
    h("p", { class: `verdict verdict-${isMet ? "good" : "bad"}` }, icon(isMet ? "check" : "warning"), isMet ? "Requisite variety met" : "Requisite variety not met"),
    h("p", { class: "muted" }, sentence(gap)),
    h("dl", { class: "balance" }, bars(gap)),
  ];
}

function sentence({ deficit, variety_gap: gap }) {
  if (deficit > 0) return `The system lacks ${quantity(deficit)} of the variety of its environment.`;
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
  filled.style.width = share100(value / most);
  const members = Object.keys(sources).length;
  return h(
    "div",
    {},
    h("dt", {}, h("i", { class: `mark mark-${role}` }), name, h("span", { class: "muted" }, ` ${members} ${members === 1 ? "source" : "sources"}`)),
    h("dd", {}, h("span", { class: "balance-ground" }, filled), h("b", {}, quantity(value))),
  );
}

const share100 = (value) => `${Math.round(value * 1000) / 10}%`;

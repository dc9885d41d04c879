import { intervalBar } from "../charts/interval.js";
import { h, muted } from "../dom/elements.js";
import { jsonText } from "../format/json.js";
import { count, plural, quantity, share } from "../format/number.js";
import { timeElement } from "../format/time.js";

/** One pattern: when it holds, how often it has been seen, what worked. */
export function patternCard(pattern, view) {
  const content = {
    recurring_adaptation: derived,
    transferred,
    learned,
  }[pattern.pattern_type] ?? derived;
  return h("li", { class: "card pattern-card" }, content(pattern, view));
}

function derived(pattern, view) {
  return [
    ...head(pattern.domain, "recurring", counts(pattern)),
    ...body(pattern, view),
  ];
}

const counts = ({ occurrences, revision }) =>
  `${plural(occurrences, "occurrence")} · revision ${count(revision)}`;

function transferred(pattern, view) {
  const domains = `${pattern.source_domain} → ${pattern.target_domain}`;
  return [
    ...head(domains, "transferred", `confidence ${share(pattern.confidence)}`),
    ...body(pattern.base_pattern, view),
  ];
}

function learned(pattern) {
  const actions = pattern.recommended_actions.map((action) => h("li", {}, h("span", {}, action)));
  return [
    ...head(pattern.domain, "learned", `confidence ${share(pattern.confidence)}`),
    conditions(pattern.trigger_conditions, {}),
    h("ul", { class: "actions" }, h("li", { class: "muted" }, "recommended"), actions),
  ];
}

function head(domain, kind, text) {
  return [
    h(
      "div",
      { class: "card-head" },
      h("h3", { class: "card-title" }, domain),
      h("span", { class: "badge" }, kind),
    ),
    h("p", { class: "muted" }, text),
  ];
}

function body(pattern, view) {
  const [first, last] = [pattern.first_seen, pattern.last_seen];
  return [
    conditions(pattern.common_context, pattern.context_ranges),
    effectiveness(pattern),
    h("ul", { class: "actions" }, actionsHead(), pattern.recommended_actions.map(action)),
    h("p", {}, muted("seen ", timeElement(first, view.to), " to ", timeElement(last, view.to))),
  ];
}

function conditions(context, ranges) {
  const fixed = Object.entries(context).map(([name, value]) => condition(name, jsonText(value)));
  const spans = Object.entries(ranges).map(([name, range]) => condition(name, rangeText(range)));
  return h("ul", { class: "conditions" }, fixed, spans);
}

function rangeText({ min, mean, max }) {
  if (min === max) return quantity(min);
  return `${quantity(min)} to ${quantity(max)}, mean ${quantity(mean)}`;
}

const condition = (name, value) => h("li", {}, muted(name), " ", value);

const meaning =
  "The bar is the average effectiveness. The whisker goes down to the lower bound: the Wilson 95 % "
  + "bound of how often it succeeds.";

function effectiveness({ avg_effectiveness: value, effectiveness_lower: low }) {
  return h(
    "p",
    { class: "effectiveness", "data-hint": meaning, tabindex: 0 },
    intervalBar({ value, low, label: "effectiveness" }),
    h("b", {}, share(value)),
    muted(`at least ${share(low)}`),
  );
}

const action = ({ action: name, support, avg_effectiveness: value }) =>
  h(
    "li",
    {},
    h("span", {}, name),
    h("span", {}, share(support)),
    h("span", {}, share(value)),
  );

const actionsHead = () =>
  h(
    "li",
    { class: "muted" },
    h("span", {}, "recommended"),
    h("span", {}, "support"),
    h("span", {}, "effect"),
  );

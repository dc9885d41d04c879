import { byId, h, setText } from "../dom/elements.js";
import { replaceIfChanged } from "../dom/replace.js";
import { plural, share } from "../format/number.js";
import { More, searchField } from "./controls.js";
import { notice, noticeOf } from "./notice.js";
import { patternCard } from "./pattern-card.js";

const emptiness = {
  symbol: "unknown",
  title: "No pattern yet",
  text: "Three successful adaptations to like circumstances make one.",
};
const notFound = { symbol: "search", title: "No pattern is like that" };

/** What was learnt: patterns, the best supported first, and how learning goes in all. */
export class PatternsSection {
  #search = "";
  #place = h("div", {});
  #cards = h("ul", { class: "cards" });
  #more = new More({ step: 12, noun: "patterns", shown: () => this.#render() });

  constructor() {
    this.count = byId("patterns-count");
    this.facts = byId("learning-facts");
    const search = searchField({ label: "Filter patterns", search: (text) => this.#find(text) });
    byId("patterns-tools").append(search);
    byId("patterns-body").append(this.#place, this.#cards, this.#more.element);
  }

  show(view) {
    if (view.system !== this.view?.system) this.#more.reset();
    this.view = view;
    this.#render();
    this.#showFacts(view.session.metrics.body);
  }

  #find(text) {
    this.#search = text.toLowerCase();
    this.#more.reset();
    this.#render();
  }

  #render() {
    const resource = this.view?.session.patterns;
    if (!resource) return;
    const all = resource.body?.patterns ?? [];
    const found = all.filter((pattern) => this.#matches(pattern)).sort(bySupport);
    setText(this.count, all.length > 0 ? plural(all.length, "pattern") : "");
    this.#place.replaceChildren(...this.#notices(resource, all, found));
    const cards = this.#more.cut(found).map((pattern) => patternCard(pattern, this.view));
    replaceIfChanged(this.#cards, ...cards);
  }

  #matches(pattern) {
    return this.#search === "" || JSON.stringify(pattern).toLowerCase().includes(this.#search);
  }

  #notices(resource, all, found) {
    const problem = noticeOf(resource, emptiness);
    if (problem) return [problem];
    if (all.length === 0) return [notice(emptiness)];
    return found.length === 0 ? [notice(notFound)] : [];
  }

  #showFacts(metrics) {
    if (!metrics?.total_adaptations) return setText(this.facts, "");
    const adaptations = plural(metrics.total_adaptations, "adaptation");
    const domains = plural(Object.keys(metrics.domains).length, "domain");
    const rate = share(metrics.overall_success_rate);
    setText(this.facts, `${adaptations} in ${domains}, overall success rate ${rate}`);
  }
}

const baseOf = (pattern) => pattern.base_pattern ?? pattern;
const weight = (pattern) => [
  pattern.pattern_type === "recurring_adaptation" ? 0 : 1,
  -(baseOf(pattern).occurrences ?? 0),
  -(baseOf(pattern).effectiveness_lower ?? pattern.confidence ?? 0),
];

function bySupport(a, b) {
  const [first, second] = [weight(a), weight(b)];
  return first[0] - second[0] || first[1] - second[1] || first[2] - second[2];
}

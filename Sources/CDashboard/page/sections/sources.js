import { byId, h, setText } from "../dom/elements.js";
import { KeyedList } from "../dom/keyed.js";
import { plural } from "../format/number.js";
import { Choice, More, searchField } from "./controls.js";
import { notice, noticeOf } from "./notice.js";
import { SourceCard } from "./source-card.js";

const roles = [
  { id: "", label: "All" },
  { id: "environment", label: "Environment" },
  { id: "system", label: "System" },
  { id: "urgent", label: "Urgent", name: "Critical or firing" },
];

/** Each source as a small chart: the most urgent first, and never more than one can look at. */
export class SourcesSection {
  #search = "";
  #kind = "";
  #place = h("div", {});
  #cards = h("ul", { class: "cards cards-sources" });
  #more = new More({ step: 24, noun: "sources", shown: () => this.#render() });
  #list = new KeyedList(this.#cards, {
    key: ({ source }) => source.source,
    create: ({ source }) => this.#card(source.source),
  });
  #inView = new IntersectionObserver((entries) => this.#notice(entries), { rootMargin: "300px" });

  constructor() {
    this.count = byId("sources-count");
    this.kinds = new Choice({
      label: "Which sources", choices: roles, chosen: "", choose: (id) => this.#choose(id),
    });
    const search = searchField({ label: "Filter sources", search: (text) => this.#find(text) });
    byId("sources-tools").append(search, this.kinds.element);
    byId("sources-body").append(this.#place, this.#cards, this.#more.element);
  }

  show(view) {
    if (view.system !== this.view?.system) this.#more.reset();
    this.view = view;
    this.#render();
  }

  #card(source) {
    const card = new SourceCard(source);
    this.#inView.observe(card.element);
    const removed = card.removed.bind(card);
    card.removed = () => {
      this.#inView.unobserve(card.element);
      this.view.session.histories.forget(source);
      removed();
    };
    return card;
  }

  #choose(kind) {
    this.#kind = kind;
    this.kinds.show(kind);
    this.#more.reset();
    this.#render();
  }

  #find(text) {
    this.#search = text.toLowerCase();
    this.#more.reset();
    this.#render();
  }

  #render() {
    const { view } = this;
    if (!view) return;
    const found = this.#found(view);
    setText(this.count, view.hasMeasurements ? plural(view.sources.length, "source") : "");
    this.#list.show(this.#more.cut(found).map((source) => ({ source, view })));
    this.#place.replaceChildren(...this.#notices(found));
    this.#want();
  }

  #found(view) {
    const rank = new Map(view.sources.map(({ source }) => [source, view.urgency(source)]));
    return view.sources
      .filter((source) => this.#matches(source, rank.get(source.source)))
      .sort((a, b) => rank.get(a.source) - rank.get(b.source) || compare(a, b));
  }

  #matches({ source, role }, urgency) {
    if (this.#search && !source.toLowerCase().includes(this.#search)) return false;
    return this.#kind === "" || (this.#kind === "urgent" ? urgency < 2 : role === this.#kind);
  }

  #notices(found) {
    const problem = noticeOf(this.view.session.sources, emptiness);
    if (problem) return [problem];
    if (!this.view.hasMeasurements) return [notice(emptiness)];
    return found.length === 0 ? [notice(notFound)] : [];
  }

  #notice(entries) {
    for (const { target, isIntersecting } of entries) {
      target.isInView = isIntersecting;
      if (!isIntersecting) this.view.session.histories.forget(target.dataset.source);
    }
    this.#want();
  }

  /** Another session's histories must be told anew what is in view. */
  #want() {
    for (const { element, source } of this.#list.views) {
      if (element.isInView) this.view.session.histories.want(source);
    }
  }
}

const emptiness = {
  symbol: "chart",
  title: "No source has been measured",
  text: "Measurements come from system5.variety.measured events.",
};

const notFound = { symbol: "search", title: "No source is like that" };

/** Environment before system, then by name as a person orders names. */
function compare(a, b) {
  if (a.role !== b.role) return a.role < b.role ? -1 : 1;
  return collator.compare(a.source, b.source);
}

const collator = new Intl.Collator(undefined, { numeric: true });

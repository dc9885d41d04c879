import { intervalBar } from "../charts/interval.js";
import { byId, h, muted } from "../dom/elements.js";
import { replaceKeepingFocus } from "../dom/replace.js";
import { count, share } from "../format/number.js";
import { timeElement } from "../format/time.js";
import { Choice, searchField } from "./controls.js";
import { notice, noticeOf } from "./notice.js";

const kinds = [
  { id: "", label: "All" },
  { id: "true", label: "Active" },
  { id: "false", label: "Deleted" },
];
const emptiness = {
  symbol: "unknown",
  title: "No policy yet",
  text: "Policies come from system5.policy.stored events.",
};
const notFound = { symbol: "search", title: "No policy is like that" };

/** Policies a page at a time; searching and paging are the worker's. */
export class PoliciesSection {
  #earlier = [];
  #place = h("div", {});
  #table = h("div", { class: "table-scroll" });
  #pages = h("div", { class: "more" });

  constructor(address) {
    this.address = address;
    this.kinds = new Choice({
      label: "Which policies", choices: kinds, chosen: "", choose: (id) => this.#choose(id),
    });
    const search = searchField({
      label: "Search policies", rest: 250, search: (text) => this.#ask({ q: text }),
    });
    byId("policies-tools").append(search, this.kinds.element);
    byId("policies-body").append(this.#place, this.#table, this.#pages);
  }

  show(view) {
    if (view.session !== this.view?.session) this.#carryOver(view.session);
    this.view = view;
    const resource = view.session.policies;
    const policies = resource.body?.policies ?? [];
    this.#place.replaceChildren(...this.#notices(resource, policies));
    replaceKeepingFocus(this.#table, ...(policies.length > 0 ? [this.#tableOf(policies)] : []));
    this.#showPages(resource.body);
  }

  /** What is searched for stays when the system or the range changes, the page does not. */
  #carryOver(session) {
    this.#earlier = [];
    const { q, active } = this.view?.session.policyQuery ?? session.policyQuery;
    if (q || active) session.askForPolicies({ q, active, cursor: "" });
  }

  #choose(active) {
    this.kinds.show(active);
    this.#ask({ active });
  }

  #ask(change) {
    if (!this.view) return;
    if (change.cursor === undefined) this.#earlier = [];
    const { session } = this.view;
    session.askForPolicies({ ...session.policyQuery, cursor: "", ...change });
  }

  #notices(resource, policies) {
    const problem = noticeOf(resource, emptiness);
    if (problem) return [problem];
    if (policies.length > 0) return [];
    const { q, active } = this.view.session.policyQuery;
    return [notice(q || active ? notFound : emptiness)];
  }

  #tableOf(policies) {
    const head = ["Policy", "Version", "Effectiveness", "Succeeded", "Failed", "Used", "Updated"];
    return h(
      "table",
      { class: "policies" },
      h("thead", {}, h("tr", {}, head.map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, policies.map((policy) => this.#row(policy))),
    );
  }

  #row(policy) {
    const open = () => this.address.set({ policy: policy.policy, from: "", to: "" });
    const deleted = !policy.active && h("span", { class: "badge" }, "deleted");
    const name = h("button", { type: "button", class: "button-link", onclick: open }, policy.policy);
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, name, deleted),
      cell("Version", count(policy.version)),
      cell("Effectiveness", effectiveness(policy)),
      cell("Succeeded", count(policy.success_count)),
      cell("Failed", count(policy.failure_count)),
      cell("Used", count(policy.usage_count)),
      cell("Updated", timeElement(policy.updated_at, this.view.to)),
    );
  }

  #showPages(body) {
    const back = () => this.#ask({ cursor: this.#earlier.pop() });
    const on = () => {
      this.#earlier.push(this.view.session.policyQuery.cursor);
      this.#ask({ cursor: body.next_cursor });
    };
    this.#pages.hidden = this.#earlier.length === 0 && !body?.next_cursor;
    replaceKeepingFocus(
      this.#pages,
      muted(`Page ${count(this.#earlier.length + 1)}`),
      step("Previous", this.#earlier.length > 0, back),
      step("Next", Boolean(body?.next_cursor), on),
    );
  }
}

/** On a phone a cell stands alone, and says what it is. */
const cell = (label, content) => h("td", { "data-label": label }, content);

const step = (text, isThere, go) =>
  h(
    "button",
    {
      type: "button", class: "button", disabled: !isThere, "aria-label": `${text} policies`,
      onclick: go,
    },
    text,
  );

/** With its interval: a share of few says little. */
export function effectiveness(policy) {
  const [low, high] = policy.effectiveness_interval;
  if (policy.success_count + policy.failure_count === 0) return muted("not used yet");
  const hint = `95 % interval from ${share(low)} to ${share(high)}`;
  return h(
    "span",
    { class: "effectiveness", "data-hint": hint, tabindex: 0 },
    intervalBar({ value: policy.effectiveness, low, high, label: "effectiveness" }),
    h("b", {}, share(policy.effectiveness)),
  );
}

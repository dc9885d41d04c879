import { Resource } from "../data/resource.js";
import { byId, h, muted } from "../dom/elements.js";
import { icon } from "../dom/icon.js";
import { replaceKeepingFocus } from "../dom/replace.js";
import { jsonLines } from "../format/json.js";
import { count, plural } from "../format/number.js";
import { milliseconds, shortTime, timeElement } from "../format/time.js";
import { changeList } from "./change-list.js";
import { noticeOf } from "./notice.js";
import { effectiveness } from "./policies.js";

const absent = { symbol: "search", title: "There is no such policy" };

/** One policy over the page: what it says, its versions, and what changed between any two. */
export class PolicySheet {
  #policy = new Resource();
  #versions = new Resource();
  #shown = "";

  constructor(api, address) {
    this.api = api;
    this.address = address;
    this.dialog = byId("policy-sheet");
    this.body = h("div", { class: "sheet-body" });
    this.title = h("h2", { id: "policy-title" });
    this.dialog.append(this.#head(), this.body);
    this.dialog.addEventListener("close", () => this.#leave());
    this.dialog.addEventListener("click", ({ target }) => {
      if (target === this.dialog) this.dialog.close();
    });
  }

  /** Follows the address: opens, changes or closes the sheet. */
  async show({ system, policy, from, to }) {
    this.choice = { from: Number(from), to: Number(to) };
    const key = policy ? JSON.stringify([system, policy]) : "";
    if (key === this.#shown) return this.#render();
    this.#shown = key;
    if (!policy) return this.dialog.close();
    this.#open(policy);
    await this.#load(system, policy);
    if (this.#shown === key) this.#render();
  }

  /** Reads again what is shown, when policies have moved. */
  async refresh() {
    if (!this.#shown) return;
    const key = this.#shown;
    const [system, policy] = JSON.parse(key);
    const before = [this.#policy.body, this.#versions.body];
    await this.#load(system, policy);
    const isSame = before[0] === this.#policy.body && before[1] === this.#versions.body;
    if (this.#shown === key && !isSame) this.#render();
  }

  #open(policy) {
    this.#policy = new Resource();
    this.#versions = new Resource();
    this.title.textContent = policy;
    if (!this.dialog.open) this.dialog.showModal();
    this.#render();
  }

  async #load(system, policy) {
    await Promise.all([
      this.#policy.load(() => this.api.policy(system, policy)),
      this.#versions.load(() => this.api.versions(system, policy)),
    ]);
  }

  #leave() {
    this.#shown = "";
    if (this.address.value.policy) this.address.set({ policy: "", from: "", to: "" });
  }

  #head() {
    const close = () => this.dialog.close();
    const button = { type: "button", class: "button-quiet", "aria-label": "Close", onclick: close };
    return h("div", { class: "sheet-head" }, this.title, h("button", button, icon("close")));
  }

  #render() {
    if (!this.#shown) return;
    replaceKeepingFocus(this.body, ...this.#content());
  }

  #content() {
    // A deleted policy no longer answers; its history stays.
    if (this.#policy.problem?.isGone) return [deleted(this.#policy.problem), ...this.#comparison()];
    const problem = noticeOf(this.#policy, absent);
    return problem ? [problem] : [...this.#document(this.#policy.body), ...this.#comparison()];
  }

  #document(policy) {
    return [
      h("div", { class: "sheet-facts" }, facts(policy)),
      ...documentOf("Data", policy.data),
      ...(Object.keys(policy.metadata).length > 0 ? documentOf("Metadata", policy.metadata) : []),
    ];
  }

  #comparison() {
    const problem = noticeOf(this.#versions, absent);
    if (problem) return [problem];
    const versions = this.#versions.body.versions.toSorted((a, b) => a.version - b.version);
    if (versions.length < 2) return [muted("There is one version, and nothing to compare it with.")];
    const { from, to } = this.#chosen(versions);
    return [
      h("h3", {}, "Versions"),
      h(
        "div",
        { class: "compare" },
        this.#picker("from", "From", versions, from),
        this.#picker("to", "to", versions, to),
      ),
      h("div", { "aria-live": "polite" }, changeList(from, to)),
    ];
  }

  /** The last two, unless the address says otherwise. */
  #chosen(versions) {
    const find = (number) => versions.find(({ version }) => version === number);
    return {
      from: find(this.choice.from) ?? versions.at(-2),
      to: find(this.choice.to) ?? versions.at(-1),
    };
  }

  #picker(name, label, versions, chosen) {
    const choose = (event) => this.#choose(name, event.target.value);
    const options = versions.map(({ version, created_at: time }) => {
      const text = `version ${count(version)}, ${shortTime(milliseconds(time))}`;
      return h("option", { value: version, selected: version === chosen.version }, text);
    });
    return h("label", {}, label, h("select", { name, onchange: choose }, options));
  }

  #choose(name, version) {
    this.address.set({ [name]: version }, { replace: true });
  }
}

const deleted = ({ message }) =>
  h(
    "div",
    { class: "sheet-facts" },
    h("span", { class: "badge" }, "deleted"),
    h("span", {}, message),
  );

function facts(policy) {
  const [created, updated] = [policy.created_at, policy.updated_at].map((time) => timeElement(time));
  return [
    h("span", { class: "badge badge-good" }, "active"),
    h("span", {}, `version ${count(policy.version)}`),
    effectiveness(policy),
    h("span", {}, counts(policy)),
    muted("created ", created, ", updated ", updated),
  ];
}

const counts = ({ success_count: successes, failure_count: failures, usage_count: uses }) =>
  [plural(successes, "success", "successes"), plural(failures, "failure"), plural(uses, "use")]
    .join(", ");

function documentOf(title, value) {
  const props = { class: "document", tabindex: 0, role: "region", "aria-label": title };
  return [h("h3", {}, title), h("pre", props, jsonLines(value))];
}

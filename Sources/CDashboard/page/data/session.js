import { Histories } from "./histories.js";
import { Resource } from "./resource.js";

const bounds = { sources: 10_000, alerts: 3000, patterns: 1000, conversions: 1000 };
const historyPoints = 240;
const policiesAtOnce = 25;

/** What the page knows of one system over one range, by the input that it follows from. */
export class Session {
  sources = new Resource();
  requisite = new Resource();
  requisiteHistory = new Resource();
  trends = new Resource();
  conversions = new Resource();
  alerts = new Resource();
  patterns = new Resource();
  metrics = new Resource();
  policies = new Resource();
  policyQuery = { q: "", active: "", cursor: "" };

  /** `changed(input)` is called after each reading. */
  constructor(api, { system, range }, changed) {
    this.api = api;
    this.system = system;
    this.range = range;
    this.changed = changed;
    this.histories = new Histories(api, this, () => changed("variety"));
  }

  get inputs() {
    return ["variety", "adaptation", "policy"];
  }

  /** Where a list of the input said that it holds for: {topic, partition, offset}. */
  position(input) {
    const lists = { variety: this.sources, adaptation: this.patterns, policy: this.policies };
    return lists[input].body?.position;
  }

  get #resources() {
    return [
      this.sources, this.requisite, this.requisiteHistory, this.trends, this.conversions,
      this.alerts, this.patterns, this.metrics, this.policies,
    ];
  }

  get problems() {
    const problems = this.#resources.map(({ problem }) => problem);
    return problems.filter((problem) => problem && !problem.isAbsent);
  }

  async load(input) {
    await Promise.all(this.#loads(input));
    this.changed(input);
  }

  #loads(input) {
    if (input === "variety") return this.#varietyLoads();
    if (input === "adaptation") return this.#adaptationLoads();
    return [this.#loadPolicies()];
  }

  #varietyLoads() {
    const { api, system, range } = this;
    return [
      this.sources.load(() => api.sources(system, bounds.sources)),
      this.requisite.load(() => api.requisite(system)),
      this.requisiteHistory.load(() => api.requisiteHistory(system, range, historyPoints)),
      this.trends.load(() => api.trends(system, range)),
      this.conversions.load(() => api.conversions(system, bounds.conversions)),
      this.alerts.load(() => api.alerts(system, bounds.alerts)),
      this.histories.reload(),
    ];
  }

  #adaptationLoads() {
    const { api, system } = this;
    return [
      this.patterns.load(() => api.patterns(system, bounds.patterns)),
      this.metrics.load(() => api.adaptationMetrics(system)),
    ];
  }

  #loadPolicies() {
    const query = { ...this.policyQuery, limit: policiesAtOnce };
    return this.policies.load(() => this.api.policies(this.system, query));
  }

  /** Another page of policies, or another search. */
  async askForPolicies(query) {
    this.policyQuery = query;
    await this.load("policy");
  }
}

/** The routes of the API that the page reads. Any worker answers for any system: `forward`. */
const forward = "true";
const pageLimit = 1000;
/** Policies and contexts hold numbers that others have written. */
const exact = { exact: true };

export class API {
  constructor(client) {
    this.client = client;
  }

  systems(bound) {
    return this.#all("/v1/systems", "systems", bound);
  }

  sources(system, bound) {
    return this.#all(`${at(system)}/variety`, "sources", bound);
  }

  requisite(system) {
    return this.#get(`${at(system)}/variety/requisite`);
  }

  requisiteHistory(system, range, points) {
    return this.#get(`${at(system)}/variety/requisite/history`, { range: range.query, points });
  }

  history(system, source, range, points) {
    const path = `${at(system)}/variety/${encodeURIComponent(source)}/history`;
    return this.#get(path, { range: range.query, points });
  }

  trends(system, range) {
    return this.#get(`${at(system)}/variety/trends`, { range: range.query });
  }

  conversions(system) {
    return this.#get(`${at(system)}/variety/amplifiers`);
  }

  alerts(system, bound) {
    return this.#all(`${at(system)}/alerts`, "alerts", bound);
  }

  patterns(system, bound) {
    return this.#all(`${at(system)}/patterns`, "patterns", bound, exact);
  }

  adaptationMetrics(system) {
    return this.#get(`${at(system)}/adaptations/metrics`);
  }

  policies(system, query) {
    return this.#get(`${at(system)}/policies`, query, exact);
  }

  policy(system, id) {
    return this.#get(`${at(system)}/policies/${encodeURIComponent(id)}`, {}, exact);
  }

  versions(system, id) {
    return this.#get(`${at(system)}/policies/${encodeURIComponent(id)}/versions`, {}, exact);
  }

  #get(path, query = {}, options = {}) {
    return this.client.get(path, { query: { ...query, forward }, ...options });
  }

  /** Follows a list's cursors up to `bound` entries; `more` says that there are others. */
  async #all(path, name, bound, options) {
    const limit = Math.min(bound, pageLimit);
    let page = await this.#get(path, { limit }, options);
    const first = page;
    const entries = [...page[name]];
    while (page.next_cursor && entries.length < bound) {
      page = await this.#get(path, { limit, cursor: page.next_cursor }, options);
      entries.push(...page[name]);
    }
    return { ...first, [name]: entries, more: Boolean(page.next_cursor) };
  }
}

const at = (system) => `/v1/systems/${encodeURIComponent(system)}`;

/** The routes of the API that the page reads. Any worker answers for any system: `forward`. */
const forward = "true";
const pageLimit = 1000;

export class API {
  constructor(client) {
    this.client = client;
  }

  systems(bound) {
    return this.#all("/v1/systems", "systems", {}, bound);
  }

  sources(system, bound) {
    return this.#all(`${at(system)}/variety`, "sources", {}, bound);
  }

  requisite(system) {
    return this.#get(`${at(system)}/variety/requisite`);
  }

  requisiteHistory(system, range, points) {
    return this.#get(`${at(system)}/variety/requisite/history`, { range: range.query, points });
  }

  history(system, source, range, points, signal) {
    const path = `${at(system)}/variety/${encodeURIComponent(source)}/history`;
    return this.#get(path, { range: range.query, points }, signal);
  }

  trends(system, range) {
    return this.#get(`${at(system)}/variety/trends`, { range: range.query });
  }

  conversions(system) {
    return this.#get(`${at(system)}/variety/amplifiers`);
  }

  alerts(system, bound) {
    return this.#all(`${at(system)}/alerts`, "alerts", {}, bound);
  }

  patterns(system, bound) {
    return this.#all(`${at(system)}/patterns`, "patterns", {}, bound);
  }

  adaptationMetrics(system) {
    return this.#get(`${at(system)}/adaptations/metrics`);
  }

  policies(system, query, signal) {
    return this.#get(`${at(system)}/policies`, query, signal);
  }

  policy(system, id, signal) {
    return this.#get(`${at(system)}/policies/${encodeURIComponent(id)}`, {}, signal);
  }

  versions(system, id, signal) {
    return this.#get(`${at(system)}/policies/${encodeURIComponent(id)}/versions`, {}, signal);
  }

  #get(path, query = {}, signal = undefined) {
    return this.client.get(path, { query: { ...query, forward }, signal });
  }

  /** Follows a list's cursors up to `bound` entries; `more` says that there are others. */
  async #all(path, name, query, bound) {
    const limit = Math.min(bound, pageLimit);
    let page = await this.#get(path, { ...query, limit });
    const first = page;
    const entries = [...page[name]];
    while (page.next_cursor && entries.length < bound) {
      page = await this.#get(path, { ...query, limit, cursor: page.next_cursor });
      entries.push(...page[name]);
    }
    return { ...first, [name]: entries, more: Boolean(page.next_cursor) };
  }
}

const at = (system) => `/v1/systems/${encodeURIComponent(system)}`;

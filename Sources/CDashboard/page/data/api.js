const pageLimit = 1000;
/** Policies and contexts hold numbers that others have written. */
const exact = true;

/** The routes that the page reads. Any worker answers for any system, where it may `forward`. */
export class API {
  constructor(client) {
    this.client = client;
  }

  /** Those that the worker itself knows. */
  systems(bound) {
    return this.#all("/v1/systems", ["systems"], bound, { forward: "" });
  }

  sources(system, bound) {
    return this.#all(`${at(system)}/variety`, ["sources"], bound);
  }

  requisite(system) {
    return this.#get(`${at(system)}/variety/requisite`);
  }

  requisiteHistory(system, range, points) {
    return this.#get(`${at(system)}/variety/requisite/history`, { range: range.query, points });
  }

  /** By id: a source may be called what is a route of its own, such as "trends". */
  history(system, source, range, points) {
    const path = `${at(system)}/variety/by-id/${encodeURIComponent(source)}/history`;
    return this.#get(path, { range: range.query, points });
  }

  trends(system, range) {
    return this.#get(`${at(system)}/variety/trends`, { range: range.query });
  }

  conversions(system, bound) {
    return this.#all(`${at(system)}/variety/amplifiers`, ["amplifiers", "attenuators"], bound);
  }

  alerts(system, bound) {
    return this.#all(`${at(system)}/alerts`, ["alerts"], bound);
  }

  patterns(system, bound) {
    return this.#all(`${at(system)}/patterns`, ["patterns"], bound, { exact });
  }

  adaptationMetrics(system) {
    return this.#get(`${at(system)}/adaptations/metrics`);
  }

  policies(system, query) {
    return this.#get(`${at(system)}/policies`, query, { exact });
  }

  policy(system, id) {
    return this.#get(`${at(system)}/policies/${encodeURIComponent(id)}`, {}, { exact });
  }

  versions(system, id) {
    return this.#get(`${at(system)}/policies/${encodeURIComponent(id)}/versions`, {}, { exact });
  }

  #get(path, query = {}, { exact = false, forward = "true" } = {}) {
    return this.client.get(path, { query: { ...query, forward }, exact });
  }

  /** Follows the cursors of a list, or of several in one answer, up to `bound` entries. */
  async #all(path, names, bound, options) {
    const limit = Math.min(bound, pageLimit);
    const pages = [await this.#get(path, { limit }, options)];
    while (pages.at(-1).next_cursor && pages.length * limit < bound) {
      pages.push(await this.#get(path, { limit, cursor: pages.at(-1).next_cursor }, options));
    }
    const lists = names.map((name) => [name, pages.flatMap((page) => page[name])]);
    return { ...pages[0], ...Object.fromEntries(lists) };
  }
}

const at = (system) => `/v1/systems/${encodeURIComponent(system)}`;

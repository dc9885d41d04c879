import { parseExactly } from "./exact.js";
import { Problem } from "./problem.js";
import { token } from "./token.js";

const answerDeadline = 15_000;
const rememberedAnswers = 400;

/** Reads the API; an answer that has not changed comes from memory, by its ETag. */
export class Client {
  #remembered = new Map();

  /**
   * The body at `path`; throws a `Problem`. It is the same object until it changes. `exact` keeps
   * numbers as they were written: for what others have written.
   */
  async get(path, { query = {}, exact = false } = {}) {
    const url = withQuery(path, query);
    const remembered = this.#remembered.get(url);
    const response = await this.#fetch(url, remembered?.etag);
    if (response.status === 304 && remembered) return remembered.body;
    if (!response.ok) throw await Problem.of(response);
    const text = await this.#text(response);
    const body = exact ? parseExactly(text) : JSON.parse(text);
    this.#remember(url, response.headers.get("etag"), body);
    return body;
  }

  async #fetch(url, etag) {
    const headers = { accept: "application/json", ...token.headers() };
    if (etag) headers["if-none-match"] = etag;
    try {
      const signal = AbortSignal.timeout(answerDeadline);
      return await fetch(url, { headers, cache: "no-store", signal });
    } catch {
      throw new Problem({});
    }
  }

  async #text(response) {
    try {
      return await response.text();
    } catch {
      throw new Problem({});
    }
  }

  #remember(url, etag, body) {
    this.#remembered.delete(url);
    if (!etag) return;
    this.#remembered.set(url, { etag, body });
    if (this.#remembered.size > rememberedAnswers) {
      this.#remembered.delete(this.#remembered.keys().next().value);
    }
  }
}

function withQuery(path, query) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

import { parseExactly } from "./exact.js";
import { Problem } from "./problem.js";
import { token } from "./token.js";

const answerDeadline = 15_000;
const rememberedAnswers = 400;

/** Reads the API; an answer that has not changed comes from memory, by its ETag. */
export class Client {
  #remembered = new Map();

  /** The body at `path`; throws a `Problem`. A name's body is the same object until it changes. */
  async get(path, { signal, query = {} } = {}) {
    const url = withQuery(path, query);
    const remembered = this.#remembered.get(url);
    const response = await this.#fetch(url, remembered?.etag, signal);
    if (response.status === 304 && remembered) return remembered.body;
    if (!response.ok) throw await Problem.of(response);
    const body = parseExactly(await this.#text(response));
    this.#remember(url, response.headers.get("etag"), body);
    return body;
  }

  async #fetch(url, etag, signal) {
    const headers = { accept: "application/json", ...token.headers() };
    if (etag) headers["if-none-match"] = etag;
    try {
      return await fetch(url, { headers, cache: "no-store", signal: withDeadline(signal) });
    } catch (error) {
      throw unreachable(error, signal);
    }
  }

  async #text(response) {
    try {
      return await response.text();
    } catch (error) {
      throw unreachable(error);
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

/** What another call has given up is passed on as it is; the rest means that there is no answer. */
function unreachable(error, signal) {
  return signal?.aborted ? error : new Problem({});
}

function withDeadline(signal) {
  const deadline = AbortSignal.timeout(answerDeadline);
  return signal ? AbortSignal.any([signal, deadline]) : deadline;
}

function withQuery(path, query) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

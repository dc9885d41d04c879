import { Resource } from "./resource.js";

const atOnce = 4;
const points = 160;

/** The series of the sources that are in view; only those are read. */
export class Histories {
  #wanted = new Set();
  #asked = new Set();
  #resources = new Map();
  #loaded;

  constructor(api, { system, range }, loaded) {
    this.api = api;
    this.scope = { system, range };
    this.#loaded = loaded;
  }

  of(source) {
    if (!this.#resources.has(source)) this.#resources.set(source, new Resource());
    return this.#resources.get(source);
  }

  async want(source) {
    this.#wanted.add(source);
    if (!this.#asked.has(source)) await this.#load(source);
  }

  /** Out of view: it is read again when it comes back, and not before. */
  forget(source) {
    this.#wanted.delete(source);
    this.#asked.delete(source);
  }

  /** Reads all that is in view again, a few at a time. */
  async reload() {
    const waiting = [...this.#wanted];
    const work = async () => {
      for (let source = waiting.pop(); source !== undefined; source = waiting.pop()) {
        await this.#load(source);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  }

  async #load(source) {
    const { system, range } = this.scope;
    this.#asked.add(source);
    await this.of(source).load(() => this.api.history(system, source, range, points));
    this.#loaded(source);
  }
}

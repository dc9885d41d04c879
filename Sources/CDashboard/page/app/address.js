import { Signal } from "../data/signal.js";

const names = ["system", "range", "policy", "from", "to"];

/** What the page shows, as the part of its address after `#`, so that a link can be shared. */
export class Address {
  constructor(location = window.location, history = window.history) {
    this.location = location;
    this.history = history;
    this.changed = new Signal(this.read());
    window.addEventListener("hashchange", () => this.#publish());
  }

  get value() {
    return this.changed.value;
  }

  read() {
    const given = new URLSearchParams(this.location.hash.slice(1));
    return Object.fromEntries(names.map((name) => [name, given.get(name) ?? ""]));
  }

  /** Changes some members. What a person chose can be gone back from, the rest is replaced. */
  set(members, { replace = false } = {}) {
    const next = { ...this.value, ...members };
    const given = names.filter((name) => next[name]).map((name) => [name, next[name]]);
    const hash = `#${new URLSearchParams(given)}`;
    if (hash === this.location.hash) return;
    this.history[replace ? "replaceState" : "pushState"](null, "", hash);
    this.#publish();
  }

  #publish() {
    this.changed.set(this.read());
  }
}

const shortestPause = 1500;
/** A large system's answers take long: reading them must stay a small part of the time. */
const share = 4;

/** Reads an input again when it has moved, never twice at once and never too often. */
export class Refresher {
  #states = new Map();

  /** `load(input)` reads it, and answers in how many seconds to ask again, if it should be. */
  constructor(load) {
    this.load = load;
  }

  /** Forgets all that was to be read, as another system is looked at now. */
  reset() {
    for (const state of this.#states.values()) clearTimeout(state.timer);
    this.#states = new Map();
  }

  touch(input) {
    const state = this.#state(input);
    state.isDirty = true;
    this.#schedule(input, state);
  }

  #state(input) {
    if (!this.#states.has(input)) {
      this.#states.set(input, { isDirty: false, isRunning: false, earliest: 0, timer: undefined });
    }
    return this.#states.get(input);
  }

  #schedule(input, state) {
    if (state.isRunning || state.timer !== undefined) return;
    const pause = Math.max(0, state.earliest - performance.now());
    state.timer = setTimeout(() => this.#run(input, state), pause);
  }

  async #run(input, state) {
    Object.assign(state, { isDirty: false, isRunning: true, timer: undefined });
    const started = performance.now();
    const again = await this.load(input);
    const now = performance.now();
    state.isRunning = false;
    state.earliest = now + Math.max(shortestPause, share * (now - started), (again ?? 0) * 1000);
    if (this.#states.get(input) !== state) return;
    if (state.isDirty || again !== undefined) this.#schedule(input, state);
  }
}

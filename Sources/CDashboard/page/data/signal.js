/** One value that others may watch. */
export class Signal {
  #watchers = new Set();

  constructor(value) {
    this.value = value;
  }

  set(value) {
    this.value = value;
    for (const watcher of this.#watchers) watcher(value);
  }

  /** Calls `watcher` with every later value. */
  watch(watcher) {
    this.#watchers.add(watcher);
  }
}

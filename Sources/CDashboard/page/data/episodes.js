const most = 2000;

/**
 * Episodes of alerts. The worker holds the latest of each alert; those that the page has seen
 * before stay for as long as it is open.
 */
export class Episodes {
  #known = new Map();

  /** All that are known, those of `alerts` included: firing first, then newest first. */
  merge(alerts) {
    for (const alert of alerts) this.#known.set(`${alert.alert}/${alert.episode}`, alert);
    this.#drop();
    return [...this.#known.values()].sort(byImportance);
  }

  #drop() {
    if (this.#known.size <= most) return;
    const kept = [...this.#known].sort(([, a], [, b]) => byImportance(a, b)).slice(0, most);
    this.#known = new Map(kept);
  }
}

function byImportance(a, b) {
  const firing = Number(Boolean(a.ends_at)) - Number(Boolean(b.ends_at));
  const age = Date.parse(b.starts_at) - Date.parse(a.starts_at);
  return firing || age || (a.alert < b.alert ? -1 : 1);
}

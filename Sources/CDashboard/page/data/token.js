const key = "system5.token";

/** The bearer token, kept for this tab only. */
export const token = {
  get() {
    try {
      return sessionStorage.getItem(key) ?? this.held;
    } catch {
      return this.held;
    }
  },

  set(value) {
    this.held = value;
    try {
      sessionStorage.setItem(key, value);
    } catch {
      // Storage is refused: it lasts as long as the page.
    }
  },

  headers() {
    const value = this.get();
    return value ? { authorization: `Bearer ${value}` } : {};
  },

  held: undefined,
};

import { milliseconds } from "../format/time.js";

const hour = 3_600_000;

/** What sections show, worked out once from what a session has read. */
export class View {
  constructor(session) {
    this.session = session;
    this.system = session.system;
    this.range = session.range;
    this.sources = session.sources.body?.sources ?? [];
    this.alerts = session.alerts.body?.alerts ?? [];
    this.trends = session.trends.body?.trends ?? {};
    this.critical = new Set(session.trends.body?.critical_sources ?? []);
    this.firing = this.alerts.filter((alert) => !alert.ends_at);
    this.firingSources = new Set(this.firing.map(({ source }) => source));
    this.to = this.#streamTime();
    this.from = this.to - this.range.seconds * 1000;
    this.until = this.to + hour;
  }

  /** The newest event time that the page has seen: events' time is the only clock. */
  #streamTime() {
    const history = this.session.requisiteHistory.body?.history ?? [];
    const times = [
      ...this.sources.map(({ time }) => time),
      ...history.slice(-1).map(({ time }) => time),
      ...this.alerts.flatMap(({ starts_at: start, ends_at: end }) => [start, end]),
    ];
    const newest = times
      .filter(Boolean)
      .map(milliseconds)
      .reduce((a, b) => Math.max(a, b), -Infinity);
    return Number.isFinite(newest) ? newest : Date.now();
  }

  get hasMeasurements() {
    return this.sources.length > 0;
  }

  trendOf(source) {
    return this.trends[source];
  }

  /** Lower is more urgent. */
  urgency(source) {
    if (this.critical.has(source)) return 0;
    return this.firingSources.has(source) ? 1 : 2;
  }
}

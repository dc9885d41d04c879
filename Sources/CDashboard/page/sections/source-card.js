import { Chart } from "../charts/chart.js";
import { sourcePlot } from "../charts/source-plot.js";
import { h, setText } from "../dom/elements.js";
import { icon } from "../dom/icon.js";
import { replaceIfChanged } from "../dom/replace.js";
import { trendKinds } from "../format/kinds.js";
import { quantity, share, signed } from "../format/number.js";
import { timeElement } from "../format/time.js";
import { noticeOf } from "./notice.js";

const absent = { symbol: "chart", title: "No measurement in this range" };

/** One source: its value now, where it is going, and its series. */
export class SourceCard {
  #chart = new Chart({ height: 132 });
  #place = h("div", {});
  #state = h("span", { class: "card-state" });
  #value = h("b", { class: "source-value" });
  #trend = h("span", { class: "source-trend" });
  #facts = h("p", { class: "source-facts" });

  constructor(source) {
    this.source = source;
    const name = h("h3", { class: "card-title", title: source }, source);
    this.role = h("span", { class: "muted" });
    this.element = h(
      "li",
      { class: "card source-card" },
      h("div", { class: "card-head" }, name, this.#state, this.#chart.toggle),
      h("p", { class: "source-now" }, this.#value, this.#trend, this.role),
      this.#place,
      this.#chart.element,
      this.#facts,
    );
    this.element.dataset.source = source;
  }

  removed() {
    this.#chart.removed();
  }

  update({ source, view }) {
    const trend = view.trendOf(source.source);
    this.element.classList.toggle("is-urgent", view.urgency(source.source) < 2);
    this.role.replaceChildren(h("i", { class: `mark mark-${source.role}` }), source.role);
    setText(this.#value, quantity(source.variety));
    this.#state.replaceChildren(...state(view, source.source));
    this.#trend.replaceChildren(...direction(trend));
    this.#showFacts(source, trend, view);
    this.#showChart(source, trend, view);
  }

  #showFacts(source, trend, view) {
    const breach = trend?.breach_at && timeElement(trend.breach_at, view.to);
    const facts = [
      breach && h("span", { class: "breach" }, "breach ", breach),
      trend && fact("volatility", quantity(trend.volatility)),
      source.capacity > 0 && source.capacity !== source.variety &&
        fact("used", `${share(source.variety / source.capacity)} of ${quantity(source.capacity)}`),
      ...source.thresholds.map(({ direction, threshold }) => fact(direction, quantity(threshold))),
    ].filter(Boolean);
    replaceIfChanged(this.#facts, ...facts);
  }

  #showChart(source, trend, view) {
    const history = view.session.histories.of(source.source);
    const problem = noticeOf(history, absent);
    this.#place.replaceChildren(...(problem ? [problem] : []));
    if (problem) return this.#chart.hide();
    const { from, to, until } = view;
    this.#chart.show(sourcePlot({ source, trend, history: history.body.history, from, to, until }));
  }
}

const fact = (name, value) => h("span", {}, `${name} `, h("b", {}, value));

function state(view, source) {
  if (view.critical.has(source)) return [badge("critical", "Critical")];
  if (view.firingSources.has(source)) return [badge("firing", "Firing")];
  return [];
}

const badge = (kind, text) => h("span", { class: `badge badge-${kind}` }, icon("warning"), text);

function direction(trend) {
  if (!trend) return [];
  const { icon: symbol, name } = trendKinds[trend.trend] ?? trendKinds.insufficient_data;
  const isMoving = trend.trend === "increasing" || trend.trend === "decreasing";
  return [icon(symbol), isMoving ? `${signed(trend.slope_per_hour)}/h` : name];
}

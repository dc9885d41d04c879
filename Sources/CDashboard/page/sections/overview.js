import { Chart } from "../charts/chart.js";
import { requisitePlot } from "../charts/requisite-plot.js";
import { byId, h, setText } from "../dom/elements.js";
import { replaceIfChanged } from "../dom/replace.js";
import { trendKinds } from "../format/kinds.js";
import { plural } from "../format/number.js";
import { timeElement } from "../format/time.js";
import { Coverage } from "./coverage.js";
import { noticeOf } from "./notice.js";

const absent = {
  symbol: "chart",
  title: "Not measured yet",
  text: "Coverage needs a measurement of the environment and one of the system.",
};

/** How the system stands: its coverage now, and both varieties over time. */
export class OverviewSection {
  #chart = new Chart({ height: 280, className: "chart-wide" });
  #place = h("div", {});

  constructor() {
    this.name = byId("system-name");
    this.facts = byId("system-facts");
    this.coverage = new Coverage(byId("coverage"));
    byId("requisite-tools").append(this.#chart.toggle);
    byId("requisite-chart").append(this.#place, this.#chart.element);
  }

  show(view) {
    setText(this.name, view.system);
    this.#showFacts(view);
    this.coverage.show(view, absent);
    this.#showChart(view);
  }

  #showFacts(view) {
    if (!view.hasMeasurements) return replaceIfChanged(this.facts);
    const overall = view.session.trends.body?.overall_trend;
    const trend = overall ? ` · ${trendKinds[overall].name} over ${view.range.name}` : "";
    const sources = plural(view.sources.length, "source");
    replaceIfChanged(this.facts, "As of ", timeElement(view.to), ` · ${sources}${trend}`);
  }

  #showChart(view) {
    const history = view.session.requisiteHistory;
    const isEmpty = history.state === "ready" && history.body.history.length === 0;
    const problem = isEmpty ? noticeOf({ state: "absent" }, absent) : noticeOf(history, absent);
    this.#place.replaceChildren(...(problem ? [problem] : []));
    if (problem) return this.#chart.hide();
    this.#chart.show(requisitePlot({ ...view, history: history.body.history }));
  }
}

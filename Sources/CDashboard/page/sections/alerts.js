import { episodeLane, laneAxis } from "../charts/lanes.js";
import { Episodes } from "../data/episodes.js";
import { byId, h, muted, setText } from "../dom/elements.js";
import { icon } from "../dom/icon.js";
import { replaceIfChanged } from "../dom/replace.js";
import { alertKinds } from "../format/kinds.js";
import { count, quantity } from "../format/number.js";
import { duration, milliseconds, timeElement } from "../format/time.js";
import { Choice, More } from "./controls.js";
import { notice, noticeOf } from "./notice.js";

const kinds = [
  { id: "", label: "All" },
  { id: "firing", label: "Firing" },
  { id: "over", label: "Over" },
];
const emptiness = { symbol: "check", title: "No alert", text: "Nothing has fired in this system." };

/** Alerts as a timeline of their episodes; what fires now comes first. */
export class AlertsSection {
  #kind = "";
  #place = h("div", {});
  #axis = h("div", { class: "episode episode-head", "aria-hidden": "true" });
  #rows = h("ol", { class: "episodes" });
  #more = new More({ step: 25, noun: "episodes", shown: () => this.#render() });

  constructor() {
    this.count = byId("alerts-count");
    this.kinds = new Choice({
      label: "Which alerts", choices: kinds, chosen: "", choose: (id) => this.#choose(id),
    });
    byId("alerts-tools").append(this.kinds.element);
    byId("alerts-body").append(this.#place, this.#axis, this.#rows, this.#more.element);
  }

  show(view) {
    if (view.system !== this.view?.system) {
      this.episodes = new Episodes();
      this.#more.reset();
    }
    this.view = view;
    this.known = this.episodes.merge(view.alerts);
    this.#render();
  }

  #choose(kind) {
    this.#kind = kind;
    this.kinds.show(kind);
    this.#more.reset();
    this.#render();
  }

  #render() {
    if (!this.view) return;
    const found = this.known.filter((alert) => this.#matches(alert));
    const shown = this.#more.cut(found);
    setText(this.count, firingCount(this.view.firing.length));
    this.#place.replaceChildren(...this.#notices(found));
    this.#axis.hidden = shown.length === 0;
    this.#axis.replaceChildren(laneAxis(this.view));
    replaceIfChanged(this.#rows, ...shown.map((alert) => row(alert, this.view)));
  }

  #matches({ ends_at: end }) {
    return this.#kind === "" || (this.#kind === "over") === Boolean(end);
  }

  #notices(found) {
    const problem = noticeOf(this.view.session.alerts, emptiness);
    if (problem) return [problem];
    if (this.known.length === 0) return [notice(emptiness)];
    return found.length === 0 ? [notice({ symbol: "check", title: "No alert is like that" })] : [];
  }
}

const firingCount = (firing) => (firing > 0 ? `${count(firing)} firing` : "");

function row(alert, view) {
  const isFiring = !alert.ends_at;
  return h(
    "li",
    { class: `episode ${isFiring ? "is-firing" : ""}` },
    h(
      "div",
      { class: "episode-name" },
      icon(isFiring ? "warning" : "check"),
      h("div", {}, h("b", {}, alert.source ?? view.system), muted(kindOf(alert))),
    ),
    episodeLane(alert, view),
    h("div", { class: "episode-value" }, ...values(alert)),
    h("p", { class: "episode-text" }, alert.summary, muted(...times(alert, view))),
  );
}

const kindOf = ({ kind, direction, episode }) =>
  [alertKinds[kind] ?? kind, direction, `episode ${count(episode)}`].filter(Boolean).join(" · ");

function values({ kind, value, threshold, direction }) {
  if (kind === "requisite-variety") return ["gap ", h("b", {}, quantity(value))];
  if (threshold === undefined) return [h("b", {}, quantity(value))];
  return [h("b", {}, quantity(value)), direction === "below" ? " min " : " max ", quantity(threshold)];
}

function times({ starts_at: start, ends_at: end }, { to }) {
  const span = duration((end ? milliseconds(end) : to) - milliseconds(start));
  if (!end) return [" firing since ", timeElement(start, to), `, ${span}`];
  return [" ", timeElement(start, to), " to ", timeElement(end, to), `, ${span}`];
}

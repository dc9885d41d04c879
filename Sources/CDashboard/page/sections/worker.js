import { Sparkline } from "../charts/sparkline.js";
import { byId, h, muted, setText } from "../dom/elements.js";
import { icon } from "../dom/icon.js";
import { replaceIfChanged } from "../dom/replace.js";
import { shardStatuses } from "../format/kinds.js";
import { count, plural, quantity, share } from "../format/number.js";

const seconds = 120;

/** The worker that this page came from: how fast it goes, how far behind it is, what it holds. */
export class WorkerSection {
  #rates = [];
  #large = new Sparkline({ width: 600, height: 84, length: seconds });
  #small = new Sparkline({ width: 84, height: 22, length: seconds });

  constructor(stream) {
    this.rate = byId("worker-rate");
    this.lag = byId("worker-lag");
    this.broker = byId("worker-broker");
    this.shards = byId("worker-shards");
    byId("worker-spark").append(this.#large.element);
    byId("live-spark").append(this.#small.element);
    stream.status.watch((status) => this.#show(status));
  }

  #show(status) {
    this.#rates = [...this.#rates, Math.max(0, status.records_per_second)].slice(-seconds);
    this.#large.show(this.#rates);
    this.#small.show(this.#rates);
    setText(this.rate, quantity(status.records_per_second));
    setText(this.lag, count(status.lag));
    setText(byId("live-rate"), `${quantity(status.records_per_second)}/s`);
    setText(byId("live-lag"), `lag ${quantity(status.lag)}`);
    this.#showBroker(status.broker);
    this.#showShards(status.shards);
  }

  #showBroker(state) {
    const isUp = state === "up";
    this.broker.className = isUp ? "fact-good" : "fact-bad";
    replaceIfChanged(this.broker, icon(isUp ? "check" : "plug"), isUp ? "up" : "away");
  }

  #showShards(shards) {
    const topics = Map.groupBy(shards, ({ topic }) => topic);
    const groups = [...topics].sort(([a], [b]) => (a < b ? -1 : 1)).map(topicGroup);
    const nothing = muted("This worker has no partition now; others may have all of them.");
    replaceIfChanged(this.shards, ...(groups.length > 0 ? groups : [nothing]));
  }
}

function topicGroup([topic, shards]) {
  const inOrder = shards.toSorted((a, b) => a.partition - b.partition);
  const lag = shards.reduce((sum, shard) => sum + (shard.lag ?? 0), 0);
  return h(
    "div",
    { class: "topic" },
    h("h3", { class: "card-title" }, topic),
    muted(`${plural(shards.length, "partition")}, lag ${count(lag)}`),
    h("ul", { class: "shards" }, inOrder.map(shardRow)),
  );
}

/** A log is applied from an offset to another; of a checkpoint the worker says in words. */
function progressText({ checkpoint, offset, target } = {}) {
  return target > 0 ? share(offset / target) : checkpoint;
}

function shardRow({ partition, status, offset, lag, progress }) {
  const { icon: symbol, name } = shardStatuses[status] ?? { icon: "unknown", name: status };
  const state = [name, progressText(progress)].filter(Boolean).join(" ");
  return h(
    "li",
    { class: `shard shard-${status}` },
    h("b", {}, String(partition)),
    h("span", { class: "shard-status" }, icon(symbol), state),
    h("span", {}, `at ${count(offset)}`),
    muted(`lag ${count(lag)}`),
  );
}

import { byId, h, set, setText } from "../dom/elements.js";
import { icon } from "../dom/icon.js";
import { timeElement } from "../format/time.js";

const states = {
  connecting: { symbol: "hourglass", text: "Connecting" },
  live: { symbol: "check", text: "Live" },
  lost: { symbol: "plug", text: "Not connected" },
  refused: { symbol: "lock", text: "Token needed" },
  paused: { symbol: "pause", text: "Paused" },
};

/** Says above all else when what the page shows is not what is, and since when. */
export class ConnectionBanner {
  constructor(stream, retry) {
    this.stream = stream;
    this.retry = retry;
    this.live = byId("live-state");
    this.element = byId("banner");
    stream.connection.watch(() => this.show());
    stream.status.watch(() => this.show());
    setInterval(() => this.#count(), 1000);
    this.show();
  }

  /** `problems` are those of the answers to what was asked last. */
  show(problems = this.problems ?? []) {
    this.problems = problems;
    const { state } = this.stream.connection.value;
    const { symbol, text } = states[state];
    if (this.live.dataset.state !== state) {
      this.live.dataset.state = state;
      this.live.replaceChildren(icon(symbol), text);
    }
    this.#tell(this.#message());
  }

  #message() {
    const { state, problem } = this.stream.connection.value;
    const takeover = this.problems.find(({ isTakeover }) => isTakeover);
    if (state === "lost" && !(problem?.status > 0)) return this.#lost();
    if (takeover) return waiting("hourglass", takeover.message);
    if (state === "lost") return waiting("plug", pollingText(problem));
    if (state === "live" && this.stream.status.value?.broker === "away") {
      return waiting("plug", brokerText);
    }
    const failed = this.problems.find((problem) => !problem.isUnreachable && !problem.needsToken);
    return failed && waiting("warning", failed.message);
  }

  #lost() {
    const { since } = this.stream.connection.value;
    const seen = this.stream.status.value?.received;
    const parts = seen
      ? ["Connection lost. All this is as it was at ", timeElement(seen), "."]
      : ["No connection to the worker since ", timeElement(since), "."];
    return { kind: "lost", symbol: "plug", key: `lost ${seen ?? since}`, parts, isLost: true };
  }

  /** Written anew only when it says something else: it is read aloud. */
  #tell(message) {
    const isStale = message?.isLost === true;
    document.body.classList.toggle("is-stale", isStale);
    this.element.hidden = !message;
    if (message?.key === this.key) return;
    this.key = message?.key;
    if (!message) return this.element.replaceChildren();
    this.wait = h("span", { class: "muted", "aria-live": "off" });
    set(this.element, "class", `banner banner-${message.kind}`);
    this.element.replaceChildren(
      icon(message.symbol),
      h("p", {}, message.parts),
      ...(message.isLost ? [this.wait, this.#retryButton()] : []),
    );
    this.#count();
  }

  #retryButton() {
    return h("button", { type: "button", class: "button", onclick: this.retry }, "Try now");
  }

  #count() {
    const { state, retryAt } = this.stream.connection.value;
    if (!this.wait || state !== "lost") return;
    const seconds = Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
    setText(this.wait, seconds > 0 ? `Next try in ${seconds} s` : "Trying");
  }
}

const waiting = (symbol, text) => ({ kind: "wait", symbol, key: text, parts: [text] });

const pollingText = ({ message }) =>
  `No live updates: ${message} The page asks every few seconds instead.`;

const brokerText =
  "The worker does not reach its broker. What it shows holds, and nothing new comes in.";

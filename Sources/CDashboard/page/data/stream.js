import { Signal } from "./signal.js";
import { EventParser } from "./event-parser.js";
import { Problem } from "./problem.js";
import { token } from "./token.js";

const path = "/v1/events";
/** The worker sends a status each second: this long without any, and the connection is dead. */
const silenceLimit = 8_000;
const firstPause = 500;
const longestPause = 20_000;

/**
 * The worker's stream of events, held open while the page is in view. Read with fetch, as an
 * EventSource can send no token.
 *
 * `connection` is {state: "connecting" | "live" | "lost" | "paused" | "refused", since, retryAt,
 * problem}, `status` the newest status event.
 */
export class StatusStream {
  status = new Signal(undefined);
  connection = new Signal({ state: "connecting", since: Date.now() });
  #attempt;
  #failures = 0;
  #timer;

  start() {
    document.addEventListener("visibilitychange", () => this.#followVisibility());
    this.#followVisibility();
  }

  /** Tries again now, as after a token was given. */
  retry() {
    clearTimeout(this.#timer);
    this.#attempt?.abort();
    this.#connect();
  }

  #followVisibility() {
    if (!document.hidden) return this.retry();
    clearTimeout(this.#timer);
    this.#attempt?.abort();
    this.#move("paused");
  }

  async #connect() {
    const attempt = new AbortController();
    this.#attempt = attempt;
    const problem = await this.#read(attempt).catch((error) => error);
    // Another attempt, or a hidden page, has taken this one's place.
    if (this.#attempt !== attempt) return;
    attempt.abort();
    if (document.hidden) return;
    if (problem instanceof Problem && problem.needsToken) return this.#move("refused", { problem });
    this.#pause(problem);
  }

  async #read(attempt) {
    const silence = new Silence(attempt);
    const headers = { accept: "text/event-stream", ...token.headers() };
    const response = await fetch(path, { headers, cache: "no-store", signal: attempt.signal });
    if (!response.ok) throw await Problem.of(response);
    const parser = new EventParser((event, data) => this.#take(event, data));
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return new Problem({});
      silence.broken();
      parser.push(value);
    }
  }

  #take(event, data) {
    if (event !== "status") return;
    this.#failures = 0;
    if (this.connection.value.state !== "live") this.#move("live");
    this.status.set({ ...JSON.parse(data), received: Date.now() });
  }

  #pause(problem) {
    this.#failures += 1;
    const whole = Math.min(longestPause, firstPause * 2 ** (this.#failures - 1));
    // Many pages that lost the same worker must not come back at once.
    const least = Math.max(whole / 2, (problem?.retryAfter ?? 0) * 1000);
    const pause = least + (Math.random() * whole) / 2;
    this.#move("lost", { problem, retryAt: Date.now() + pause });
    this.#timer = setTimeout(() => this.#connect(), pause);
  }

  #move(state, facts = {}) {
    const { state: before, since } = this.connection.value;
    this.connection.set({ state, since: state === before ? since : Date.now(), ...facts });
  }
}

/** Ends an attempt that has brought nothing for too long. */
class Silence {
  constructor(attempt) {
    this.attempt = attempt;
    attempt.signal.addEventListener("abort", () => clearTimeout(this.timer));
    this.broken();
  }

  broken() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.attempt.abort(), silenceLimit);
  }
}

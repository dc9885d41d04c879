import { Problem } from "./problem.js";

/**
 * What was last read from one place. "loading" until the first answer; "ready" with a body, which
 * stays, with a `problem` beside it, when it cannot be read again; "absent" where there is nothing;
 * "failed" where there never was an answer.
 */
export class Resource {
  state = "loading";
  body = undefined;
  problem = undefined;
  #latest = 0;

  async load(read) {
    const turn = ++this.#latest;
    try {
      const body = await read();
      if (turn === this.#latest) this.#take(body);
    } catch (error) {
      if (turn === this.#latest) this.#fail(asProblem(error));
    }
  }

  #take(body) {
    this.body = body;
    this.problem = undefined;
    this.state = "ready";
  }

  #fail(problem) {
    this.problem = problem;
    if (problem.isAbsent || problem.isGone) {
      this.body = undefined;
      this.state = "absent";
    } else {
      this.state = this.body === undefined ? "failed" : "ready";
    }
  }
}

/** An answer that makes no sense must not stop the page. */
const asProblem = (error) =>
  error instanceof Problem ? error : new Problem({ status: -1, title: String(error) });

/** An answer that is not what was asked for: an RFC 9457 problem, or no answer at all. */
export class Problem extends Error {
  constructor({ status = 0, title = "", detail = "", retryAfter, progress }) {
    super(detail || title || "The worker does not answer.");
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.retryAfter = retryAfter;
    this.progress = progress;
  }

  /** There was no answer: the worker, or the way to it, is gone. */
  get isUnreachable() {
    return this.status === 0;
  }

  get isAbsent() {
    return this.status === 404;
  }

  get isTakeover() {
    return this.status === 503;
  }

  get needsToken() {
    return this.status === 401;
  }

  static async of(response) {
    const retryAfter = Number(response.headers.get("retry-after")) || undefined;
    const body = await response.json().catch(() => ({}));
    const { title = response.statusText, detail, progress } = body;
    return new Problem({ status: response.status, title, detail, retryAfter, progress });
  }
}

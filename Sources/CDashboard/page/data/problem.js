/** An answer that is not what was asked for: an RFC 9457 problem, or no answer at all. */
export class Problem extends Error {
  constructor({ status = 0, type = "", title = "", detail = "", retryAfter }) {
    super(detail || title || "The worker does not answer.");
    this.status = status;
    this.kind = type.split(":").at(-1);
    this.title = title;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }

  /** There was no answer: the worker, or the way to it, is gone. */
  get isUnreachable() {
    return this.status === 0;
  }

  get isAbsent() {
    return this.status === 404;
  }

  /** There is something, and it no longer answers. */
  get isGone() {
    return this.status === 410;
  }

  /** It will pass by itself. */
  get isTemporary() {
    return this.status === 503;
  }

  get isTakeover() {
    return this.isTemporary && this.kind !== "busy";
  }

  get needsToken() {
    return this.status === 401;
  }

  static async of(response) {
    const retryAfter = Number(response.headers.get("retry-after")) || undefined;
    const body = await response.json().catch(() => ({}));
    const { type, title = response.statusText, detail } = body;
    return new Problem({ status: response.status, type, title, detail, retryAfter });
  }
}

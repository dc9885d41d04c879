/** A number that JavaScript cannot hold as it was written, such as 12345678901234567890 or 1.0. */
export class Numeral {
  constructor(text) {
    this.text = text;
  }

  toString() {
    return this.text;
  }

  valueOf() {
    return Number(this.text);
  }

  toJSON() {
    return JSON.rawJSON?.(this.text) ?? Number(this.text);
  }
}

/** JSON with its numbers as written, where the browser tells how they were. */
export function parseExactly(text) {
  return JSON.parse(text, (_, value, context) => {
    if (typeof value !== "number" || context?.source === undefined) return value;
    return String(value) === context.source ? value : new Numeral(context.source);
  });
}

const three = { maximumSignificantDigits: 3 };
const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });
const small = new Intl.NumberFormat(undefined, three);
const compact = new Intl.NumberFormat(undefined, { notation: "compact", ...three });
const percent = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 0 });
const finePercent = new Intl.NumberFormat(undefined, {
  style: "percent", maximumFractionDigits: 1,
});

const none = "–";
const isNumber = (value) => value !== null && value !== undefined && Number.isFinite(Number(value));

/** As many digits as a person reads at a glance. */
export function quantity(value) {
  if (!isNumber(value)) return none;
  const size = Math.abs(value);
  if (size >= 1e6) return size >= 1e15 ? Number(value).toExponential(2) : compact.format(value);
  if (size >= 100) return whole.format(value);
  return size >= 1 || size === 0 ? fine.format(value) : tiny(value, size);
}

const tiny = (value, size) => (size < 1e-4 ? Number(value).toExponential(1) : small.format(value));

/** Whole and with its sign: what has changed. */
export function signed(value) {
  if (!isNumber(value)) return none;
  return `${value > 0 ? "+" : value < 0 ? "−" : ""}${quantity(Math.abs(value))}`;
}

export function count(value) {
  return isNumber(value) ? whole.format(value) : none;
}

export function share(value) {
  if (!isNumber(value)) return none;
  // What is nearly all or nearly nothing must not be shown as all or nothing.
  const near = (value > 0.99 && value < 1) || (value > 0 && value < 0.01);
  return (near ? finePercent : percent).format(value);
}

/** A coverage may be many times the whole. */
export function ratio(value) {
  return isNumber(value) && value >= 10 ? `${quantity(value)}×` : share(value);
}

export function plural(value, one, many = `${one}s`) {
  return `${count(value)} ${Number(value) === 1 ? one : many}`;
}

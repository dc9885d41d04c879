/** A line from `domain` to `target`; its `invert` is the way back. */
export function linear([low, high], [start, end]) {
  const slope = high === low ? 0 : (end - start) / (high - low);
  const scale = (value) => start + (value - low) * slope;
  scale.invert = (place) => (slope === 0 ? low : low + (place - start) / slope);
  scale.domain = [low, high];
  return scale;
}

const steps = [1, 2, 2.5, 5, 10];

/** About `wanted` round values within [low, high]. */
export function roundTicks(low, high, wanted) {
  const step = roundStep((high - low) / Math.max(1, wanted));
  if (!(step > 0)) return [low];
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

function roundStep(rough) {
  if (!(rough > 0) || !Number.isFinite(rough)) return 0;
  const power = 10 ** Math.floor(Math.log10(rough));
  return steps.find((step) => step * power >= rough * (1 - 1e-9)) * power;
}

/**
 * The values an axis shows: those measured with some air, from 0 where the lowest is not far from
 * it, so that a difference looks as large as it is without becoming invisible.
 */
export function valueDomain(values) {
  const known = values.filter(Number.isFinite);
  if (known.length === 0) return [0, 1];
  const low = known.reduce((a, b) => Math.min(a, b));
  const high = known.reduce((a, b) => Math.max(a, b));
  const isNearZero = low >= 0 && low <= high * 0.6;
  const air = (high - (isNearZero ? 0 : low)) * 0.12 || Math.abs(high) * 0.2 || 1;
  return [isNearZero ? 0 : Math.max(low - air, low >= 0 ? 0 : -Infinity), high + air];
}

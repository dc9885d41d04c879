import { s } from "../dom/elements.js";

const page = 10;

/** A line that goes from sample to sample, by pointer or by the keys of a slider. */
export class Cursor {
  #samples = [];
  #index = -1;

  constructor(surface, moved) {
    this.surface = surface;
    this.moved = moved;
    surface.addEventListener("pointermove", (event) => this.#point(event));
    surface.addEventListener("pointerdown", (event) => this.#point(event));
    surface.addEventListener("pointerleave", () => this.clear());
    surface.addEventListener("keydown", (event) => this.#press(event));
    surface.addEventListener("blur", () => this.clear());
  }

  /** `samples` are {time, x, …} by x. The cursor stays at its time. */
  follow(samples) {
    const time = this.sample?.time;
    this.#samples = samples;
    if (time === undefined) return;
    this.#index = samples.findLastIndex((sample) => sample.time <= time);
    this.moved(this.sample, false);
  }

  get sample() {
    return this.#samples[this.#index];
  }

  clear() {
    this.#index = -1;
    this.moved(undefined, false);
  }

  #point(event) {
    const x = event.clientX - this.surface.getBoundingClientRect().left;
    this.#go(nearest(this.#samples, x), false);
  }

  #press(event) {
    const target = this.#targetOf(event.key);
    if (target === undefined || this.#samples.length === 0) return;
    event.preventDefault();
    if (target === null) return this.clear();
    this.#go(Math.min(Math.max(0, target), this.#samples.length - 1), true);
  }

  /** Undefined for a key that is not the chart's, null for leaving it. */
  #targetOf(key) {
    const last = this.#samples.length - 1;
    const here = this.#index < 0 ? undefined : this.#index;
    switch (key) {
      case "ArrowLeft": return (here ?? last + 1) - 1;
      case "ArrowRight": return (here ?? last - 1) + 1;
      case "PageUp": return (here ?? last) - page;
      case "PageDown": return (here ?? last) + page;
      case "Home": return 0;
      case "End": return last;
      case "Escape": return here === undefined ? undefined : null;
      default: return undefined;
    }
  }

  #go(index, byKey) {
    this.#index = index;
    this.moved(this.sample, byKey);
  }
}

function nearest(samples, x) {
  let best = -1;
  samples.forEach((sample, index) => {
    if (best < 0 || Math.abs(sample.x - x) < Math.abs(samples[best].x - x)) best = index;
  });
  return best;
}

/** The cursor as it is drawn: a line and a dot for each series. */
export function cursorMarks(sample, box) {
  return [
    s("line", { class: "cursor", x1: sample.x, x2: sample.x, y1: box.top, y2: box.bottom }),
    ...sample.marks.map(({ y, mark }) =>
      s("circle", { class: `dot dot-${mark}`, cx: sample.x, cy: y, r: 4 }),
    ),
  ];
}

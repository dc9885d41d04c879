const longestBlock = 4 * 1024 * 1024;

/** Takes a text/event-stream in pieces, and calls `emit(event, data)` for each whole event. */
export class EventParser {
  #pending = "";
  #event = "";
  #data = [];
  #size = 0;

  constructor(emit) {
    this.emit = emit;
  }

  push(piece) {
    this.#pending += piece;
    // A CR at the end may be the first half of a CR LF.
    const lines = this.#pending.split(/\r\n|\n|\r(?!$)/);
    this.#pending = lines.pop();
    if (this.#pending.length > longestBlock) throw new Error("A line of the stream has no end.");
    for (const line of lines) this.#take(line);
  }

  #take(line) {
    if (line === "") return this.#dispatch();
    const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line);
    if (field === "event") this.#event = value;
    if (field === "data") this.#keep(value);
  }

  #keep(value) {
    this.#size += value.length;
    if (this.#size > longestBlock) throw new Error("An event of the stream has no end.");
    this.#data.push(value);
  }

  #dispatch() {
    const event = this.#event || "message";
    const data = this.#data;
    this.#event = "";
    this.#data = [];
    this.#size = 0;
    if (data.length > 0) this.emit(event, data.join("\n"));
  }
}

import { token } from "../data/token.js";
import { byId } from "../dom/elements.js";

/** Asks for the bearer token where the worker wants one. */
export class TokenDialog {
  #asked = false;

  constructor(given) {
    this.dialog = byId("token-dialog");
    this.input = byId("token-input");
    this.problem = byId("token-problem");
    byId("token-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#take(this.input.value.trim(), given);
    });
  }

  ask() {
    if (this.dialog.open) return;
    this.problem.hidden = !this.#asked;
    this.#asked = true;
    this.input.value = "";
    this.dialog.showModal();
    this.input.focus();
  }

  /** A header can hold no other characters than these. */
  #take(value, given) {
    if (!/^[\x21-\x7e]+$/.test(value)) {
      this.problem.hidden = false;
      return;
    }
    token.set(value);
    this.dialog.close();
    given();
  }
}

import { byId } from "../dom/elements.js";
import { notice, noticeOf } from "./notice.js";

const noSystem = {
  symbol: "unknown",
  title: "No viable system yet",
  text: "A system appears here with its first event. Its id is the key of its records.",
};

/** What stands in the place of a system when there is none to show. */
export class Emptiness {
  constructor() {
    this.element = byId("no-system");
    this.content = byId("system");
    this.contents = byId("contents");
  }

  show(systems, session) {
    this.content.hidden = !session;
    this.contents.hidden = !session;
    this.element.hidden = Boolean(session);
    if (!session) this.element.replaceChildren(noticeOf(systems, noSystem) ?? notice(noSystem));
  }
}

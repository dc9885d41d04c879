import { h } from "../dom/elements.js";
import { icon } from "../dom/icon.js";

/** A place with nothing to show says why, and what would fill it. */
export function notice({ symbol = "unknown", title, text }) {
  return h(
    "div",
    { class: "notice" },
    icon(symbol),
    h("p", { class: "notice-title" }, title),
    text && h("p", {}, text),
  );
}

/** What stands where `resource` has no body; undefined where it has one. */
export function noticeOf(resource, absent) {
  switch (resource.state) {
    case "ready": return undefined;
    case "absent": return notice(absent);
    case "loading": return h("div", { class: "skeleton", role: "status", "aria-label": "Loading" });
    default: return failureNotice(resource.problem);
  }
}

function failureNotice(problem) {
  if (problem.isTakeover) {
    return notice({ symbol: "hourglass", title: "Being taken over", text: problem.message });
  }
  if (problem.needsToken) return notice({ symbol: "lock", title: "A token is needed" });
  if (problem.isUnreachable) return notice({ symbol: "plug", title: "Not connected" });
  const title = problem.title || "Not to be read";
  return notice({ symbol: "warning", title, text: problem.detail });
}

import { h } from "./elements.js";

/** Shows the `data-hint` of whatever is pointed at or focused; Escape puts it away. */
export function startHints() {
  const hint = h("div", { class: "hint", id: "hint", role: "tooltip", hidden: true });
  document.body.append(hint);
  const show = (event) => {
    const target = event.target.closest?.("[data-hint]");
    if (!target) return hide();
    hint.textContent = target.dataset.hint;
    hint.hidden = false;
    target.setAttribute("aria-describedby", "hint");
    place(hint, target);
  };
  const hide = () => {
    hint.hidden = true;
    document.querySelector("[aria-describedby=hint]")?.removeAttribute("aria-describedby");
  };
  document.addEventListener("pointerover", show);
  document.addEventListener("focusin", show);
  document.addEventListener("focusout", hide);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  window.addEventListener("scroll", hide, { passive: true });
}

/** Above its target, or below it at the top of the window; never out of the window. */
function place(hint, target) {
  const box = target.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = hint;
  const left = Math.min(Math.max(8, box.left), window.innerWidth - width - 8);
  const top = box.top > height + 12 ? box.top - height - 6 : box.bottom + 6;
  hint.style.transform = `translate(${left}px, ${top}px)`;
}

import { byId } from "../dom/elements.js";

/** Links within the page: the part after # says what is shown, so they must not change it. */
export function startJumps() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-jump]");
    if (!link) return;
    event.preventDefault();
    const target = byId(link.dataset.jump);
    target.scrollIntoView({ block: "start" });
    target.focus({ preventScroll: true });
  });
  followScrolling();
}

/** Marks the link to the section that is being read. */
function followScrolling() {
  const links = [...document.querySelectorAll("nav [data-jump]")];
  const sections = links.map((link) => byId(link.dataset.jump));
  const seen = new IntersectionObserver(
    () => {
      const line = window.innerHeight / 3;
      const here = sections.findLastIndex((section) => section.getBoundingClientRect().top < line);
      links.forEach((link, index) => mark(link, index === Math.max(0, here)));
    },
    { rootMargin: "-33% 0px -66% 0px" },
  );
  for (const section of sections) seen.observe(section);
}

function mark(link, isHere) {
  if (isHere === link.hasAttribute("aria-current")) return;
  if (isHere) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
  const list = link.parentElement;
  // Only sideways: the page itself is being scrolled.
  if (isHere) list.scrollTo({ left: link.offsetLeft - list.clientWidth / 3 });
}

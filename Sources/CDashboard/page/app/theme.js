const key = "system5.theme";
const choices = ["auto", "light", "dark"];
const names = { auto: "as the system", light: "light", dark: "dark" };

/** A button that goes through the themes; the choice stays in this browser. */
export function themeSwitch(button) {
  const show = (choice) => {
    document.documentElement.dataset.theme = choice;
    const label = `Theme: ${names[choice]}`;
    button.setAttribute("aria-label", label);
    button.title = label;
  };
  let choice = stored();
  show(choice);
  button.addEventListener("click", () => {
    choice = choices[(choices.indexOf(choice) + 1) % choices.length];
    store(choice);
    show(choice);
  });
}

/** Storage may be refused by the browser's settings; then the choice lasts as long as the page. */
function stored() {
  try {
    const choice = localStorage.getItem(key);
    return choices.includes(choice) ? choice : "auto";
  } catch {
    return "auto";
  }
}

function store(choice) {
  try {
    localStorage.setItem(key, choice);
  } catch {
    // Nothing is lost but the memory of it.
  }
}

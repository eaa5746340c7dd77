// Dark or light: as the computer has it, unless one is chosen here.
import { signal } from "@preact/signals";

const NEXT = { auto: "light", light: "dark", dark: "auto" };
const WORDS = { auto: "◐ auto", light: "☀ light", dark: "☾ dark" };
const PLACE = "kerne.theme";

function kept() {
  try {
    const found = localStorage.getItem(PLACE);
    return found in NEXT ? found : "auto";
  } catch {
    return "auto"; // a browser that keeps nothing
  }
}

export const theme = signal(kept());
document.documentElement.dataset.theme = theme.value;

function choose(next) {
  theme.value = document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem(PLACE, next);
  } catch {
    // then it holds as long as the page
  }
}

export function ThemeSwitch() {
  return <button onClick={() => choose(NEXT[theme.value])}
    title="colours: as the computer has them, light, or dark">
    {WORDS[theme.value]}</button>;
}

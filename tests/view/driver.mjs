// What the tests of the page share: a browser, one page in it, and what is
// looked at in every one.
import { createRequire } from "node:module";
import { join } from "node:path";

const [modules, executablePath, address, shots] = process.argv.slice(2);
const { chromium } =
  createRequire(join(modules, "here.js"))("playwright-core");
const PATIENCE = 60000; // milliseconds, of a busy computer
export const WIDTH = 1366, HEIGHT = 768;

export function tell(name, good, why = "") {
  console.log(JSON.stringify({ name, good: Boolean(good), why: String(why) }));
}

/** In the page: notes which controls there were, and which were used.  A list
 * of the same kind is one control: its first word here is its selector. */
function watchControls() {
  const CONTROLS = "button, input, select, summary, [role=slider], " +
    "[role=treeitem], [role=option], [tabindex='0']";
  const KINDS = [".lesson", ".lessons", ".screen", ".tree", ".talk", ".log",
                 ".storage table", ".claims", ".one pre", ".way-there"];
  const MEANT = ["click", "input", "change", "keydown"];
  const seen = new Map(), used = new Set();
  globalThis.nameOf = (control) => (control.ariaLabel || control.title ||
    control.labels?.[0]?.textContent || control.textContent || "").trim();
  const sign = (control) =>
    KINDS.find((kind) => control.closest(kind)) ??
    `${control.tagName.toLowerCase()} ${nameOf(control)}`;
  for (const kind of MEANT) {
    addEventListener(kind, (event) => {
      const control = event.target.closest?.(CONTROLS);
      if (control && (event.isTrusted || control.matches("select"))) {
        used.add(sign(control));
      }
    }, true);
  }
  const look = () => {
    for (const control of document.querySelectorAll(CONTROLS)) {
      if (control.checkVisibility()) {
        seen.set(sign(control), nameOf(control));
      }
    }
  };
  new MutationObserver(look).observe(document,
    { childList: true, subtree: true, attributes: true });
  globalThis.controls = () => ({ seen: [...seen], used: [...used] });
}

export const browser = await chromium.launch(
  { executablePath, args: ["--no-sandbox"] });
export const wrong = []; // what the browsers complained of

/** `comes`: what is waited for then. */
export async function open(link = "", colorScheme = "dark", comes = paused) {
  const page = await browser.newPage(
    { viewport: { width: WIDTH, height: HEIGHT }, colorScheme });
  page.setDefaultTimeout(PATIENCE);
  page.on("console",
    (said) => said.type() === "error" && wrong.push(said.text()));
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(address)) wrong.push(`asks ${request.url()}`);
  });
  await page.addInitScript(watchControls);
  await page.goto(address + link);
  await comes(page);
  return page;
}

export const paused = (page) =>
  page.waitForFunction(() => globalThis.kerne?.phase.value === "paused");
export const moment = (page) => page.evaluate(() => kerne.moment.value);
/** All that is true at the moment that is shown, as text. */
export const state = (page) =>
  page.evaluate(() => JSON.stringify(kerne.state.value));
export const screen = (page) => page.evaluate(() => {
  const buffer = kerneTerminal.buffer.active;
  return Array.from({ length: buffer.length }, (_, i) =>
    buffer.getLine(i).translateToString(true)).join("\n");
});

/** Does something after which the page is at another moment, and paused. */
export async function moves(page, does) {
  const before = await moment(page);
  await does();
  await page.waitForFunction((was) => kerne.phase.value === "paused" &&
    (kerne.moment.value.at !== was.at || kerne.moment.value.trap !== was.trap),
  before);
}
export const press = (page, title) =>
  moves(page, () => page.click(`button[title="${title}"]`));

/** A line at the console, until the machine has nothing to do any more. */
export const say = (page, line) => moves(page, () =>
  page.evaluate((text) => kerne.source.type(`${text}\r`), line));

const PACE = 2e8; // nanoseconds between two lines
/** A session anew, in which the last of these lines is typed just now. */
export async function begin(page, lines) {
  const log = lines.map((line, i) =>
    ({ at: PACE * (i + 1), text: `${line}\r` }));
  await page.evaluate((typed) => kerne.source.boot(
    { at: typed.at(-1).at, log: typed }), log);
  await page.waitForFunction((at) => kerne.phase.value === "paused" &&
    kerne.moment.value.at >= at, log.at(-1).at);
}

export const shot = (page, name) =>
  page.screenshot({ path: join(shots, `${name}.png`) });

/** A session as the address of the page has it: [{ at, text }]. */
export const linkTo = (log, at, disk) =>
  "#s=" + Buffer.from(JSON.stringify({ at, log, disk })).toString("base64url");

// Drives the page in a browser: node page.mjs MODULES BROWSER ADDRESS SHOT
//
// Prints a line of JSON for each thing that it looks at: { name, good, why }.
import { createRequire } from "node:module";
import { join } from "node:path";

const [modules, executablePath, address, shot] = process.argv.slice(2);
const { chromium } =
  createRequire(join(modules, "here.js"))("playwright-core");
const TALK = 'new echo run\rnew talk prog "talk hello again" run\r';
const BOOT = 1000; // milliseconds
const PATIENCE = 60000; // milliseconds, of a busy computer

const browser = await chromium.launch(
  { executablePath, args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
page.setDefaultTimeout(PATIENCE);
const wrong = [];
page.on("console", (said) => said.type() === "error" && wrong.push(said.text()));
page.on("pageerror", (error) => wrong.push(error.message));
page.on("request", (request) => {
  if (!request.url().startsWith(address)) wrong.push(`asks ${request.url()}`);
});

function tell(name, good, why = "") {
  console.log(JSON.stringify({ name, good: Boolean(good), why: String(why) }));
}

const paused = () => page.waitForSelector("[data-phase=paused]");
const moment = () => page.evaluate(() => kerne.moment.value);
const events = () => page.evaluate(() => kerne.events.value.length);
/** All that is true at the moment that is shown, as text. */
const state = () => page.evaluate(() => JSON.stringify(kerne.state.value));
const press = async (title) => {
  const before = await moment();
  await page.click(`button[title="${title}"]`);
  await page.waitForFunction((was) => kerne.phase.value === "paused" &&
    (kerne.moment.value.at !== was.at || kerne.moment.value.trap !== was.trap),
  before);
};
const type = async (text) => {
  await page.click(".terminal");
  await page.keyboard.type(text.replaceAll("\r", "\n"));
};
const screen = () => page.evaluate(() => {
  const buffer = kerneTerminal.buffer.active;
  return Array.from({ length: buffer.length }, (_, i) =>
    buffer.getLine(i).translateToString(true)).join("\n");
});

await page.goto(address);
await paused();
tell("boots_to_the_prompt", (await screen()).includes("To begin: new hello run"),
  await screen());

const booted = await page.evaluate(() => kerne.booted.value);
tell(`boots_in_a_second: ${Math.round(booted)} ms`, booted > 0 && booted < BOOT);

await type(TALK);
await page.waitForFunction(() => kerne.events.value.some(
  (e) => e.event === "gone" && e.names[0] === "talk"));
await paused();
tell("types_at_the_console",
  (await screen()).includes("echo answers: again"), await screen());
tell("shows_the_tree", await page.locator("[data-process]").count() >= 4);

// Back and on again, by messages and by traps: the same as before.
for (const what of ["message", "trap"]) {
  const steps = 5, seen = [];
  await press(`one ${what} back`);
  for (let i = 0; i < steps; i++) {
    seen.push(await state());
    await press(`one ${what} back`);
  }
  const on = what === "message" ? "to the next message" : "one trap on";
  const again = [];
  for (let i = 0; i < steps; i++) {
    await press(on);
    again.unshift(await state());
  }
  tell(`back_and_on_by_${what}`,
    seen.every((text, i) => text === again[i]),
    seen.map((text, i) => text === again[i]));
}

// A click into the bar leads there.
const bar = await page.locator(".whole").boundingBox();
await page.mouse.click(bar.x + bar.width * 0.5, bar.y + bar.height / 2);
await page.waitForFunction(() => kerne.phase.value === "paused" &&
  kerne.moment.value.at < kerne.farthest.value.at * 0.8);
tell("goes_to_a_moment", true);

// What is typed in the past begins another run.
const known = await events();
await type("list\r");
await paused();
await page.waitForFunction((was) => kerne.events.value.length !== was, known);
tell("types_in_the_past", !(await screen()).includes("echo answers: again"),
  await screen());

// A breakpoint: the message is in the receiver's hands.
await page.click("button[title='begin from the start']");
await page.waitForFunction(() => kerne.events.value.length > 0);
await paused();
await page.fill(".until label:nth-of-type(2) input", "s");
await page.fill(".until label:nth-of-type(3) input", "terminal");
await page.click(".terminal");
await page.click(".until button");
await paused();
tell("runs_until_a_message", true);

for (const name of ["events", "process", "storage", "accounts", "lessons",
  "conversations"]) {
  await page.click(`#tab-${name}`);
  const text = await page.locator(".tabs [role=tabpanel]").innerText();
  tell(`tab_${name}`, text.length > 20, text);
}
await page.click("#tab-accounts");
const sums = await page.locator(".claims tfoot").innerText();
tell("claims_add_up", sums.includes("✓") && !sums.includes("✗"), sums);

// A lesson sets up its situation.
await page.click("#tab-lessons");
await page.click(".lessons article:first-of-type ol button:first-of-type");
await page.waitForFunction(() => kerne.phase.value === "paused" &&
  kerne.events.value.some((e) => e.event === "queued" &&
    e.names[0] === "talk" && e.names[1] === "echo"));
tell("lesson_leads_to_its_moment", await page.evaluate(() =>
  kerne.state.value.processes.find((p) => p.name === "echo").held.length === 1),
await state());

// So does an address, and then one goes on from step to step.
await page.goto("about:blank");
await page.goto(`${address}#lesson=windows&step=2`);
for (const step of [1, 2, 3]) {
  await page.waitForFunction((wanted) => kerne.lesson.value?.step === wanted &&
    kerne.phase.value === "paused", step);
  const { found, seen } = await page.evaluate(() => kerne.lesson.value);
  tell(`lesson_by_address_${step + 1}`, found && seen.length > 0 &&
    seen.every(([, isSo]) => isSo), JSON.stringify(seen));
  if (step < 3) await page.click(".lesson button:has-text('step ▸')");
}

await page.click("#tab-conversations");
await page.screenshot({ path: shot });
tell("no_error", wrong.length === 0, wrong.join("; "));
await browser.close();

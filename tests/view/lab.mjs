// Opens links that ./lab --view has told: node lab.mjs MODULES BROWSER LINK...
//
// Prints a line of JSON for each: { at, names, last, source, wrong }; `source`:
// where in its own file the student's program is, "path, line".
import { createRequire } from "node:module";
import { join } from "node:path";

const [modules, executablePath, ...links] = process.argv.slice(2);
const { chromium } =
  createRequire(join(modules, "here.js"))("playwright-core");
const PATIENCE = 60000; // milliseconds, of a busy computer

/** When it was made to run last; "": it was not, yet. */
async function ownLine(page) {
  const ran = await page.evaluate(async () => {
    const last = kerne.events.value.findLast((e) =>
      e.event === "runs" && e.names[0] === "student");
    if (!last) return false;
    kerne.source.goTo(last.at);
    await kerne.source.hash();
    kerne.chosen.value = kerne.state.value.processes.find(
      (p) => p.name === "student").index;
    kerne.tab.value = "process";
    return true;
  });
  if (!ran) return "";
  const shown = page.locator(".source", { hasText: "called from" });
  await shown.locator(".here").waitFor();
  return (await shown.locator("figcaption").innerText())
    .replace("called from ", "");
}

const browser = await chromium.launch(
  { executablePath, args: ["--no-sandbox"] });
for (const link of links) {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  const wrong = [];
  page.on("console", (said) =>
    said.type() === "error" && wrong.push(said.text()));
  page.on("pageerror", (error) => wrong.push(error.message));
  await page.goto(link);
  await page.waitForSelector("[data-phase=paused], [data-phase=halted]");
  const told = await page.evaluate(() => ({
    at: kerne.moment.value.at,
    names: kerne.events.value.filter((e) => e.event === "made")
      .map((e) => e.name ?? e.names[0]),
    last: kerne.events.value.at(-1).at, // the same, if it is the same run
  }));
  const source = await ownLine(page);
  console.log(JSON.stringify({ ...told, source, wrong }));
  await page.close();
}
await browser.close();

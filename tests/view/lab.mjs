// Opens links that ./lab --view has told: node lab.mjs MODULES BROWSER LINK...
//
// Prints a line of JSON for each: { at, names, said, wrong }.
import { createRequire } from "node:module";
import { join } from "node:path";

const [modules, executablePath, ...links] = process.argv.slice(2);
const { chromium } =
  createRequire(join(modules, "here.js"))("playwright-core");
const PATIENCE = 60000; // milliseconds, of a busy computer

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
  console.log(JSON.stringify({ ...told, wrong }));
  await page.close();
}
await browser.close();

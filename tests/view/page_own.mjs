// A page with a program of one's own, `mine`:
// node page_own.mjs MODULES BROWSER ADDRESS SHOTS FILE.c
import { browser, open, say, screen, tell, wrong } from "./driver.mjs";

const path = process.argv[6];
const page = await open();
await say(page, "new mine run");
tell("own.runs", (await screen(page)).includes("Mine. I am a process"),
  await screen(page));
await page.evaluate(async () => {
  const { at, process: index } = kerne.events.value.find((e) =>
    e.event === "queued" && e.names[0] === "mine");
  kerne.source.goTo(at);
  await kerne.source.hash();
  kerne.chosen.value = index;
  kerne.tab.value = "process";
});
const shown = page.locator(".source", { hasText: "called from" });
await shown.locator(".here").waitFor();
const lines = await page.locator(".source figcaption").allInnerTexts();
tell("own.has_its_lines", lines[0].startsWith("mine: children/lib/") &&
  lines[1].startsWith(`called from ${path}, line `), lines);
tell("own.no_error", !wrong.length, wrong.join("; "));
await browser.close();

// The console of the page is a terminal: lines are edited there, and programs
// have its keys: node page_terminal.mjs MODULES BROWSER ADDRESS SHOTS
import { linkTo, open, browser, paused, screen, tell, wrong }
  from "./driver.mjs";

const SIZE = /\x1b\[8;(\d+);(\d+)t/g;
const UP = "ArrowUp", BACK = "Control+]";
const page = await open();

/** Keys, one after the other, until that stands there last. */
async function types(keys, wanted) {
  for (const key of keys) await page.keyboard.press(key);
  await page.waitForFunction((text) => {
    const buffer = kerneTerminal.buffer.active;
    return kerne.phase.value === "paused" && Array.from(
      { length: buffer.length }, (_, i) =>
        buffer.getLine(i).translateToString(true)).join("\n").trimEnd()
        .endsWith(text);
  }, wanted);
}
const told = async (one) => [...(await one.evaluate(async () =>
  (await kerne.source.session()).log.map(({ text }) => text).join("")))
  .matchAll(SIZE)].map(([, rows, columns]) => `${rows} rows of ${columns}`);
const size = () => page.evaluate(() =>
  `${kerneTerminal.rows} rows of ${kerneTerminal.cols}`);
const narrow = (width) => page.setViewportSize({ width, height: 768 });

await page.click(".screen");
await types([..."xew hello run", "Home", "Delete", "n", "Enter"],
  "status 0\n>");
await types([UP, "Home"], "\n> new hello run");
tell("terminal.edits_a_line", true);
await types(["Control+k", ..."new keys run", "Enter"],
  "new keys run\nready\n>");
const first = await size();
tell("terminal.tells_its_size_once",
  (await told(page)).join() === first, await told(page));
await types(["Escape", ..."keys", "Enter", UP], "ESC [ A");
tell("terminal.gives_its_keys_to_a_program",
  (await screen(page)).includes(`${first} columns`), await screen(page));

// While keys are a program's, it would take the size for keys.
await narrow(1000);
await page.waitForFunction((was) =>
  `${kerneTerminal.rows} rows of ${kerneTerminal.cols}` !== was, first);
await types(["a"], "61    a");
tell("terminal.keeps_its_size_from_a_program",
  (await told(page)).length === 1, await told(page));
await types([BACK, "s", "Enter"], "\nto s\n>");
await types("list", "\n> list");
tell("terminal.tells_another_size",
  (await told(page)).at(-1) === await size(), await told(page));

// At an earlier moment, of which nothing was told, and in no lesson or link.
const link = await open(linkTo([{ at: 2e8, text: "list\r" }], 3e8));
tell("terminal.adds_nothing_to_a_link", !(await told(link)).length);
await link.click(".screen");
await link.keyboard.type("a");
await paused(link);
tell("terminal.tells_its_size_in_a_run_that_goes_on",
  (await told(link)).length === 1, await told(link));
tell("terminal.no_error", !wrong.length, wrong.join("; "));
await browser.close();

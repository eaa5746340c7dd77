// Uses each control of the page on a real session:
// node page.mjs MODULES BROWSER ADDRESS SHOTS
//
// Prints a line of JSON for each thing that it looks at: { name, good, why }.
import { readFileSync } from "node:fs";
import { HEIGHT, WIDTH, begin, browser, linkTo, moment, moves, open, paused,
         press, say, screen, shot, state, tell, wrong } from "./driver.mjs";
import { fits, looksRight } from "./looks.mjs";

const BOOT = 1000; // milliseconds
const TALK = ["new echo run", 'new talk prog "talk hello again" run'];
const page = await open();
const last = (kind) => page.evaluate((wanted) => {
  const now = kerne.happened.value;
  return kerne.events.value.slice(0, now).findLast((e) => e.event === wanted);
}, kind);

tell("boots_to_the_prompt",
  (await screen(page)).includes("To begin: new hello run"), await screen(page));
// A busy host takes the processor away: the quickest of some boots counts.
const boot = (one) => one.evaluate(() => kerne.booted.value);
let booted = await boot(page);
for (let more = 4; booted >= BOOT && more > 0; more--) {
  const again = await open();
  booted = Math.min(booted, await boot(again));
  await again.close();
}
tell(`boots_in_a_second: ${Math.round(booted)} ms`,
  booted > 0 && booted < BOOT);

await page.click(".screen");
for (const line of TALK) await page.keyboard.type(`${line}\n`);
await page.waitForFunction(() => kerne.phase.value === "paused" &&
  kerne.events.value.some((e) => e.event === "gone" && e.names[0] === "talk"));
tell("types_at_the_console",
  (await screen(page)).includes("echo answers: again"), await screen(page));

// ---- steps, back and on again -----------------------------------------------

for (const [what, on] of [["message", "to the next message"],
                          ["trap", "one trap on"]]) {
  const steps = 5, seen = [], again = [];
  await press(page, `one ${what} back`);
  for (let i = 0; i < steps; i++) {
    seen.push(await state(page));
    await press(page, `one ${what} back`);
  }
  for (let i = 0; i < steps; i++) {
    await press(page, on);
    again.unshift(await state(page));
  }
  tell(`back_and_on_by_${what}`, seen.every((text, i) => text === again[i]),
    seen.map((text, i) => text === again[i]));
}

const bar = await page.locator(".whole").boundingBox();
await moves(page, () => page.mouse.click(bar.x + bar.width / 2, bar.y + 9));
const half = await moment(page);
await moves(page, () => page.keyboard.press("ArrowRight"));
tell("goes_to_a_moment", (await moment(page)).at > half.at);

await page.selectOption("[aria-label='speed, in instructions']", "1000000");
await moves(page, async () => {
  await page.click("button[title='run on']");
  await page.click("button[title='stop here']");
});
await page.selectOption("[aria-label='speed, in instructions']", "0");
tell("runs_and_pauses", (await moment(page)).at > half.at);

const known = await page.evaluate(() => kerne.events.value.length);
await page.locator(".whole").focus();
await moves(page, () => page.keyboard.press("Home"));
await say(page, "list");
tell("types_in_the_past", (await page.evaluate(() => kerne.events.value.length))
  !== known && !(await screen(page)).includes("echo answers: again"),
await screen(page));

// ---- breakpoints, and what the tree shows then ------------------------------

async function until(kind, from, to, what) {
  const names = page.locator(".until input[list=names]");
  await page.selectOption(".until select", kind);
  await names.first().fill(from);
  if (to !== undefined) await names.last().fill(to);
  if (what !== undefined) await page.fill("input[list=operations]", what);
  await page.click(".screen");
}
const go = () => moves(page, () => page.click(".until button"));

await begin(page, TALK);
await until("sent", "talk", "echo");
await go();
const sent = await last("queued");
tell("runs_until_a_message",
  sent.names[0] === "talk" && sent.names[1] === "echo", sent.names);

const drawn = await page.evaluate(() => {
  const box = (name) => document.querySelector(`[data-process="${
    kerne.state.value.processes.find((p) => p.name === name).index}"]`);
  const path = document.querySelector(".flight.queued path");
  const at = (length) => {
    const point = path.getPointAtLength(length);
    return ["talk", "echo", "terminal"].filter((name) => {
      const r = box(name).querySelector(".body").getBBox();
      return point.x >= r.x && point.x <= r.x + r.width && point.y >= r.y &&
        point.y <= r.y + r.height;
    }).join();
  };
  return { from: at(0), to: at(path.getTotalLength()),
           pays: document.querySelector(".tree .pays").ariaLabel,
           running: document.querySelector(".tree .running").ariaLabel,
           held: box("echo").querySelectorAll(".envelope.held").length,
           pseudo: box("console").textContent };
});
tell("arrow_from_talk_to_echo", drawn.from === "talk" && drawn.to === "echo",
  JSON.stringify(drawn));
tell("talk_pays_for_echo", drawn.pays.startsWith("s/talk: ") &&
  drawn.pays.includes(", pays") && drawn.running.startsWith("s/echo: running"),
JSON.stringify(drawn));
tell("message_is_in_hand", drawn.held === 1);
tell("pseudo_says_for_whom_it_stands", drawn.pseudo.includes("= terminal"),
  drawn.pseudo);
await looksRight(page, "conversations");

await page.click(`[data-process="${sent.process}"]`);
await page.click("#tab-process");
await page.waitForSelector(".source .here");
const source = await page.locator(".source").innerText();
tell("shows_the_source_line",
  /^talk: children\/talk\.c, line \d+/.test(source) && source.includes("▸"),
  source);
await looksRight(page, "process");

await until("sent", "", "", "output");
await go();
const line = await last("queued");
tell("runs_until_an_operation", line.names[0] === "talk" &&
  line.text === "echo answers: hello\n", JSON.stringify(line));

await begin(page, [TALK[0], "new talk run"]);
await until("waits", "talk");
const before = await moment(page);
for (const text of ["soon", "-7", ""]) {
  await page.fill(".until [aria-label=milliseconds]", text);
  await page.click(".until button");
  tell(`waits_no_time_that_is_none: ${text}`,
    await page.locator(".until [aria-label=milliseconds]:invalid").count() === 1
    && (await moment(page)).at === before.at);
}
await page.fill(".until [aria-label=milliseconds]", "7");
await go();
const waits = await last("queued"), then = await moment(page);
tell("stops_exactly_when_it_has_waited", waits.names[0] === "talk" &&
  then.at - waits.at === 7e6, `${waits.names}: ${then.at - waits.at}`);

await begin(page, ['new crash prog "crash store" run']);
await until("breaks", "crash");
await go();
const broken = await last("queued");
tell("runs_until_a_break", broken.break && broken.names[0] === "crash");
tell("break_is_an_arrow", await page.locator(".flight.break").count() === 1);

// ---- the tabs ---------------------------------------------------------------

await page.click("#tab-storage");
await page.click("button[title^='the page of the last page fault']");
await page.waitForSelector(".way li.narrow");
tell("fault_climbs", (await page.locator(".climb").innerText()).includes(
  "does not let it write"), await page.locator(".climb").innerText());
await page.selectOption("[aria-label='what the touch wants']", "1");
await page.click("button[title='one window up']");
tell("touch_reaches_the_machine", (await page.locator(".climb").innerText())
  .includes("physical page"), await page.locator(".climb").innerText());
await page.click("button[title='one window down']");
await page.fill(".storage form input", "here");
tell("wants_an_address_that_is_one",
  await page.locator(".storage form input:invalid").count() === 1);
await page.fill(".storage form input", "0x1000");
await page.click(".storage form button");
await page.waitForSelector(".way li.missing");
await page.locator(".storage td button").first().click();
await page.waitForSelector(".way li:not(.missing):nth-child(2)");
await looksRight(page, "storage");

await page.click("#tab-events");
const [everything, own] = await page.locator(".tabs [type=checkbox]").all();
await everything.check();
await moves(page, () => page.locator(".log button").nth(30).click());
tell("goes_to_an_event", await page.locator(".log .chosen").count() === 1);
await everything.uncheck();
await own.check();
const lines = await page.locator(".log button").allInnerTexts();
tell("events_of_one_process", lines.length > 5 && lines.every((text) =>
  text.includes("crash")), lines.join("\n"));
await own.uncheck();
await looksRight(page, "events");

await page.click("#tab-accounts");
await page.selectOption("[aria-label='how much time is shown']", "10000000");
const sums = await page.locator(".claims tfoot").innerText();
tell("claims_add_up", sums.includes("✓") && !sums.includes("✗"), sums);
await page.click(".claims tbody tr:nth-child(2) button");
tell("chooses_in_the_table", await page.evaluate(() =>
  kerne.chosen.value) !== 1);
await looksRight(page, "accounts");

// A lesson sets up its situation; so does an address, and then one goes on from
// step to step.  lessons.mjs goes through all of them.
const taught = await open("#lesson=windows&step=2");
for (const step of [1, 2, 3]) {
  await taught.waitForFunction((wanted) => kerne.phase.value === "paused" &&
    kerne.lesson.value?.step === wanted, step);
  const { found, seen } = await taught.evaluate(() => kerne.lesson.value);
  tell(`lesson_by_address_${step + 1}`, found && seen.length > 0 &&
    seen.every(([, isSo]) => isSo), JSON.stringify(seen));
  await looksRight(taught, `lesson_${step + 1}`);
  if (step < 3) await taught.click(".lesson button:has-text('step ▸')");
}
await taught.click("#tab-lessons");
await taught.click(".lessons article:first-of-type ol button:first-of-type");
await taught.waitForFunction(() => kerne.phase.value === "paused" &&
  kerne.events.value.some((e) => e.event === "queued" &&
    e.names[0] === "talk" && e.names[1] === "echo"));
tell("lesson_leads_to_its_moment", await taught.evaluate(() =>
  kerne.state.value.processes.find((p) => p.name === "echo").held.length === 1),
await state(taught));

// What an address cannot mean is said, and the page is there nevertheless; each
// of these stands in the place of the one before, without loading the page.
const typedAt = (at) => [{ at, text: "list\r" }];
for (const [link, words] of [
  ["#lesson=none&step=99", "no lesson “none”"],
  ["#lesson=windows&step=99", "steps; this is the last"],
  [linkTo(typedAt(1e8), 2e8).slice(0, -9), "damaged"],
  [linkTo(typedAt(1e8), -1), "damaged"],
  [linkTo(typedAt(0.5), 2e8), "damaged"],
  [linkTo([...typedAt(2e8), ...typedAt(1e8)], 3e8), "damaged"],
  [linkTo(typedAt(1e8), 2e8, 5), "damaged"],
  [linkTo([{ at: 1e8, text: "x".repeat(3e5) }], 2e8), "damaged"],
  ["#lab=x&at=1", "not here"],
  ["#lab=0&at=1e9", "not here"],
  [`#lab=0&at=${"9".repeat(30)}`, "not here"],
  ["#lesson=%00<b>", "no lesson and no session"],
  ["#t=1e99", "no lesson and no session"],
]) {
  await taught.evaluate((hash) => {
    kerne.notice.value = "";
    location.hash = hash;
  }, link);
  await taught.locator(".notice", { hasText: words }).waitFor();
  await paused(taught);
  tell(`says_what_is_wrong_with ${link.slice(0, 60)}`,
    await taught.locator("[data-process='1']").count() === 1);
}
await taught.evaluate((hash) => (location.hash = hash),
  linkTo(typedAt(1e8), 2e8));
await taught.waitForFunction(() => kerne.phase.value === "paused" &&
  kerne.moment.value.at >= 1e8);
tell("nothing_is_wrong_with_a_link", !await taught.locator(".notice").count());
await taught.close();

await page.click("#tab-conversations");
await page.locator(".tabs [type=checkbox]").check();
tell("shows_the_clock_and_lines",
  (await page.locator(".talk.names").textContent()).includes("line"));
await page.locator(".tabs [type=checkbox]").uncheck();
const row = page.locator(".talk [data-event='3']");
await moves(page, () => row.click());
const shown = await page.evaluate(() => kerne.chosenEvent.value);
await page.waitForFunction((at) => kerne.moment.value.at >= at, shown.at);
tell("click_leads_to_a_message", (await last(shown.event)).at === shown.at);
const output = await page.evaluate(() =>
  kerne.events.value.findLast((e) => e.text));
await moves(page, () =>
  page.evaluate((at) => kerne.source.goTo(at), output.at));
tell("tells_what_a_message_says",
  (await page.locator(".words .area").innerText()).trim() ===
  output.text.trim(), output.text);
for (const read of await page.locator("text=read it").all()) await read.click();

// ---- systems in systems -----------------------------------------------------

await moves(page, () => page.click("button[title='begin from the start']"));
await say(page,
  "new inner size 9M buf 90 internal 40 tables 400 image prog s run");
const system = (name) => page.evaluate((wanted) =>
  kerne.state.value.processes.find((p) => p.name === wanted)?.index, name);
async function tellSystem(path, line, wanted) {
  await page.selectOption("[aria-label^='the system whose']",
    String(await system(path.split("/").at(-1))));
  await page.fill("[aria-label='a line for this system']", line);
  await moves(page, () => page.click(".one button"));
  await page.waitForFunction((text) =>
    document.querySelector(".one pre").textContent.includes(text), wanted);
}
await tellSystem("s/inner", "new deep size 5M buf 60 internal 20 tables 200 " +
  "image prog s run", "ready");
await tellSystem("s/inner/deep", "new hello run", "Hello");
const heard = await page.locator(".one pre").innerText();
tell("a_console_for_any_system", heard.includes("from hello") &&
  !heard.includes("To begin: new hello run\nfrom s"), heard);
await page.locator(".one pre").press("PageUp");
await page.click("#console-all");
await page.click("#console-one");
await page.locator("#console-one").press("ArrowLeft");
tell("whole_console_again", await page.locator(".screen").isVisible());

await page.click(`[data-process="${await system("deep")}"]`);
await page.click("#tab-process");
const display = await page.locator(".display").innerText();
tell("names_beyond_the_horizon_or_hidden", display.includes("hidden by") &&
  await page.locator(".display s").count() > 0, display);
await page.click("button[title^='show only the chosen']");
tell("zooms", !await page.locator(`[data-process="1"]`).count());
await page.click("button[title='show all processes']");
await page.locator(`[data-process="${await system("inner")}"] .fold`).click();
tell("folds", !await page.locator(
  `[data-process="${await system("deep")}"]`).count());

// ---- by keys alone ----------------------------------------------------------

await page.locator("#help").focus();
await page.keyboard.press("?");
tell("lists_its_keys", await page.locator("dialog[open]").isVisible());
await shot(page, "help");
await page.click("button[title='close this']");
await page.keyboard.press("t");
await page.keyboard.press("Home");
await page.keyboard.press("ArrowDown");
await page.keyboard.press("Enter");
const focused = await page.evaluate(() =>
  Number(document.activeElement.dataset.process));
tell("chooses_by_keys", focused > 1 && focused === await page.evaluate(() =>
  kerne.chosen.value), focused);
await page.locator(`[data-process="${await system("inner")}"]`).focus();
await page.keyboard.press("ArrowRight");
await page.keyboard.press("z");
tell("unfolds_and_zooms_by_keys",
  await page.evaluate(() => kerne.zoom.value) === await system("inner") &&
  await page.locator(`[data-process="${await system("deep")}"]`).count() === 1);
await page.keyboard.press("z");
for (const key of [",", ".", "n", "m"]) {
  await moves(page, () => page.keyboard.press(key));
}
await page.keyboard.press("6");
await page.keyboard.press("ArrowLeft");
tell("tabs_by_keys", await page.evaluate(() =>
  document.activeElement.id) === "tab-accounts");
await page.click("#tab-lessons");
await page.keyboard.press("c");
await page.keyboard.press("F6");
tell("keys_lead_out_of_the_console", await page.evaluate(() =>
  document.activeElement.closest("header") !== null));
await page.click("#tab-conversations");
const reached = await page.evaluate(async () => {
  const order = [...document.querySelectorAll(
    "button, input, select, summary, [tabindex]")].filter((one) =>
    one.tabIndex >= 0 && !one.disabled && one.checkVisibility() &&
    !one.closest(".screen"));
  const without = order.filter((one) => {
    one.focus({ focusVisible: true });
    return document.activeElement !== one;
  });
  return without.map((one) => one.outerHTML.slice(0, 80));
});
tell("every_control_takes_the_focus", !reached.length, reached.join("\n"));

// ---- to take away -----------------------------------------------------------

async function saved(title) {
  await page.click(".menu summary");
  const [download] = await Promise.all([page.waitForEvent("download"),
                                        page.click(`.menu ${title}`)]);
  await page.click(".menu summary");
  return readFileSync(await download.path(), "utf8");
}
const svgs = { tree: "button[title^='the boxes']",
               talk: "button[title^='the sequence']" };
for (const [name, button] of Object.entries(svgs)) {
  const text = await saved(button);
  const fault = await page.evaluate((svg) => {
    const parsed = new DOMParser().parseFromString(svg, "image/svg+xml");
    const error = parsed.querySelector("parsererror")?.textContent;
    return error ??
      (parsed.documentElement.localName === "svg" ? "" : "no svg");
  }, text);
  tell(`drawing_of_the_${name}`, !fault && text.includes("terminal"), fault);
}

/** What Chrome's trace format wants of each event. */
function faultOf(event, begun) {
  const numbers = { M: ["pid", "tid"], X: ["pid", "tid", "ts", "dur"],
                    i: ["pid", "tid", "ts"], s: ["pid", "tid", "ts", "id"],
                    f: ["pid", "tid", "ts", "id"] }[event.ph];
  if (!numbers || typeof event.name !== "string") return "kind or name";
  if (!numbers.every((name) => Number.isFinite(event[name]))) return "numbers";
  if (event.dur < 0) return "a negative duration";
  if (event.ph === "s") begun.add(event.id);
  return event.ph === "f" && !begun.delete(event.id) ? "ends, not begun" : "";
}
const whole = JSON.parse(await saved("form button")).traceEvents;
const begun = new Set();
const faults = whole.map((event) => faultOf(event, begun)).filter(Boolean);
tell("trace_for_perfetto", whole.length > 100 && !faults.length &&
  whole.some((event) => event.ph === "X"), [...new Set(faults)].join());
await page.click(".menu summary");
const middle = (await moment(page)).at / 2e6;
await page.locator(".menu input").first().fill(String(middle));
await page.locator(".menu input").last().fill(String(middle * 2));
await page.click(".menu summary");
const part = JSON.parse(await saved("form button")).traceEvents;
tell("trace_of_a_stretch", part.length < whole.length && part.every((event) =>
  event.ph === "M" || event.ts >= middle * 1e3), part.length);
await page.click(".menu summary");
await page.click("button[title^='an address']");
await page.waitForFunction(() => location.hash.startsWith("#s="));
const there = await open(await page.evaluate(() => location.hash), "light");
tell("link_leads_to_the_moment", await state(there) === await state(page));
await page.click(".menu summary");

// ---- how it looks -----------------------------------------------------------

for (const size of [[390, 844], [800, 900], [1100, 620], [WIDTH, HEIGHT]]) {
  await fits(page, ...size);
}
for (const theme of ["light", "dark", "auto"]) {
  await page.click("button[title^='colours']");
  const is = await page.evaluate(() =>
    getComputedStyle(document.documentElement).colorScheme);
  tell(`theme_${theme}`, is === (theme === "auto" ? "light dark" : theme), is);
}
for (const name of ["events", "process", "storage", "accounts", "lessons",
  "conversations"]) {
  await there.click(`#tab-${name}`);
  await looksRight(there, `${name}_in_the_light`);
}
const { seen, used } = await page.evaluate(() => controls());
const unused = seen.map(([sign]) => sign).filter((sign) =>
  !used.includes(sign) && !sign.startsWith(".lesson") &&
  sign !== ".way-there"); // that one is page_way.mjs's
tell("every_control_was_used", !unused.length, unused.join("\n"));
const nameless = seen.filter(([, name]) => !name).map(([sign]) => sign);
tell("every_control_has_a_name", !nameless.length, nameless.join("\n"));
tell("no_error", wrong.length === 0, wrong.join("; "));
await paused(page);
await browser.close();

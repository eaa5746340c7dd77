// The page with hundreds of processes, and ten thousand events:
// node page_many.mjs MODULES BROWSER ADDRESS SHOTS
import { browser, linkTo, open, shot, tell, wrong } from "./driver.mjs";

const SYSTEMS = 9, EACH = 60, AT_ONCE = 4;
const PACE = 1e8; // nanoseconds between two lines
const FRAME = 50; // milliseconds of processor time, to draw a step
const STEPS = 20;
const EVENTS = 10000, PROCESSES = 500;

const log = [];
const say = (text) => log.push({ at: 2e8 + PACE * log.length, text });
for (let i = 0; i < SYSTEMS; i++) {
  say(`new sys${i} size 5M buf 140 internal 64 tables 210 image prog s run\r`);
  say(`\x1bs/sys${i}\r`);
  for (let j = 0; j < EACH;) {
    let line = "";
    for (let n = 0; n < AT_ONCE && j < EACH; n++) {
      line += `new p${j++} size 4k buf 0 internal 0 tables 3 create `;
    }
    say(`${line}\r`);
  }
  say("\x1bs\r");
}
const page = await open(linkTo(log, log.at(-1).at + PACE));
const count = await page.evaluate(() => ({
  processes: kerne.state.value.processes.length,
  boxes: document.querySelectorAll("[data-process]").length,
  events: kerne.events.value.length }));
tell("shows_500_processes", count.processes >= PROCESSES &&
  count.boxes === count.processes, JSON.stringify(count));
await shot(page, "many");

/** Steps in the page; milliseconds of its processor for each, drawing it. */
async function stepsCost(what, direction) {
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable", { timeDomain: "threadTicks" });
  const read = async () => {
    const { metrics } = await client.send("Performance.getMetrics");
    return ["ScriptDuration", "LayoutDuration", "RecalcStyleDuration"].reduce(
      (sum, name) => sum + metrics.find((m) => m.name === name).value, 0);
  };
  const before = await read();
  await page.evaluate(async ([kind, way, steps]) => {
    for (let i = 0; i < steps; i++) {
      const was = kerne.moment.value;
      kerne.source.step(kind, way);
      while (kerne.moment.value === was) {
        await new Promise((go) => requestAnimationFrame(go));
      }
      await new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
    }
  }, [what, direction, STEPS]);
  return (await read() - before) * 1000 / STEPS;
}
for (const what of ["trap", "message"]) {
  const back = await stepsCost(what, -1), on = await stepsCost(what, 1);
  tell(`draws_a_${what}: ${back.toFixed(1)} ms back, ${on.toFixed(1)} ms on`,
    back < FRAME && on < FRAME);
}

// Back and forth, and a run that only goes on: the same at each moment.
const there = (one, at) => one.evaluate(async (to) => {
  kerne.source.goTo(to);
  const number = await kerne.source.hash();
  return `${number} ${JSON.stringify(kerne.state.value)}`;
}, at);
// Every other moment is in the midst of a trap.
const moments = await page.evaluate(() =>
  [0.9, 0.15, 0.5, 0.05, 0.7, 0.3, 0.8].map((part, i) =>
    kerne.events.value[Math.floor(part * kerne.events.value.length)].at -
    9 * (i % 2)));
const seen = new Map();
for (const at of moments) seen.set(at, await there(page, at));
const sorted = [...moments].sort((a, b) => a - b);
const other = await open(linkTo(log, sorted[0]));
const differ = [];
for (const at of sorted) {
  if (await there(other, at) !== seen.get(at)) differ.push(at);
}
tell("back_and_forth_through_10000_events",
  count.events >= EVENTS && !differ.length, `${count.events}; ${differ}`);
tell("no_error_with_many", wrong.length === 0, wrong.join("; "));
await browser.close();

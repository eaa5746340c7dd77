// Ways that take long, on a machine that never sleeps: they are shown, they can
// be ended, and they arrive:
// node page_way.mjs MODULES BROWSER ADDRESS SHOTS
import { browser, linkTo, moment, open, paused, state, tell, wrong }
  from "./driver.mjs";
import { looksRight } from "./looks.mjs";

const NEVER = 9e15; // nanoseconds of the machine's clock
const FAR = 5e8; // some seconds from the line on
const TRAP = 10000; // nanoseconds: more than one takes
const log = [{ at: 2e8, text: 'new a prog "primes 4000000000" run\r' }];
const percent = (page) => page.evaluate(() => kerne.way.value?.done);
const goes = (page) => page.waitForFunction(() => kerne.way.value);
const isOnItsWay = (page) => page.evaluate(() => kerne.phase.value === "going");

const page = await open(linkTo(log, NEVER), "dark", goes);
const done = await percent(page);
await page.waitForFunction((was) => kerne.way.value.done > was, done);
const words = await page.locator(".way-there").innerText();
tell("way.is_shown", done > 0 && done < 1 && / more/.test(words) &&
  await isOnItsWay(page), words);
await looksRight(page, "way");
const values = await page.evaluate(() => kerne.source.registers(1));
tell("way.answers_meanwhile", values.length === 32 && await isOnItsWay(page));
await page.click("button[title='end the way here']");
await paused(page);
const here = await moment(page);
tell("way.can_be_ended", here.at > log[0].at && here.at < NEVER &&
  !await page.locator(".way-there").count(), JSON.stringify(here));

// Where it was ended is a moment like all others.
const there = await open(linkTo(log, here.at));
tell("way.arrives", await state(there) === await state(page));
await there.close();

const far = await open(linkTo(log, FAR));
const { at } = await moment(far);
tell("way.arrives_far", at >= FAR && at < FAR + TRAP, at);

// A step for which nothing comes can be ended as well, and so can a lesson.
await far.evaluate(() => kerne.source.step("message", 1));
await far.waitForFunction(() => kerne.phase.value === "running");
await far.keyboard.press("r");
await paused(far);
tell("way.a_step_can_be_ended", (await moment(far)).at > at);
await far.evaluate((to) => kerne.source.goTo(to), NEVER);
await goes(far);
await far.evaluate((to) => kerne.source.goTo(to), at);
await far.waitForFunction((to) => kerne.phase.value === "paused" &&
  kerne.moment.value.at === to, at);
tell("way.another_ends_it", !await far.locator(".way-there").count());
tell("way.no_error", !wrong.length, wrong.join("; "));
await browser.close();

// The machine, away from the page's own thread: runs, stops, goes back, and
// tells the page what happened.
//
// It runs in portions, so that what the page asks for comes between two, and
// the person can stop it.  All numbers of the machine's clock are nanoseconds,
// an instruction each.
import { Machine } from "./machine.js";
import { follow } from "./follow.js";
import { LESSONS } from "./lessons/all.js";

const PORTION = 16; // milliseconds of this computer's time, in one go
const SHOWN_EVERY = 100; // milliseconds, while it runs
const LONG = 1000; // milliseconds: a way that is shown
const FIRST_GUESS = 2e5; // nanoseconds of the machine's clock, for a portion
const MOST = 1e8;

let machine = null;
let phase = "loading";
let running = null; // { speed, stop } while it runs
let journey = null; // { isOver } while it goes where a person wants to be
let portion = FIRST_GUESS;
let lastShown = 0, count = { at: 0, since: 0 };
let began = 0, booted = 0; // milliseconds: when the machine began, and from
// then until it first waited for somebody to type
let again; // the moment behind which all is new, when one typed in the past

const post = (message) => postMessage(message);

function show(more = {}) {
  lastShown = performance.now();
  const message = { kind: "now", phase, moment: machine.moment(),
                    events: machine.takeEvents(), state: machine.state(),
                    output: machine.takeOutput(), measured: measure(),
                    ...more };
  if (booted) message.booted = booted;
  if (again !== undefined) {
    message.after = again;
    again = undefined;
  }
  post(message);
}

function measure() {
  const now = performance.now(), executed = machine.executed();
  if (now - count.since < 300) return 0;
  const rate = (executed - count.at) / (now - count.since) * 1000;
  count = { at: executed, since: now };
  return running || journey ? rate : 0;
}

function stopped(next, more) {
  running = null;
  phase = next;
  if (began) booted ||= performance.now() - began;
  show(more);
}

/** One portion; then the next, when the page has had its turn. */
function go() {
  if (!running) return undefined;
  const begin = performance.now();
  const at = machine.clock(), executed = machine.executed();
  const { speed, stop } = running;
  const most = speed ? Math.max(1, speed * PORTION / 1000) : portion;
  const news = machine.run(at + most, stop);
  const took = performance.now() - begin;
  const idle = machine.clock() - at - (machine.executed() - executed);
  if (!speed && news === "time") {
    portion = Math.min(Math.max(portion * PORTION / Math.max(took, 0.5), 1e4),
      MOST);
  }
  if (news === "halted") return stopped("halted");
  if (news === "stopped" || stop && (news === "asleep" ||
    stop.kind === "rest" && machine.isAtRest())) return stopped("paused");
  if (performance.now() - lastShown > SHOWN_EVERY) show();
  // While it idles, its clock goes no faster than the one on the wall.
  const wait = (news === "asleep" || speed ? PORTION
    : stop ? 0 : idle / 1e6) - took;
  if (wait > 0) setTimeout(go, wait);
  else queue();
  return undefined;
}

const channel = new MessageChannel(); // a turn without a timer's least delay
const turns = []; // what is done then
channel.port1.onmessage = () => turns.shift()();
function queue(next = go) {
  turns.push(next);
  channel.port2.postMessage(0);
}

/** Goes through the steps of a generator, with turns for the page.  What it
 * returns; undefined: the person has ended it.  `to`: the moment to which it
 * leads, if that is known. */
async function travel(steps, to) {
  const from = machine.clock(), since = performance.now();
  let begin = since;
  running = null;
  phase = "going";
  journey = { isOver: false };
  try {
    while (!journey.isOver) {
      const step = steps.next();
      if (step.done) return step.value;
      const now = performance.now();
      if (now - begin < PORTION) continue;
      if (now - lastShown > SHOWN_EVERY) {
        const done = (machine.clock() - from) / (to - from);
        show(to === undefined || now - since < LONG ? {}
          : { way: { to, done, left: (now - since) * (1 / done - 1) } });
      }
      await new Promise(queue);
      begin = performance.now();
    }
    return undefined;
  } finally {
    journey = null;
  }
}

/** To a moment; shows where it is then. */
async function goTo(at) {
  await travel(machine.going(at), at);
  machine.finish();
  stopped(machine.isHalted() ? "halted" : "paused");
}

function start(stop, speed) {
  if (phase === "halted") return;
  const was = running;
  running = { stop, speed };
  machine.exports.page_waits_begin();
  phase = "running";
  if (!was) queue();
}

async function boot(log) {
  machine = await Machine.load({ disk: log?.disk, ...log?.machine });
  if (log) {
    machine.play(log.log);
    await goTo(log.at);
  } else {
    began = performance.now();
    start({ kind: "rest" }, 0); // until somebody is to type
  }
}

/** To a step of a lesson, from the step before or from the beginning. */
async function lesson({ name, to, from }) {
  const found = LESSONS.find((one) => one.name === name);
  const step = Math.min(to, found.steps.length - 1);
  if (from === 0) {
    machine = await Machine.load({ disk: found.disk });
  } else if (found.steps[from].type && machine.clock() < machine.farthest()) {
    again = machine.clock();
  }
  const there = await travel(follow(machine, found, step, from));
  stopped(machine.isHalted() ? "halted" : "paused",
    there && { followed: { lesson: name, ...there } });
}

function step({ what, direction }) {
  if (direction > 0) {
    start({ kind: what }, 0);
  } else {
    machine.back(what);
    stopped("paused");
  }
}

function type({ text, size }) {
  const inThePast = machine.clock() < machine.farthest();
  machine.type(text, size);
  if (inThePast) again = machine.clock();
  if (running) return;
  start({ kind: "rest" }, 0);
}

const does = {
  boot: ({ log }) => boot(log),
  lesson,
  run: ({ stop = null, speed = 0 }) => start(stop, speed),
  pause: () => stopped("paused"),
  step,
  type,
  goto: ({ at }) => goTo(at),
  ask: ({ number, question, words }) =>
    post({ kind: "answer", number, value: machine.ask(question, ...words) }),
};

const ENDS = ["pause", "run", "step", "goto", "lesson"]; // a journey

let busy = Promise.resolve(); // one after the other, but what is asked then
onmessage = ({ data }) => {
  if (journey && ENDS.includes(data.kind)) journey.isOver = true;
  const isAside = journey && data.kind === "ask" && !data.waits;
  const done = (isAside ? Promise.resolve() : busy)
    .then(() => does[data.kind](data)).catch((error) =>
      post({ kind: "failed", why: String(error?.message ?? error) }));
  if (!isAside) busy = done;
};

// The machine, away from the page's own thread: runs, stops, goes back, and
// tells the page what happened.
//
// It runs in portions, so that what the page asks for comes between two.  All
// numbers of the machine's clock are nanoseconds, an instruction each.
import { Machine } from "./machine.js";
import { follow } from "./follow.js";
import { LESSONS } from "./lessons/all.js";

const PORTION = 16; // milliseconds of this computer's time, in one go
const SHOWN_EVERY = 100; // milliseconds, while it runs
const FIRST_GUESS = 2e5; // nanoseconds of the machine's clock, for a portion
const MOST = 1e8;

let machine = null;
let phase = "loading";
let running = null; // { speed, stop } while it runs
let portion = FIRST_GUESS;
let lastShown = 0, count = { at: 0, since: 0 };
let began = 0, booted = 0; // milliseconds: when the machine was loaded, and
// from then until it first waited for somebody to type
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
  return running ? rate : 0;
}

function stopped(next) {
  running = null;
  phase = next;
  booted ||= performance.now() - began;
  show();
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
channel.port1.onmessage = go;
const queue = () => channel.port2.postMessage(0);

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
  began = performance.now();
  phase = "paused";
  if (log) {
    machine.play(log.log);
    machine.goTo(log.at);
    show({ again: true });
  } else {
    start({ kind: "rest" }, 0); // until somebody is to type
  }
}

/** To a step of a lesson, from the step before or from the beginning. */
async function lesson({ name, to, from }) {
  const found = LESSONS.find((one) => one.name === name);
  const step = Math.min(to, found.steps.length - 1);
  running = null;
  if (from === 0) {
    machine = await Machine.load({ disk: found.disk });
  } else if (found.steps[from].type && machine.clock() < machine.farthest()) {
    again = machine.clock();
  }
  phase = "running";
  const steps = follow(machine, found, step, from);
  let done;
  while (!(done = steps.next()).done) {
    if (performance.now() - lastShown > SHOWN_EVERY) show();
    await new Promise((resume) => setTimeout(resume));
  }
  phase = machine.isHalted() ? "halted" : "paused";
  show({ followed: { lesson: name, ...done.value } });
}

function step({ what, direction }) {
  running = null;
  if (direction > 0) {
    const result = machine.run(machine.clock() + 1e10, { kind: what });
    phase = result === "halted" ? "halted" : "paused";
    show();
  } else {
    machine.back(what);
    phase = "paused";
    show({ again: true });
  }
}

function type(text) {
  const inThePast = machine.clock() < machine.farthest();
  machine.type(text);
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
  type: ({ text }) => type(text),
  goto: ({ at }) => {
    running = null;
    machine.goTo(at);
    phase = machine.isHalted() ? "halted" : "paused";
    show({ again: true });
  },
  ask: ({ number, question, words }) =>
    post({ kind: "answer", number, value: machine.ask(question, ...words) }),
};

let busy = Promise.resolve(); // one after the other
onmessage = ({ data }) => {
  busy = busy.then(() => does[data.kind](data)).catch((error) =>
    post({ kind: "failed", why: String(error?.message ?? error) }));
};

// Where a run comes from: the machine in a worker of this page, or QEMU behind
// the server of ./run --view.  Both answer the same questions.
import * as model from "./model.js";
import { LESSONS } from "./lessons/all.js";

let peer = null; // { post(message), close() }
let number = 0;
const waiting = new Map(); // question: what to call with the answer
const outputs = new Set(); // who shows what the console says
let said = []; // all of it: [{ at, bytes }]
let disk; // of the machine, in bytes; undefined: none

function take(message) {
  switch (message.kind) {
  case "answer":
    waiting.get(message.number)?.(message.value);
    waiting.delete(message.number);
    break;
  case "now":
    if (message.state && !model.events.value.length) {
      model.takeState(message.state);
    }
    if (message.events.length || message.after !== undefined) {
      model.takeEvents(message.events, message.after);
    }
    if (message.state) model.takeState(message.state);
    model.moment.value = message.moment;
    if (message.moment.at > model.farthest.value.at ||
        message.after !== undefined) {
      model.farthest.value = message.moment;
    }
    model.phase.value = message.phase;
    model.way.value = message.way ?? null;
    if (message.booted) model.booted.value = message.booted;
    if (message.measured) model.measured.value = message.measured;
    if (message.after !== undefined) {
      said = said.filter((part) => part.at <= message.after);
    }
    said.push(...message.output);
    if (message.followed) takeLesson(message.followed);
    for (const show of outputs) show(shown());
    break;
  case "failed":
    model.failure.value = message.why;
    model.phase.value = "failed";
    break;
  }
}

function takeLesson(followed) {
  const { choose, tab } = LESSONS.find(
    (one) => one.name === followed.lesson).steps[followed.step];
  model.lesson.value = { ...followed, at: model.moment.value.at };
  model.chosen.value = model.byPath(choose)?.index ?? model.chosen.value;
  if (tab) model.tab.value = tab;
  const { event } = followed;
  model.chosenEvent.value = event && model.events.value.findLast((e) =>
    e.trap === event.trap && e.event === event.event &&
    e.process === event.process && e.buffer === event.buffer);
}

/** What the console had said at the moment that is shown. */
const shown = () =>
  said.slice(0, model.firstAfter(said, model.moment.value.at));

/** Calls with all that was said up to the moment, [{ at, bytes }], again and
 * again; it is the same pieces, and more or less of them. */
export function listen(show) {
  outputs.add(show);
  show(shown());
  return () => outputs.delete(show);
}

function post(message) {
  peer?.post(message);
}

/** Of the moment at which the machine is just now; `waits`: when it has done
 * all that it was told before. */
function ask(question, words = [], waits = false) {
  return new Promise((resolve) => {
    if (!peer) return resolve(null);
    waiting.set(++number, resolve);
    post({ kind: "ask", number, question, words, waits });
    return undefined;
  });
}

function connectWorker() {
  const worker = new Worker(new URL("worker.js", document.baseURI),
    { type: "module" });
  worker.onmessage = (event) => take(event.data);
  worker.onerror = (event) =>
    take({ kind: "failed", why: event.message || "the worker does not load" });
  return { post: (message) => worker.postMessage(message),
           close: () => worker.terminate() };
}

/** QEMU's run, by the server: a stream of lines, and questions to it. */
function connectServer() {
  const stream = new EventSource("run/events");
  stream.onmessage = (event) => {
    const message = JSON.parse(event.data);
    for (const part of message.output ?? []) {
      part.bytes = Uint8Array.from(atob(part.bytes), (c) => c.charCodeAt(0));
    }
    take(message);
  };
  return {
    async post(message) {
      const reply = await fetch("run/do", {
        method: "POST", body: JSON.stringify(message) });
      if (reply.ok && message.kind === "ask") {
        take({ kind: "answer", number: message.number,
               value: await reply.json() });
      }
    },
    close: () => stream.close(),
  };
}

export const isRemote = document.documentElement.dataset.source === "server";

/** Begins from the start; `log` is input as link.js has it, or null. */
export function boot(log = null) {
  begin();
  disk = log?.disk;
  post({ kind: "boot", log });
}

/** To a step of a lesson: on from the step before it, if that is shown. */
export function follow(lesson, step) {
  const last = model.lesson.value;
  const goesOn = last?.lesson === lesson && last.step === step - 1 &&
    last.found && last.at === model.moment.value.at &&
    model.phase.value === "paused";
  if (!goesOn) {
    begin();
    disk = LESSONS.find((one) => one.name === lesson).disk;
  }
  post({ kind: "lesson", name: lesson, to: step, from: goesOn ? step : 0 });
}

function begin() {
  peer?.close();
  model.reset();
  said = [];
  model.failure.value = model.notice.value = "";
  model.phase.value = "loading";
  model.way.value = null;
  for (const show of outputs) show([]);
  peer = isRemote ? connectServer() : connectWorker();
}

/** Moves the machine; what was chosen of the moment before is not, any more. */
function move(message) {
  model.chosenEvent.value = null;
  post(message);
}

export const run = () => move({ kind: "run", speed: model.speed.value });
export const pause = () => post({ kind: "pause" });
/** One "message" or "trap" on (1) or back (-1). */
export const step = (what, direction) =>
  move({ kind: "step", what, direction });
/** Run until that happens: { kind, from, to, longer }. */
export const runUntil = (stop) => move({ kind: "run", stop, speed: 0 });
export const goTo = (at) => move({ kind: "goto", at });
/** To the moment of an event, which is chosen then. */
export function goToEvent(event) {
  goTo(event.at);
  model.chosenEvent.value = event;
}
export const type = (text) => post({ kind: "type", text });

export const windowsOf = (process, page) => ask("windows", [process, page]);
export const wayOf = (process, page) => ask("way", [process, page]);
export const registers = (process) => ask("registers", [process]);
/** What was typed, and on which machine: { log, disk }. */
export const session = async () => ({ log: await ask("log", [], true), disk });
/** A number for all of the machine's state: another state, another number. */
export const hash = () => ask("hash", [], true);

/** What stands in an area of a process, as text. */
export async function readArea(process, { first, last }) {
  const bytes = await ask("read", [process, String(first),
    Number(last - first > 4096n ? 4096n : last - first)]);
  if (!bytes) return "(it is not there)";
  return [...bytes].map((c) =>
    c === 10 || (c >= 32 && c < 127) ? String.fromCharCode(c) : "·").join("");
}

let lines; // of the programs, once somebody wants them

async function fetchLines() {
  const reply = await fetch(new URL("lines.json", document.baseURI));
  return reply.ok ? reply.json() : null;
}

/** The rows of a program's lines that an address belongs to, [file, line] each:
 * the last, and the last of a file of C, into which others are included. */
function rowsAt({ files, programs }, program, address) {
  const rows = programs[program] ?? [];
  let at = 0, file = 0, line = 0, last = null, own = null;
  for (let i = 0; i < rows.length; i += 3) {
    at += rows[i];
    if (at > address) break;
    file += rows[i + 1];
    line += rows[i + 2];
    last = [files[file - 1], line];
    if (last[0]?.endsWith(".c")) own = last;
  }
  return last?.[0] ? { last, own: own ?? last } : null;
}

/** Where in its program's text a process is: { program, path, line, inside,
 * lines }: `lines` the text of that file, `inside` what is included there and
 * executed now; null: nobody knows. */
export async function sourceOf(process, pc) {
  const program = await ask("program", [process, pc]);
  if (!program) return null;
  lines ??= fetchLines();
  const table = await lines;
  const rows = table && rowsAt(table, program, pc);
  if (!rows) return { program, path: "in its library", line: 0, lines: null };
  const [path, line] = rows.own;
  return { program, path, line, lines: table.sources[path].split("\n"),
           inside: rows.last === rows.own ? "" : rows.last.join(", line ") };
}

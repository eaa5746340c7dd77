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
// The lines of programs that only this image has; undefined: none.
const ALWAYS_ADDED = document.documentElement.dataset.added;
let added = ALWAYS_ADDED;

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
  added = log?.lines ?? ALWAYS_ADDED;
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
    added = ALWAYS_ADDED;
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
/** `size`: of the terminal, ROWS;COLUMNS, if it was typed at one. */
export const type = (text, size) => post({ kind: "type", text, size });

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

const lines = new Map(); // of programs, by file, once somebody wants them

function fetchLines(name) {
  if (!lines.has(name)) {
    lines.set(name, fetch(new URL(name, document.baseURI))
      .then((reply) => (reply.ok ? reply.json() : null)));
  }
  return lines.get(name);
}

/** The lines of a program: its own, if it was added to the image, or those of
 * all that are always there. */
async function linesOf(program) {
  for (const name of [added, "lines.json"]) {
    const table = name && await fetchLines(name);
    if (table?.programs[program]) return table;
  }
  return null;
}

/** The rows of a program's lines that an address belongs to, [file, line] each:
 * the last, and the last of a file of C, into which others are included. */
function rowsAt({ files, programs }, program, address) {
  const rows = programs[program];
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

function placeAt(table, program, address) {
  const rows = table && rowsAt(table, program, address);
  if (!rows) return { path: "in its library", line: 0, lines: null };
  const [path, line] = rows.own;
  return { path, line, lines: table.sources[path].split("\n"),
           inside: rows.last === rows.own ? "" : rows.last.join(", line ") };
}

const STACK = 4096; // bytes of it that are looked through
const isLibrary = ({ path, line }) =>
  !line || /^(children|parents)\/lib\//.test(path);

/** Do these four bytes end with an instruction that calls? */
function isCall(bytes) {
  const view = new DataView(Uint8Array.from(bytes).buffer);
  const short = view.getUint16(2, true), long = view.getUint32(0, true) & 0xfff;
  return long === 0x0ef || long === 0x0e7 || // jal, jalr
    (short & 0xf07f) === 0x9002 && short !== 0x9002; // c.jalr
}

/** Who has called the library: the nearest return address into the program's
 * own files, of those on its stack; null: there is none.  It may be one that an
 * earlier call has left there. */
async function callerOf(process, program, table, [, ra, sp]) {
  const bytes = await ask("read", [process, sp, STACK]);
  const stack = new DataView(Uint8Array.from(bytes ?? []).buffer);
  const words = [Number(ra)];
  for (let at = 0; at + 8 <= stack.byteLength; at += 8) {
    words.push(Number(stack.getBigUint64(at, true)));
  }
  for (const word of words) {
    const place = placeAt(table, program, word - 1);
    if (isLibrary(place)) continue;
    const before = await ask("read", [process, word - 4, 4]);
    if (before && isCall(before)) return place;
  }
  return null;
}

/** Where in its program's text a process with these registers is: { program,
 * place, caller }, the last as callerOf() has it, if the place is in the
 * library; a place is { path, line, inside, lines }: `lines` the text of that
 * file, `inside` what is included there and executed now.  Null: nobody
 * knows. */
export async function sourceOf(process, values) {
  const pc = Number(values[0]);
  const program = await ask("program", [process, pc]);
  if (!program) return null;
  const table = await linesOf(program);
  const place = placeAt(table, program, pc);
  return { program, place, caller: table && isLibrary(place)
    ? await callerOf(process, program, table, values) : null };
}

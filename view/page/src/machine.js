// The machine of view/machine, as WebAssembly.
import { programAt } from "./program.js";
import { unpack } from "./unpack.js";

const STORAGE = 128 << 20; // bytes
const NEWS = { time: 0, stopped: 1, asleep: 2, halted: 3 };
const ANSWERS = Object.entries(NEWS).reduce(
  (names, [name, number]) => { names[number] = name; return names; }, []);
const QUIET = 120e6; // nanoseconds without an event: nobody does anything more
const INPUT = 3; // KERNE_INPUT
const LEAP = 5e6; // nanoseconds that are run without a look at the events,
const SOON = 4; // and twice as many, if that took fewer milliseconds
const MARKS = 1e6; // that are kept, at least half of them
const NEAR = 1e5; // nanoseconds: the first look for the trap before
const SIZE = /\x1b\[8;(\d+;\d+)t/g; // of a terminal, as it tells it
const RAW = "now; control ] leads back"; // children/drivers/console says it
const NOT_RAW = "; keys make lines again";
const NONE = 0, EVENT = 2; // as wasm/page.c has them
const STOPS = { trap: 1, event: EVENT, message: EVENT, sent: EVENT,
                breaks: EVENT, waits: 3 };
const MESSAGES = 1, BREAKS = 2, EXTERNALS = 4;
const AMONG = { message: MESSAGES | BREAKS, sent: MESSAGES | EXTERNALS,
                breaks: BREAKS };

async function fetched(name) {
  const response = await fetch(new URL(name, self.location.href));
  if (!response.ok) {
    throw new Error(`${name} is not there (${response.status})`);
  }
  return new Uint8Array(await response.arrayBuffer());
}

export class Machine {
  /** With a boot image, packed if it is called so, the boot's arguments, and
   * an empty disk of so many bytes. */
  static async load({ image = "image.tar.lzma", nucleus = "kerne",
                      argument = "", disk } = {}) {
    const [code, kernel, archive, layout] = await Promise.all(
      ["machine.wasm", nucleus, image, `${nucleus}.layout`].map(fetched));
    return new Machine(await WebAssembly.compile(code), argument, [kernel,
      image.endsWith(".lzma") ? unpack(archive) : archive, layout], disk);
  }

  /** `files`: kernel, image and layout. */
  constructor(code, argument, files, disk = 0) {
    this.code = code;
    this.argument = argument;
    this.files = files;
    this.disk = disk;
    this.log = []; // what was typed: { at, byte }
    this.toldAt = -1; // the last event's time that the page knows, of this run
    this.toldOutput = 0; // bytes
    this.marks = []; // of late traps with an event: { at, trap, message }
    this.last = 0; // the clock, as far as this run was ever
    this.start();
  }

  /** A machine that has executed nothing yet. */
  start() {
    this.exports = new WebAssembly.Instance(this.code, {}).exports;
    const at = this.files.map((bytes) => this.put(bytes));
    const [kernel, image, layout] = this.files;
    const argument = this.argument &&
      this.put(new TextEncoder().encode(`${this.argument}\0`));
    const why = this.exports.page_boot(STORAGE, at[0], kernel.length, at[1],
      image.length, at[2], layout.length, argument, this.disk);
    if (why) throw new Error(this.text(why));
    this.countOutput = 0; // bytes, since the machine's beginning
    this.lively = 0; // when something happened last
    this.fresh = { events: [], output: [] };
    for (const { at: time, byte } of this.log) {
      this.exports.page_play(BigInt(time), byte);
    }
  }

  /** Copies bytes into the machine's world; they stay there. */
  put(bytes) {
    const at = this.exports.page_room(bytes.length);
    if (!at) throw new Error("this page has too little memory for it");
    new Uint8Array(this.exports.memory.buffer, at, bytes.length).set(bytes);
    return at;
  }

  bytes(at, length) {
    return new Uint8Array(this.exports.memory.buffer, at, length).slice();
  }

  text(at) {
    const all = new Uint8Array(this.exports.memory.buffer, at);
    return new TextDecoder().decode(all.slice(0, all.indexOf(0)));
  }

  /** What a function of the page wrote as JSON. */
  json(name, ...words) {
    const length = this.exports[name](...words);
    const at = this.exports.page_text();
    return JSON.parse(new TextDecoder().decode(this.bytes(at, length)));
  }

  clock() { return Number(this.exports.page_clock()); }
  farthest() { return this.last; }
  executed() { return Number(this.exports.page_executed()); }
  hash() {
    return BigInt.asUintN(64, this.exports.page_hash()).toString(16)
      .padStart(16, "0");
  }
  isHalted() { return this.exports.page_halted() !== 0; }
  moment() {
    return { at: this.clock(), trap: Number(this.exports.page_traps()) };
  }

  /** "time": it came to `until`; "stopped": by what is wanted; "asleep": it
   * waits for somebody to type; "halted".  Wanted is a `kind`: "trap", the end
   * of one; "message", "sent" or "breaks"; "event", with the word of it, and
   * `among`, one of these three; "waits", `longer` nanoseconds.  `from` and
   * `to` are names, "": anybody's. */
  run(until, stop) {
    const { kind = "none", event = "queued", from = "", to = "", longer = 0,
            operation = -1 } = stop ?? {};
    const news = ANSWERS[this.exports.page_run(BigInt(Math.floor(until)),
      STOPS[kind] ?? NONE, this.note(`${event}\0${from}\0${to}\0`),
      AMONG[stop?.among ?? kind] ?? MESSAGES | BREAKS | EXTERNALS,
      BigInt(Math.floor(longer)), BigInt(operation))];
    this.collect();
    this.last = Math.max(this.last, this.clock());
    return news;
  }

  /** Is it quiet, and a line of the console's wanted?  A machine that will wait
   * for ever is asleep; but one with a disk looks at the clock now and then. */
  isAtRest() {
    if (this.clock() - this.lively < QUIET) return false;
    const { running, processes, buffers } = this.state();
    const terminal = processes.find((p) => p.name === "terminal");
    return running === 0 && buffers.some((b) =>
      b.receiver === terminal?.index &&
      Number(BigInt(b.words[0]) >> 2n) === INPUT);
  }

  /** What has happened and was said, unless the page knows it already. */
  collect() {
    const events = this.latest = this.json("page_events");
    this.lively = events.at(-1)?.at ?? this.lively;
    for (const event of events) {
      if (event.at <= this.toldAt) continue;
      this.fresh.events.push(event);
      const mark = this.marks.at(-1)?.at === event.at ? this.marks.at(-1)
        : { at: event.at, trap: event.trap, message: false };
      if (mark !== this.marks.at(-1)) this.marks.push(mark);
      mark.message ||= event.event === "queued" &&
        event.external === undefined;
    }
    if (this.marks.length > MARKS) this.marks.splice(0, MARKS / 2);
    this.toldAt = Math.max(this.toldAt, events.at(-1)?.at ?? -1);
    const length = this.exports.page_output();
    const had = Math.max(0, this.toldOutput - this.countOutput);
    this.countOutput += length;
    this.toldOutput = Math.max(this.toldOutput, this.countOutput);
    if (had < length) {
      const bytes = this.bytes(this.exports.page_text(), length).slice(had);
      this.fresh.output.push({ at: this.clock(), bytes });
    }
  }

  takeEvents() {
    const events = this.fresh.events;
    this.fresh.events = [];
    return events;
  }

  takeOutput() {
    const output = this.fresh.output;
    this.fresh.output = [];
    return output;
  }

  /** To a moment, earlier or later, or as far as there is anything to do; with
   * a stop after each portion. */
  *going(at) {
    if (at < this.clock()) {
      if (!this.exports.page_go(BigInt(Math.max(0, Math.floor(at))))) {
        throw new Error("this page has too little memory to go back");
      }
      this.countOutput = this.exports.page_said();
    }
    this.lively = this.clock();
    let leap = LEAP;
    while (this.clock() < at) {
      const begin = performance.now();
      const news = this.run(Math.min(at, this.clock() + leap), null);
      if (news === "halted" || news === "asleep") break;
      leap = performance.now() - begin < SOON ? leap * 2
        : Math.max(LEAP, leap / 2);
      yield;
    }
    this.finish();
  }

  /** To the end of the trap that it is in. */
  finish() {
    this.exports.page_finish();
    this.collect();
  }

  /** The same without a stop. */
  goTo(at) {
    for (const way = this.going(at); !way.next().done;);
  }

  /** One message or trap back: to where a step on from before it ends. */
  back(what) {
    const now = this.moment();
    const wanted = what === "message" ? this.messageBefore(now.at)
      : { trap: now.trap - 1, at: now.at };
    const before = this.marks.findLast((mark) => mark.trap < wanted.trap);
    let at = before?.at ?? wanted.at - NEAR;
    this.goTo(at);
    for (let near = NEAR; at > 0 && this.moment().trap >= wanted.trap;) {
      near *= 2;
      this.goTo(at = wanted.at - near);
    }
    while (this.moment().trap < wanted.trap &&
      this.run(wanted.at + LEAP, { kind: "trap" }) === "stopped");
    return undefined;
  }

  /** The last message but one up to a moment. */
  messageBefore(at) {
    const last = this.marks.findLast((mark) => mark.message && mark.at <= at);
    return this.marks.findLast((mark) => mark.message && mark.at < last?.at) ??
      { trap: 0, at: 0 };
  }

  /** Now; what had happened later is of another run.  `size`: ROWS;COLUMNS of
   * the terminal, which is told first, if it is not known at this moment; but
   * while keys are a program's, all of them are. */
  type(text, size) {
    const at = this.clock();
    this.log = this.log.filter((typed) => typed.at <= at);
    if (size && size !== this.sizeTold() && !this.isRaw()) {
      text = `\x1b[8;${size}t${text}`;
    }
    if (at < this.last) {
      this.toldAt = at;
      this.toldOutput = this.countOutput;
      this.marks = this.marks.filter((mark) => mark.at <= at);
      this.last = at;
    }
    this.lively = at;
    for (const byte of new TextEncoder().encode(text)) {
      this.log.push({ at, byte });
      this.exports.page_type(byte);
    }
  }

  /** The last size in what was typed; undefined: it was not told. */
  sizeTold() {
    const bytes = Uint8Array.from(this.log, ({ byte }) => byte);
    return [...new TextDecoder("latin1").decode(bytes).matchAll(SIZE)]
      .at(-1)?.[1];
  }

  /** Are keys a program's?  The console says so, and no program can, as long as
   * they are not. */
  isRaw() {
    const said = new TextDecoder().decode(this.bytes(
      this.exports.page_said_bytes(), this.exports.page_said()));
    return said.lastIndexOf(RAW) > said.lastIndexOf(NOT_RAW);
  }

  /** Input for a run that has just begun. */
  play(log) {
    this.log = log.flatMap(({ at, text }) =>
      [...new TextEncoder().encode(text)].map((byte) => ({ at, byte })));
    this.start();
  }

  /** What was typed up to now: [{ at, text }]. */
  typed() {
    const found = [];
    const decoder = new TextDecoder();
    for (const { at, byte } of this.log) {
      if (at > this.clock()) break;
      if (found.at(-1)?.at === at) found.at(-1).bytes.push(byte);
      else found.push({ at, bytes: [byte] });
    }
    return found.map(({ at, bytes }) =>
      ({ at, text: decoder.decode(Uint8Array.from(bytes)) }));
  }

  /** Into a small place of its own, which the next call uses again. */
  note(text) {
    const bytes = new TextEncoder().encode(text);
    const at = this.exports.page_scratch();
    const room = this.exports.page_scratch_bytes();
    new Uint8Array(this.exports.memory.buffer, at, room)
      .set(bytes.subarray(0, room - 1));
    return at;
  }

  /** Bytes of a process's storage; null: there are none. */
  read(process, address, count) {
    const length = this.exports.page_read(process, BigInt(address), count);
    return length < 0 ? null : this.bytes(this.exports.page_text(), length);
  }

  state() { return this.json("page_state"); }

  ask(question, ...words) {
    switch (question) {
    case "windows":
      return this.json("page_windows", words[0], BigInt(words[1]));
    case "way": return this.json("page_way", words[0], BigInt(words[1]));
    case "registers": return this.json("page_registers", words[0]);
    case "log": return this.typed();
    case "hash": return this.hash();
    case "read": {
      const bytes = this.read(words[0], words[1], words[2]);
      return bytes && [...bytes];
    }
    case "program": return programAt(this.files[1], words[1], (at, count) =>
      this.read(words[0], at, count), this.state().processes.find(
      ({ index }) => index === words[0])?.name);
    default: return null;
    }
  }
}

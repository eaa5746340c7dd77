// Follows a lesson on a machine: types what a step types, and runs until what
// it waits for has happened.
//
// A lesson has a `name`, for links; a `chapter`, a `title` and a `text`; a
// `disk`, in bytes, if it needs one; `names` for operations and calls in its
// figures; and steps, each with
//
//   name    what is done, in some words
//   type    what is typed first; of a list each when somebody is to type
//   until   what is waited for, as Machine.run() has it; or { kind: "rest" }:
//           until somebody is to type
//   where   of the events meant by that, one for which this is true, and a Now
//   times   how often; once
//   choose  whom to look at, by path: "s/echo"; tab: where
//   text    what there is to see, and why
//   draw    for a figure of the book, as figures.jsx has it
//   holds   what is true then: words, and a function of a Now
const PORTION = 2e6; // nanoseconds of the machine's clock, in one go
const REST = { kind: "rest" };

/** A word of an event, as a number. */
export const word = (event, number) => Number(event.words[number]);

/** What is true at the moment at which a machine is. */
export class Now {
  constructor(machine, event) {
    this.machine = machine;
    this.event = event; // that was waited for, if it was one
    this.state = machine.state();
    this.buffers = new Map(this.state.buffers.map((b) => [b.index, b]));
    this.byIndex = new Map(this.state.processes.map((p) => [p.index, p]));
  }

  pathOf(index) {
    const p = this.byIndex.get(index);
    return p === undefined ? "" : p.parent === 0 ? p.name
      : `${this.pathOf(p.parent)}/${p.name}`;
  }

  /** By its path; undefined: there is none. */
  process(path) {
    return this.state.processes.find((p) => this.pathOf(p.index) === path);
  }

  get running() { return this.pathOf(this.state.running); }
  get payer() { return this.pathOf(this.state.payer); }

  /** What it has received and not answered; what is in its queue; what it has
   * sent: buffers, with the paths of both. */
  held(path) { return this.messages(this.process(path).held); }
  queue(path) { return this.messages(this.process(path).queue); }
  sent(path) { return this.messages(this.process(path).sent); }

  messages(list) {
    return list.map((index) => {
      const b = this.buffers.get(index);
      return { ...b, from: this.pathOf(b.sender), to: this.pathOf(b.receiver) };
    });
  }

  /** Windows of a process: { page, onto, rights, composed, count }. */
  windows(path) {
    return this.machine.ask("windows", this.process(path).index, 0).windows;
  }

  /** The way of a page, window by window; each with its path. */
  way(path, page) {
    return this.machine.ask("way", this.process(path).index, page)
      .map((step) => ({ ...step, path: this.pathOf(step.process) }));
  }

  registers(path) {
    return this.machine.ask("registers", this.process(path).index);
  }
}

function matches(machine, event, { kind, among = kind, from, to,
                                   event: word = "queued" }) {
  const names = new Map(
    machine.state().processes.map((p) => [p.index, p.name]));
  return event.event === word && (among !== "breaks" || event.break) &&
    (among !== "sent" || !event.break) &&
    (!from || names.get(event.process) === from) &&
    (!to || names.get(event.other) === to);
}

/** Runs until that is so, with a stop after each portion.  Returns the event,
 * or null for rest; undefined: it does not come. */
function* wait(machine, until, where) {
  for (;;) {
    const news = machine.run(machine.clock() + PORTION, until);
    if (news === "stopped") {
      const event = machine.latest.findLast(
        (e) => matches(machine, e, until));
      if (event && where(event, new Now(machine, event))) return event;
    } else if (until.kind === "rest" &&
      (news === "asleep" || machine.isAtRest())) {
      return null;
    } else if (news !== "time") {
      return undefined;
    }
    yield;
  }
}

function* perform(machine,
  { type = [], until, where = () => true, times = 1 }) {
  let event;
  for (const [i, text] of [type].flat().entries()) {
    if (i > 0) yield* wait(machine, REST);
    machine.type(text);
  }
  for (let i = 0; i < times; i++) event = yield* wait(machine, until, where);
  return event;
}

/** Steps `from` to `to` of a lesson, on a machine that has executed nothing if
 * `from` is 0, and is where the step before ended otherwise.  Stops after each
 * portion.  Returns { step, found, seen, event }: the step at which it is,
 * whether what that waits for has come, [words, whether it is true], and the
 * event, if it waits for one. */
export function* follow(machine, lesson, to, from = 0) {
  if (from === 0) yield* wait(machine, REST);
  for (let step = from; ; step++) {
    const { holds = {}, ...wanted } = lesson.steps[step];
    const event = yield* perform(machine, wanted);
    if (event === undefined) return { step, found: false, seen: [] };
    if (step >= to) {
      const now = new Now(machine, event);
      const seen = Object.entries(holds).map(
        ([words, isSo]) => [words, holdsNow(isSo, now)]);
      return { step, found: true, seen, event };
    }
  }
}

/** Who is not there has nothing that is true. */
function holdsNow(isSo, now) {
  try {
    return Boolean(isSo(now));
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

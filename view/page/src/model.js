// What the page knows of a run: where it is now, what is true there, and what
// has happened, as signals.  Sources fill it, views only read it.
import { computed, signal } from "@preact/signals";

export const LIMIT = 200000; // events that are kept

/** "empty", "loading", "paused", "running", "going" to a moment or a step of a
 * lesson, "halted" or "failed". */
export const phase = signal("empty");
/** Where it goes: { to, done, left }: the moment, the part of the way that is
 * behind it, 0 to 1, and the milliseconds that the rest may take; null: nobody
 * knows. */
export const way = signal(null);
export const failure = signal("");
export const notice = signal(""); // what is wrong with the address
/** Nanoseconds of the machine's clock, and the number of the last trap. */
export const moment = signal({ at: 0, trap: 0 });
/** As far as this run has ever been. */
export const farthest = signal({ at: 0, trap: 0 });
/** The nucleus's tables, as view/watch/state.h tells them. */
export const state = signal({ running: 0, payer: 0, idle: 0, firmware: 0,
                              processes: [], buffers: [] });
/** All events so far, in order, also those after `moment`. */
export const events = signal([]);
export const dropped = signal(0); // older ones that are not kept any more
/** The chosen process, by index, and the chosen event. */
export const chosen = signal(1);
export const chosenEvent = signal(null);
/** The tree shows what is in this process; and which are open or folded by
 * hand: index -> open. */
export const zoom = signal(1);
export const folds = signal(new Map());
/** The lesson that is followed: { lesson, step, found, seen, at }; null. */
export const lesson = signal(null);
export const tab = signal("conversations"); // which one is shown
export const speed = signal(0); // instructions a second; 0: as fast as it goes
export const booted = signal(0); // milliseconds that the boot took, once loaded
export const measured = signal(0); // instructions a second, lately

export const isBusy = computed(
  () => phase.value === "running" || phase.value === "going");
export const byIndex = computed(
  () => new Map(state.value.processes.map((p) => [p.index, p])));
export const bufferByIndex = computed(
  () => new Map(state.value.buffers.map((b) => [b.index, b])));
export const children = computed(() => {
  const map = new Map();
  for (const p of state.value.processes) {
    if (!map.has(p.parent)) map.set(p.parent, []);
    map.get(p.parent).push(p);
  }
  for (const list of map.values()) list.sort((a, b) => a.number - b.number);
  return map;
});

const lastNames = new Map(); // of those that are gone, too
const lastParents = new Map();

/** The name of a process, also of one that is gone; the machine's, of 0. */
export function nameOf(index, otherwise = "nobody") {
  return lastNames.get(index) ?? (index ? `#${index}` : otherwise);
}

/** From the root: s/nested/talk. */
export function pathOf(index) {
  const names = [];
  for (let i = index; i; i = byIndex.value.get(i)?.parent ?? 0) {
    names.unshift(nameOf(i));
    if (names.length > 64) break;
  }
  return names.join("/");
}

export const byPath = (path) => state.value.processes.find(
  (p) => pathOf(p.index) === path);

/** The path of a process at its last event, which may be gone since. */
function pathThen(index) {
  const names = [];
  for (let i = index; i && names.length < 64; i = lastParents.get(i) ?? 0) {
    names.unshift(nameOf(i));
  }
  return names.join("/");
}

export function takeState(next) {
  for (const p of next.processes) {
    if (!lastNames.has(p.index)) lastNames.set(p.index, p.name);
    if (!lastParents.has(p.index)) lastParents.set(p.index, p.parent);
  }
  const isThere = (index) => next.processes.some((p) => p.index === index);
  if (next.processes.length && !isThere(zoom.value)) zoom.value = 1;
  state.value = next;
}

/** Events behind `after` are forgotten first: typing in the past begins
 * anew. */
export function takeEvents(more, after = Infinity) {
  let list = events.value;
  if (after !== Infinity) list = list.slice(0, firstAfter(list, after));
  if (more.length) list = list.concat(more);
  for (const e of more) {
    if (e.name) lastNames.set(e.process, e.name);
    if (e.event === "made") lastParents.set(e.process, e.other);
    if (e.text !== undefined) e.path = pathThen(e.process);
    e.names = [nameOf(e.process, externalName(e)),
               nameOf(e.other, externalName(e))];
  }
  if (list.length > LIMIT) {
    dropped.value += list.length - LIMIT;
    list = list.slice(list.length - LIMIT);
  }
  events.value = list;
}

/** Who is meant by process 0. */
function externalName(event) {
  return event.external === undefined ? "nobody"
    : event.external ? `line ${event.external}` : "clock";
}

/** The index of the first event behind that moment. */
export function firstAfter(list, at) {
  let low = 0, high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle].at <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the events have happened at the moment that is shown. */
export const happened = computed(
  () => firstAfter(events.value, moment.value.at));

export function reset() {
  events.value = [];
  dropped.value = 0;
  lastNames.clear();
  lastParents.clear();
  chosen.value = zoom.value = 1;
  folds.value = new Map();
  chosenEvent.value = null;
  lesson.value = null;
  moment.value = farthest.value = { at: 0, trap: 0 };
}

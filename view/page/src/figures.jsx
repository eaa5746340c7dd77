// The drawings of the book: moments of the lessons, drawn as the page draws
// them.
//
// Nothing of a drawing depends on how many instructions something takes, or how
// large the machine is: those change, and what the drawing tells does not.
import { Now, follow } from "./follow.js";
import { LESSONS } from "./lessons/all.js";
import { Machine } from "./machine.js";
import { TalkDrawing } from "./draw/talk.jsx";
import { TreeDrawing } from "./draw/tree.jsx";
import { WayDrawing } from "./draw/way.jsx";
import { externalName } from "./draw/scene.js";
import { toFile } from "./draw/text.js";
import { short } from "./words.js";

export { LESSONS };

const WIDE = 430; // pixels, of a tree
const BAR = 27; // parts into which a bar of claims is divided
const TELLING = new Set(["queued", "answered", "regretted"]);
const COLOURS = `.drawing{--back:#fff}@media (prefers-color-scheme:dark){
.drawing{--text:#e6e8ec;--soft:#a3acb8;--line:#3c424b;--box:#1e2127;
--frame:#191c21;--blue:#8ab8ff;--green:#6fce8b;--red:#ff8f73;--amber:#e5b455;
--tint:#4a3d10;--back:#14161a}}`;

/** Names of processes, also of those that are gone. */
class Names {
  constructor() { this.known = new Map(); }

  take(state, events) {
    for (const p of state.processes) {
      if (!this.known.has(p.index)) this.known.set(p.index, p.name);
    }
    for (const event of events) {
      if (event.name) this.known.set(event.process, event.name);
      event.names = [event.process, event.other].map((index) =>
        this.known.get(index) ?? externalName(event.external ?? 0));
    }
  }
}

function quantised([received, free, given]) {
  if (!received) return [0, 0, 0];
  const parts = (n) => Math.round((BAR * n) / received);
  return [BAR, BAR - parts(received - free), parts(given)];
}

/** The state without times and large numbers. */
const still = (state) => ({ ...state, processes: state.processes.map((p) => ({
  ...p, time: 0, timeBelow: 0, claims: p.claims.map(quantised) })) });

function flightOf(event) {
  if (!event || !TELLING.has(event.event)) return null;
  const end = (index) => index || `external ${event.external ?? 0}`;
  return { from: end(event.process), to: end(event.other), label: short(event),
           kind: event.break && event.event === "queued" ? "break"
             : event.event };
}

function tree(state, { top = "s", chosen }, event, paths) {
  const index = (path) => state.processes.find(
    (p) => paths.get(p.index) === path)?.index;
  const view = { top: index(top), chosen: index(chosen), width: WIDE,
                 isOpen: () => true };
  return TreeDrawing({ state: still(state), flight: flightOf(event), view });
}

function talk(events, { among, last = 12, external }) {
  const list = events.filter((e) => TELLING.has(e.event) &&
    (external || e.external === undefined) &&
    (!among || e.names.every((name) => among.includes(name)))).slice(-last);
  return TalkDrawing({ list, now: list.length, chosen: list.length - 1 });
}

function pathsOf(state) {
  const byIndex = new Map(state.processes.map((p) => [p.index, p]));
  const path = (p) => (p.parent ? `${path(byIndex.get(p.parent))}/${p.name}`
    : p.name);
  return new Map(state.processes.map((p) => [p.index, path(p)]));
}

/** For a file of its own: both themes, no word that only the page needs, and
 * names for what the lesson's programs send and call. */
function file(drawing, title, names) {
  return toFile(drawing)
    .replace(/(operation|call) \d+/g, (all) => names[all] ?? all)
    .replace(/<title>[^<]*<\/title>/g, "")
    .replace(/ (role|aria-[a-z]+|data-[a-z]+)="[^"]*"/g, "")
    .replace("<style>", `<title>${title}</title>\n<style>${COLOURS}`)
    .replace(/(<(g|rect|text|line|path|circle) )/g, "\n$1")
    .replace(/(\d+\.\d)\d+/g, "$1") + "\n";
}

function through(steps) {
  let done;
  while (!(done = steps.next()).done);
  return done.value;
}

/** [{ name, text }]: for each step with `draw`: `what`, a "tree" of all that is
 * in `top`; "talk", the `last` messages, `among` those names, if it is given,
 * and with the clock and interrupt lines if `external`; or the "way" of a
 * `page`.  Code and files are those of a Machine. */
export function figures(code, files) {
  const drawn = [];
  for (const lesson of LESSONS) {
    const machine = new Machine(code, "", files, lesson.disk);
    const names = new Names(), events = [];
    for (const [i, step] of lesson.steps.entries()) {
      const { event } = through(follow(machine, lesson, i, i));
      const state = machine.state(), more = machine.takeEvents();
      names.take(state, more);
      events.push(...more);
      const at = event && events.findLast((e) => e.trap === event.trap &&
        e.event === event.event && e.buffer === event.buffer);
      for (const wanted of [step.draw ?? []].flat()) {
        const drawing = wanted.what === "talk" ? talk(events, wanted)
          : wanted.what === "way" ? WayDrawing({ way: new Now(machine).way(
            step.choose, wanted.page) })
          : tree(state, { chosen: step.choose, ...wanted }, at, pathsOf(state));
        drawn.push({ name: `${lesson.name}-${i + 1}`, text: file(drawing,
          `${lesson.title}: ${step.name}`, lesson.names ?? {}) });
      }
    }
  }
  return drawn;
}

// Taking things away: a trace for Perfetto, the drawings, a link to the
// session.
import { useState } from "preact/hooks";
import * as model from "./model.js";
import { TalkDrawing } from "./draw/talk.jsx";
import { TreeDrawing } from "./draw/tree.jsx";
import { toFile } from "./draw/text.js";
import { isRemote, session } from "./source.js";
import { sentence, time } from "./words.js";
import { lately } from "./talk.jsx";
import { flightOf, lastFlight, view } from "./tree.jsx";
import { toLink } from "./link.js";

const WIDE = 900; // pixels, of the drawing of a tree

function save(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const anchor = Object.assign(document.createElement("a"),
    { href: address, download: name });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/** Chrome's trace format: who ran, as slices; messages, as flows. */
export function chromeTrace(events) {
  const trace = [{ ph: "M", name: "process_name", pid: 1, tid: 0,
                   args: { name: "Kerne" } }];
  const named = new Set(), begun = new Set();
  let running = null;
  const ran = (ts) => running && trace.push({ ph: "X", name: "runs", pid: 1,
    tid: running.process, ts: running.ts, dur: ts - running.ts });
  for (const e of events) {
    for (const [i, index] of [e.process, e.other].entries()) {
      if (e.names && !named.has(index)) {
        named.add(index);
        trace.push({ ph: "M", name: "thread_name", pid: 1, tid: index,
                     args: { name: index ? e.names[i] : "the machine" } });
      }
    }
    const ts = e.at / 1000; // microseconds
    if (e.event === "runs") {
      ran(ts);
      running = e.process ? { process: e.process, ts } : null;
      continue;
    }
    const here = { pid: 1, tid: e.process, ts };
    trace.push({ ph: "i", s: "t", name: sentence(e), ...here });
    const flow = { name: "conversation", cat: "message", id: e.buffer,
                   ...here };
    if (e.event === "queued") {
      begun.add(e.buffer);
      trace.push({ ph: "s", ...flow });
    } else if (e.event === "returned" && begun.delete(e.buffer)) {
      trace.push({ ph: "f", bp: "e", ...flow });
    }
  }
  if (events.length) ran(events.at(-1).at / 1000);
  return JSON.stringify({ traceEvents: trace, displayTimeUnit: "ns" });
}

function drawTree() {
  return toFile(TreeDrawing({ state: model.state.value, view: view(WIDE),
                              flight: flightOf(lastFlight()) }));
}

function drawTalk() {
  const { list, now } = lately(model.events.value, model.happened.value, false);
  return toFile(TalkDrawing({ list, now, chosen: now - 1 }));
}

const SVG = "image/svg+xml";

/** The trace of a stretch; without a choice, all up to the moment. */
function Trace() {
  const events = model.events.value;
  const begin = (events[0]?.at ?? 0) / 1e6, end = model.moment.value.at / 1e6;
  const [from, setFrom] = useState(""), [to, setTo] = useState("");
  const first = from === "" ? begin : Number(from);
  const last = to === "" ? end : Number(to);
  const go = (event) => {
    event.preventDefault();
    save("kerne-trace.json", "application/json", chromeTrace(events.filter(
      (e) => e.at >= first * 1e6 && e.at <= last * 1e6)));
  };
  const field = (label, value, set, otherwise) => (
    <label>{label} <input size={9} inputMode="decimal" value={value}
      placeholder={otherwise.toFixed(3)}
      onInput={(e) => set(e.currentTarget.value.trim())} /></label>);
  return (
    <form onSubmit={go}>
      <b>trace</b>
      {field("from", from, setFrom, begin)}
      {field("to", to, setTo, end)} ms
      <button disabled={!events.length || !(first <= last)}
        title="of this stretch, for ui.perfetto.dev or chrome://tracing">
        save</button>
    </form>
  );
}

export function Export() {
  const link = async () => {
    const { log, disk } = await session();
    const address = toLink(log, model.moment.value.at, disk);
    history.replaceState(null, "", address);
    await navigator.clipboard?.writeText(location.href).catch(() => {});
  };
  const isEmpty = !model.events.value.length;
  return (
    <details class="menu">
      <summary>save</summary>
      <div>
        <Trace />
        <button disabled={isEmpty} title="the boxes, as an SVG file"
          onClick={() => save("kerne-tree.svg", SVG, drawTree())}>
          drawing of the tree</button>
        <button disabled={isEmpty} title="the sequence diagram, as an SVG file"
          onClick={() => save("kerne-talk.svg", SVG, drawTalk())}>
          drawing of the conversations</button>
        <button disabled={isEmpty || isRemote} onClick={link}
          title="an address that leads to this session, at this moment">
          link to {time(model.moment.value.at)}</button>
      </div>
    </details>
  );
}

// Taking things away: a trace for Perfetto, the drawing, a link to the session.
import * as model from "./model.js";
import { inputLog } from "./source.js";
import { sentence } from "./words.js";
import { toLink } from "./link.js";

function save(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const anchor = Object.assign(document.createElement("a"),
    { href: address, download: name });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/** Chrome's trace format: who ran, as slices; messages, as flows. */
export function chromeTrace(events) {
  const trace = [];
  const thread = (index) => index || 0;
  const named = new Set();
  let running = null;
  for (const e of events) {
    for (const [i, index] of [e.process, e.other].entries()) {
      if (e.names && !named.has(index)) {
        named.add(index);
        trace.push({ ph: "M", name: "thread_name", pid: 1, tid: thread(index),
                     args: { name: index ? e.names[i] : "the machine" } });
      }
    }
    const ts = e.at / 1000;
    if (e.event === "runs") {
      if (running) {
        trace.push({ ph: "X", name: "runs", pid: 1, tid: running.process,
                     ts: running.ts, dur: ts - running.ts });
      }
      running = e.process ? { process: e.process, ts } : null;
    } else if (e.buffer) {
      trace.push({ ph: "i", s: "t", name: sentence(e), pid: 1,
                   tid: thread(e.process), ts });
      const phase = { queued: "s", returned: "f" }[e.event];
      if (phase) {
        trace.push({ ph: phase, name: "conversation", cat: "message", pid: 1,
                     id: e.buffer, tid: thread(e.process), ts,
                     ...(phase === "f" ? { bp: "e" } : {}) });
      }
    } else {
      trace.push({ ph: "i", s: "t", name: sentence(e), pid: 1,
                   tid: thread(e.process), ts });
    }
  }
  return JSON.stringify({ traceEvents: trace, displayTimeUnit: "ns" });
}

/** The first drawing of the page with its style in it. */
function drawing() {
  const svg = document.querySelector("svg.talk");
  if (!svg) return null;
  const copy = svg.cloneNode(true);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const style = document.createElementNS("http://www.w3.org/2000/svg", "style");
  style.textContent = "text{font:11px sans-serif}line{stroke:#444}" +
    ".lifeline line{stroke:#bbb}.row{fill:none}.break line{stroke:#c52}";
  copy.prepend(style);
  return new XMLSerializer().serializeToString(copy);
}

export function Export() {
  const link = async () => {
    const log = await inputLog();
    const address = toLink(log, model.moment.value.at);
    history.replaceState(null, "", address);
    await navigator.clipboard?.writeText(location.href).catch(() => {});
  };
  return (
    <span class="export">
      <button disabled={!model.events.value.length} onClick={() =>
        save("kerne-trace.json", "application/json",
          chromeTrace(model.events.value.slice(0, model.happened.value)))}
        title="for ui.perfetto.dev or chrome://tracing">trace</button>
      <button disabled={!model.events.value.length} onClick={() => {
        const text = drawing();
        if (text) save("kerne.svg", "image/svg+xml", text);
      }} title="the sequence diagram, when it is shown">drawing</button>
      <button disabled={!model.events.value.length} onClick={link}
        title="an address that leads to this session, at this moment">link
      </button>
    </span>
  );
}

// The top: what the machine does, and the whole run as a bar.
import { useEffect, useRef, useState } from "preact/hooks";
import * as model from "./model.js";
import * as source from "./source.js";
import { time } from "./words.js";
import { Export } from "./export.jsx";

const COLOURS = { queued: "#3a7bd5", answered: "#3a9a5b", break: "#d0532b",
                  interrupt: "#8a63c9" };

/** What an event is on the bar; null: nothing. */
function tick(event) {
  if (event.break && event.event === "queued") return "break";
  if (event.event === "answered" && !event.process) return "interrupt";
  return event.event === "queued" || event.event === "answered"
    ? event.event : null;
}

function draw(canvas, events, begin, end) {
  const width = canvas.clientWidth, height = canvas.clientHeight;
  const ratio = globalThis.devicePixelRatio || 1;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  const rows = { queued: 0, answered: 1, break: 2, interrupt: 3 };
  const seen = new Set(); // one tick a pixel
  for (const event of events) {
    const kind = tick(event);
    if (!kind) continue;
    const x = Math.floor((width * (event.at - begin)) / (end - begin || 1));
    const key = x * 4 + rows[kind];
    if (seen.has(key)) continue;
    seen.add(key);
    context.fillStyle = COLOURS[kind];
    context.fillRect(x, (rows[kind] * height) / 4 + 1, 1, height / 4 - 1);
  }
}

function Whole() {
  const canvas = useRef(null);
  const events = model.events.value, end = model.farthest.value.at;
  const begin = events[0]?.at ?? 0; // before it only the nucleus begins
  useEffect(() => draw(canvas.current, events, begin, end), [events, end]);
  const at = model.moment.value.at;
  const go = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    source.goTo(Math.round(
      begin + (end - begin) * (event.clientX - box.left) / box.width));
  };
  const key = (event) => {
    const far = (end - begin) / 50;
    if (event.key === "ArrowLeft") source.goTo(Math.max(begin, at - far));
    else if (event.key === "ArrowRight") source.goTo(Math.min(end, at + far));
    else return;
    event.preventDefault();
  };
  return (
    <div class="whole" role="slider" tabIndex={0} aria-label="moment of the run"
      aria-valuemin={begin} aria-valuemax={end} aria-valuenow={at}
      aria-valuetext={time(at)} onClick={go} onKeyDown={key}
      title="from the top: messages, answers, breaks, interrupts; click to go there">
      <canvas ref={canvas} />
      <i style={{ left: `${(100 * (at - begin)) / (end - begin || 1)}%` }} />
    </div>
  );
}

const CONDITIONS = [
  ["sent", "a message is sent"], ["breaks", "somebody breaks"],
  ["waits", "somebody waits longer than"],
];

function Until() {
  const [kind, setKind] = useState("sent");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [longer, setLonger] = useState("10");
  const go = (event) => {
    event.preventDefault();
    source.runUntil({ kind, from, to, longer: Number(longer) * 1e6 });
  };
  return (
    <form class="until" onSubmit={go}>
      <label>run until{" "}
        <select value={kind} onChange={(e) => setKind(e.currentTarget.value)}>
          {CONDITIONS.map(([value, text]) =>
            <option key={value} value={value}>{text}</option>)}
        </select></label>
      <label>{kind === "sent" ? "by" : "who"}{" "}
        <input size={8} value={from} placeholder="anybody"
          onInput={(e) => setFrom(e.currentTarget.value.trim())} /></label>
      {kind === "sent" && <label>to{" "}
        <input size={8} value={to} placeholder="anybody"
          onInput={(e) => setTo(e.currentTarget.value.trim())} /></label>}
      {kind === "waits" && <label><input size={4} value={longer}
        inputMode="decimal"
        onInput={(e) => setLonger(e.currentTarget.value)} /> ms</label>}
      <button disabled={!canStep()}>go</button>
    </form>
  );
}

const canStep = () => model.phase.value === "paused";

const SPEEDS = [[0, "as fast as it goes"], [1e6, "a million a second"],
                [1e5, "100,000 a second"], [1e4, "10,000 a second"],
                [1e3, "1,000 a second"]];

function Controls() {
  const phase = model.phase.value;
  const running = phase === "running";
  const back = canStep() || phase === "halted";
  const step = (what, direction) => () => source.step(what, direction);
  return (
    <div class="controls" role="toolbar" aria-label="the machine">
      <button onClick={() => source.boot()} title="begin from the start">
        boot</button>
      <button disabled={!back || source.isRemote} onClick={step("message", -1)}
        title="one message back">◂◂ message</button>
      <button disabled={!back || source.isRemote} onClick={step("trap", -1)}
        title="one trap back">◂ trap</button>
      <button disabled={!canStep()} onClick={step("trap", 1)}
        title="one trap on">trap ▸</button>
      <button disabled={!canStep()} onClick={step("message", 1)}
        title="to the next message">message ▸▸</button>
      {running
        ? <button onClick={source.pause}>❚❚ pause</button>
        : <button disabled={!canStep()} onClick={source.run}>▸ run</button>}
      {!source.isRemote && <select value={model.speed.value}
        aria-label="speed, in instructions"
        onChange={(e) => {
          model.speed.value = Number(e.currentTarget.value);
          if (running) source.run();
        }}>
        {SPEEDS.map(([value, text]) =>
          <option key={value} value={value}>{text}</option>)}
      </select>}
      <Until />
      <Export />
    </div>
  );
}

function Status() {
  const { at, trap } = model.moment.value, phase = model.phase.value;
  const words = phase === "failed" ? model.failure.value
    : { empty: "off", loading: "loading …", paused: "paused",
        running: "running", halted: "switched off" }[phase];
  return (
    <output class={`status ${phase}`} data-phase={phase}>
      {words}; {time(at)}, trap {trap.toLocaleString("en")},{" "}
      {model.events.value.length.toLocaleString("en")} events
      {model.dropped.value ? ` (${model.dropped.value} older ones dropped)` : ""}
      {running() && model.measured.value
        ? `; ${(model.measured.value / 1e6).toFixed(1)} million/s` : ""}
    </output>
  );
}

const running = () => model.phase.value === "running";

export function Top() {
  return <header><Controls /><Whole /><Status /></header>;
}

// The top: what the machine does, and the whole run as a bar.
import { useEffect, useRef, useState } from "preact/hooks";
import * as model from "./model.js";
import * as source from "./source.js";
import { duration, operationOf, operations, time } from "./words.js";
import { Export } from "./export.jsx";
import { Help } from "./help.jsx";
import { ThemeSwitch, theme } from "./theme.jsx";

const ROWS = [["queued", "messages", "--blue"],
              ["answered", "answers", "--green"], ["break", "breaks", "--red"],
              ["interrupt", "interrupts", "--violet"]];

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
  const style = getComputedStyle(canvas);
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  const row = Object.fromEntries(ROWS.map(([kind], i) => [kind, i]));
  const colour = ROWS.map(([, , name], i) => {
    canvas.style.color = `var(${name})`; // as a colour that a canvas knows
    const found = style.color;
    canvas.style.color = "";
    return i < 4 && found;
  });
  const seen = new Set(); // one tick a pixel
  for (const event of events) {
    const kind = tick(event);
    if (!kind) continue;
    const part = (event.at - begin) / (end - begin || 1);
    const x = Math.floor((width - 2) * part);
    const key = x * ROWS.length + row[kind];
    if (seen.has(key)) continue;
    seen.add(key);
    context.fillStyle = colour[row[kind]];
    context.fillRect(x, (row[kind] * height) / ROWS.length + 1, 2,
      height / ROWS.length - 2);
  }
}

function Whole() {
  const canvas = useRef(null);
  const events = model.events.value, end = model.farthest.value.at;
  const begin = events[0]?.at ?? 0; // before it only the nucleus begins
  useEffect(() => draw(canvas.current, events, begin, end),
    [events, end, theme.value]);
  const at = model.moment.value.at;
  const [pointed, setPointed] = useState(null); // a moment
  const under = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.round(
      begin + (end - begin) * (event.clientX - box.left) / box.width);
  };
  const key = (event) => {
    const far = (end - begin) / 50;
    const to = { ArrowLeft: Math.max(begin, at - far), Home: begin, End: end,
                 ArrowRight: Math.min(end, at + far) }[event.key];
    if (to === undefined) return;
    source.goTo(Math.round(to));
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="run">
      <div class="rows" aria-hidden="true">{ROWS.map(([kind, word, name]) =>
        <span key={kind} style={{ color: `var(${name})` }}>{word}</span>)}</div>
      <div class="whole" role="slider" tabIndex={source.isRemote ? -1 : 0}
        aria-label="moment of the run" aria-valuemin={begin} aria-valuemax={end}
        aria-valuenow={at} aria-valuetext={time(at)}
        onClick={(event) => source.goTo(under(event))} onKeyDown={key}
        onMouseMove={(event) => setPointed(under(event))}
        onMouseLeave={() => setPointed(null)}
        title="the whole run; click to be there">
        <canvas ref={canvas} />
        <i style={{ left: `${(100 * (at - begin)) / (end - begin || 1)}%` }} />
        {pointed !== null && <span>{time(pointed)}</span>}
      </div>
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
  const [what, setWhat] = useState("");
  const names = [...new Set(model.state.value.processes.filter((p) => !p.pseudo)
    .map((p) => p.name))].slice(0, 100);
  const go = (event) => {
    event.preventDefault();
    const isSent = kind === "sent";
    source.runUntil({ kind, from, to: isSent ? to : "",
                      longer: Number(longer) * 1e6,
                      operation: isSent && what ? operationOf(what) : -1 });
  };
  const who = (label, value, set) => (
    <label>{label}{" "}
      <input size={10} value={value} placeholder="anybody" list="names"
        onInput={(e) => set(e.currentTarget.value.trim())} /></label>);
  return (
    <form class="until" onSubmit={go} aria-label="breakpoint">
      <datalist id="names">{names.map((name) =>
        <option key={name} value={name} />)}</datalist>
      <label>run until{" "}
        <select value={kind} onChange={(e) => setKind(e.currentTarget.value)}>
          {CONDITIONS.map(([value, text]) =>
            <option key={value} value={value}>{text}</option>)}
        </select></label>
      {kind === "sent" && <>
        <datalist id="operations">{operations.map((name) =>
          <option key={name} value={name} />)}</datalist>
        <input size={8} value={what} placeholder="any" list="operations"
          aria-label="its operation, by name or number"
          onInput={(e) => {
            const text = e.currentTarget.value.trim();
            setWhat(text);
            e.currentTarget.setCustomValidity(
              text && operationOf(text) === undefined
                ? "no operation is called so; its number will do" : "");
          }} /></>}
      {who(kind === "sent" ? "by" : "who", from, setFrom)}
      {kind === "sent" && who("to", to, setTo)}
      {kind === "waits" && <label><input size={4} value={longer} required
        inputMode="decimal" aria-label="milliseconds" pattern="\d{1,9}(\.\d+)?"
        onInput={(e) => setLonger(e.currentTarget.value.trim())} /> ms</label>}
      <button disabled={!canStep() || source.isRemote}
        title="run until that happens">go</button>
    </form>
  );
}

const canStep = () => model.phase.value === "paused";
const canGoBack = () => canStep() || model.phase.value === "halted";

const SPEEDS = [[0, "full speed"], [1e6, "1,000,000/s"], [1e5, "100,000/s"],
                [1e4, "10,000/s"], [1e3, "1,000/s"]];

/** By name, also for keys: what can be done with the machine now. */
export const ACTS = {
  boot: { can: () => !source.isRemote, does: () => source.boot() },
  messageBack: { can: () => canGoBack() && !source.isRemote,
                 does: () => source.step("message", -1) },
  trapBack: { can: () => canGoBack() && !source.isRemote,
              does: () => source.step("trap", -1) },
  trapOn: { can: () => canStep() && !source.isRemote,
            does: () => source.step("trap", 1) },
  messageOn: { can: () => canStep() && !source.isRemote,
               does: () => source.step("message", 1) },
  run: { can: canStep, does: () => source.run() },
  pause: { can: () => model.isBusy.value,
           does: () => source.pause() },
};

export function act(name) {
  if (ACTS[name].can()) ACTS[name].does();
}

function Act({ name, title, children }) {
  return <button disabled={!ACTS[name].can()} onClick={() => act(name)}
    title={title}>{children}</button>;
}

function Controls() {
  const running = model.phase.value === "running";
  return (
    <div class="controls" role="toolbar" aria-label="the machine">
      <Act name="boot" title="begin from the start">boot</Act>
      <span class="group">
        <Act name="messageBack" title="one message back">◂◂ message</Act>
        <Act name="trapBack" title="one trap back">◂ trap</Act>
        {model.isBusy.value
          ? <Act name="pause" title="stop here">❚❚ pause</Act>
          : <Act name="run" title="run on">▶ run</Act>}
        <Act name="trapOn" title="one trap on">trap ▸</Act>
        <Act name="messageOn" title="to the next message">message ▸▸</Act>
      </span>
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
      <span class="end"><Export /><ThemeSwitch /><Help /></span>
    </div>
  );
}

function Status() {
  const { at, trap } = model.moment.value, phase = model.phase.value;
  const words = phase === "failed" ? model.failure.value
    : { empty: "off", loading: "loading …", paused: "❚❚ paused",
        running: "▶ running", going: "▸▸ on the way",
        halted: "■ switched off" }[phase];
  const count = model.events.value.length.toLocaleString("en");
  return (
    <output class={`status ${phase}`} data-phase={phase}>
      <b>{words}</b> at {time(at)}, trap {trap.toLocaleString("en")};{" "}
      {count} events{model.dropped.value
        ? ` (${model.dropped.value} older ones dropped)` : ""}
      {model.isBusy.value && model.measured.value
        ? `; ${(model.measured.value / 1e6).toFixed(1)} million/s` : ""}
    </output>
  );
}

/** How far it is, to where somebody wants to be; and a way to be here. */
function Way() {
  const way = model.way.value;
  if (!way) return null;
  return (
    <p class="way-there">
      <label>to {time(way.to)}{" "}
        <progress max="1" value={way.done} /></label>{" "}
      {(100 * way.done).toFixed(1)} %, about {duration(way.left)} more{" "}
      <button onClick={() => act("pause")} title="end the way here">
        stay here</button>
    </p>
  );
}

export function Top() {
  return (
    <header>
      <Controls /><Whole /><Status /><Way />
      {model.notice.value &&
        <p class="notice" role="alert">{model.notice.value}</p>}
    </header>
  );
}

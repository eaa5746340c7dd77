// The tree of processes as nested boxes.
import { useState } from "preact/hooks";
import * as model from "./model.js";

const CLAIMS = ["buffers", "processes", "tables"];
const FOLDED = 24; // more children than these are folded at first

/** What a process does, as a word, a sign and a style. */
export function condition(p) {
  if (p.pseudo) return ["stands for another", "▫", "pseudo"];
  if (p.dying) return ["is being removed", "✕", "dying"];
  if (p.index === model.state.value.running) return ["running", "▶", "running"];
  if (p.stopped) return ["stopped", "■", "stopped"];
  if (p.wait === "break") return ["is in a break", "⚠", "broken"];
  if (p.wait === "not") return ["ready", "▷", "ready"];
  return [`waits for ${p.wait === "event" ? "an event"
    : p.wait === "answer" ? "an answer" : "a message"}`, "…", "waits"];
}

function Bar({ kind, claim }) {
  const [received, free, given] = claim;
  if (!received) return null;
  const used = received - free - given;
  const part = (n) => `${(100 * n) / received}%`;
  const text = `${CLAIMS[kind]}: ${used} used, ${given} given, ${free} free ` +
    `of ${received}`;
  return (
    <span class="bar" title={text} role="img" aria-label={text}>
      <i class="used" style={{ width: part(used) }} />
      <i class="given" style={{ width: part(given) }} />
    </span>
  );
}

function Envelopes({ list, kind }) {
  if (!list.length) return null;
  const shown = list.slice(0, 6);
  return (
    <span class={`envelopes ${kind}`}
      title={`${list.length} ${kind === "queue" ? "in its queue" : "in hand"}`}>
      {shown.map((index) => {
        const b = model.bufferByIndex.value.get(index);
        return <b key={index}>{b?.isBreak ? "⚠" : b?.state === "answered"
          ? "✓" : "✉"}</b>;
      })}
      {list.length > shown.length ? `+${list.length - shown.length}` : ""}
    </span>
  );
}

function Box({ p, zoomed }) {
  const below = model.children.value.get(p.index) ?? [];
  const [open, setOpen] = useState(null);
  const isOpen = open ?? (zoomed || p.depth < 3 && below.length <= FOLDED);
  const [words, sign, style] = condition(p);
  const chosen = model.chosen.value === p.index;
  const pays = model.state.value.payer === p.index;
  return (
    <div class={`box ${style}${chosen ? " chosen" : ""}${pays ? " pays" : ""}`}
      data-process={p.index}>
      <div class="head">
        <button class="name" onClick={() => (model.chosen.value = p.index)}
          aria-pressed={chosen} title={`${model.pathOf(p.index)}: ${words}`}>
          <span class="sign" aria-hidden="true">{sign}</span>{p.name}
        </button>
        <span class="does">{words}{pays ? ", pays" : ""}</span>
        <Envelopes list={p.queue} kind="queue" />
        <Envelopes list={p.held} kind="held" />
        {!p.pseudo && <span class="bars">
          {p.claims.map((claim, kind) =>
            <Bar key={kind} kind={kind} claim={claim} />)}
        </span>}
        {below.length > 0 &&
          <button class="fold" onClick={() => setOpen(!isOpen)}
            aria-expanded={isOpen}
            title={isOpen ? "fold" : `show ${below.length} inside`}>
            {isOpen ? "−" : `+${below.length}`}</button>}
      </div>
      {isOpen && below.length > 0 &&
        <div class="inside">{below.map((child) =>
          <Box key={child.index} p={child} />)}</div>}
    </div>
  );
}

/** The event that is shown last, if it goes from one process to another. */
function Flight() {
  const last = model.events.value[model.happened.value - 1];
  if (!last?.buffer || !last.names) return null;
  return <p class="flight" aria-live="polite">
    <b>{last.names[0]}</b> {last.event === "queued" ? "→" : "⇢"}{" "}
    <b>{last.names[1]}</b>: {last.break ? "break " : ""}{last.event}</p>;
}

export function Tree() {
  const [zoom, setZoom] = useState(0);
  const top = model.byIndex.value.get(zoom) ?? model.byIndex.value.get(1);
  if (!top) return <p class="hint">Boot the machine to see its processes.</p>;
  return (
    <section class="tree" aria-label="the tree of processes">
      <div class="tools">
        <button disabled={!zoom} onClick={() => setZoom(0)}>whole tree</button>
        <button disabled={model.chosen.value === (zoom || 1)}
          onClick={() => setZoom(model.chosen.value)}>
          zoom into {model.nameOf(model.chosen.value)}</button>
        <Flight />
      </div>
      <Box key={top.index} p={top} zoomed />
    </section>
  );
}

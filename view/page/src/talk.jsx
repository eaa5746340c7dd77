// Conversations as a sequence diagram: who said what to whom, downwards.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import * as model from "./model.js";
import { sentence, time } from "./words.js";
import { goTo } from "./source.js";

const SHOWN = 60; // events in the diagram
const COLUMN = 130, ROW = 22, TOP = 34;
const TELLING = new Set(["queued", "answered", "regretted"]);

/** The last conversations before the moment, perhaps without those with the
 * clock and interrupt lines. */
export function lately(events, end, count, external) {
  const found = [];
  for (let i = end - 1; i >= 0 && found.length < count; i--) {
    if (TELLING.has(events[i].event) &&
        (external || events[i].external === undefined)) {
      found.unshift(events[i]);
    }
  }
  return found;
}

function Arrow({ event, y, column }) {
  const from = column(event.names[0]), to = column(event.names[1]);
  const chosen = model.chosenEvent.value === event;
  const kind = event.break ? "break" : event.event;
  const far = from === to ? from + 30 : to;
  return (
    <g class={`arrow ${kind}${chosen ? " chosen" : ""}`} tabIndex={0}
      role="button" aria-label={`${time(event.at)}: ${sentence(event)}`}
      onClick={() => choose(event)}
      onKeyDown={(e) => (e.key === "Enter" || e.key === " ") && choose(event)}>
      <title>{`${time(event.at)}: ${sentence(event)}`}</title>
      <rect x={0} y={y - ROW / 2} width="100%" height={ROW} class="row" />
      <line x1={from} y1={y} x2={far} y2={y}
        stroke-dasharray={event.event === "answered" ? "5 3" : null}
        marker-end="url(#head)" />
      <text x={(from + far) / 2} y={y - 4} text-anchor="middle">
        {label(event)}</text>
    </g>
  );
}

function label(event) {
  if (event.break) return event.event === "queued" ? "⚠ break" : "go on";
  if (event.event === "regretted") return "regret";
  if (event.event === "answered" && !event.numbers[0]) return "answer";
  return sentence(event).replace(/^\S+ (sends |answers \S+: )/, "")
    .replace(/ to \S+$/, "").replace(/, with an area.*/, " +area");
}

function choose(event) {
  model.chosenEvent.value = event;
  goTo(event.at);
}

function Diagram({ list }) {
  const names = [...new Set(list.flatMap((event) => event.names))];
  const column = (name) => COLUMN * (names.indexOf(name) + 0.5);
  const height = TOP + ROW * (list.length + 1);
  return (
    <svg class="talk" width={COLUMN * names.length} height={height}
      role="group" aria-label="conversations, the latest at the bottom">
      <defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4"
        markerWidth="7" markerHeight="7" orient="auto-start-reverse">
        <path d="M0 0 8 4 0 8z" /></marker></defs>
      {names.map((name) => <g key={name} class="lifeline">
        <text x={column(name)} y={18} text-anchor="middle">{name}</text>
        <line x1={column(name)} y1={TOP - 8} x2={column(name)} y2={height} />
      </g>)}
      {list.map((event, i) => <Arrow key={`${event.trap}.${i}`} event={event}
        y={TOP + ROW * (i + 1)} column={column} />)}
    </svg>
  );
}

export function Talk() {
  const [external, setExternal] = useState(false);
  const end = useRef(null);
  const list = lately(model.events.value, model.happened.value, SHOWN,
    external);
  const last = list.at(-1);
  useLayoutEffect(() => end.current?.scrollIntoView({ block: "end" }), [last]);
  return (
    <>
      <label><input type="checkbox" checked={external}
        onChange={(e) => setExternal(e.currentTarget.checked)} />
        {" "}also with the clock and interrupt lines</label>
      {list.length ? <Diagram list={list} />
        : <p class="hint">No message has been sent yet.</p>}
      <div ref={end} />
    </>
  );
}

// Draws conversations as a sequence diagram: downwards, who says what to whom.
import { STYLE } from "./style.js";
import { tip } from "./scene.js";
import { sentence, short, time } from "../words.js";

export const ROW = 22, TOP = 30;
const WIDE = 124, NARROW = 60; // columns

/** The names on top, each with where its line is; in a drawing that is so wide,
 * if that is possible. */
export function columns(list, width = 0) {
  const names = [...new Set(list.flatMap((event) => event.names))];
  const isOutside = (name) => /^(clock|line ?\d+|nobody)$/.test(name);
  names.sort((a, b) => isOutside(a) - isOutside(b));
  const column = Math.min(Math.max(width / names.length, NARROW), WIDE);
  return new Map(names.map((name, i) => [name, column * (i + 0.5)]));
}

/** How wide a drawing with these columns is: the first is half of one wide. */
export const widthOf = (places) =>
  2 * places.size * ([...places.values()][0] ?? 0);

export function Names({ places, height }) {
  return [...places].map(([name, x]) => <g key={name} class="lifeline">
    <text x={x} y={18} text-anchor="middle">{name}</text>
    <line x1={x} y1={TOP - 6} x2={x} y2={height} /></g>);
}

function Arrow({ event, y, places, width, chosen, later, number }) {
  const from = places.get(event.names[0]), to = places.get(event.names[1]);
  const kind = event.break && event.event === "queued" ? "break" : event.event;
  const told = `${time(event.at)}: ${sentence(event)}`;
  const end = from === to ? from + 34 : to;
  return (
    <g class={`arrow ${kind}${chosen ? " chosen" : ""}${later ? " later" : ""}`}
      role="option" aria-selected={chosen ? "true" : "false"} aria-label={told}
      tabindex={chosen ? 0 : -1} data-event={number}
      transform={`translate(0 ${y})`}>
      <title>{told}</title>
      <rect x={0} y={6 - ROW} width={width} height={ROW} class="row" />
      <path d={`M${from} 0H${end - 6 * Math.sign(end - from)}`} />
      <path class="tip" d={tip([from, 0], [end, 0])} />
      <text class="halo" x={(from + end) / 2} y={-4} text-anchor="middle">
        {short(event)}</text>
    </g>
  );
}

/** list: events that are a part of a conversation, each with `names`; those
 * from number `now` on come later.  head: with the names on top. */
export function TalkDrawing(
  { list, now, chosen, head = true, places, ...rest }) {
  const at = places ?? columns(list, WIDE * 99);
  const top = head ? TOP : 0;
  const width = widthOf(at), height = top + ROW * (list.length + 1);
  return (
    <svg class="drawing talk" width={width} height={height}
      viewBox={`0 0 ${width} ${height}`} role="listbox"
      aria-label="conversations, the latest at the bottom" {...rest}>
      <style>{STYLE}</style>
      {head ? <Names places={at} height={height} />
        : [...at].map(([name, x]) => <g key={name} class="lifeline">
          <line x1={x} y1={0} x2={x} y2={height} /></g>)}
      {list.map((event, i) => <Arrow key={`${event.trap}.${event.buffer}.${
        event.event}`} event={event} y={top + ROW * (i + 1)} places={at}
        width={width} chosen={i === chosen} later={i >= now} number={i} />)}
      {now > 0 && now < list.length && <line class="now" x1={0} x2={width}
        y1={top + ROW * now + 7} y2={top + ROW * now + 7} />}
    </svg>
  );
}

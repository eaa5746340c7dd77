// Who ran and who paid, over time; and the table of claims, which adds up.
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import * as model from "./model.js";
import { theme } from "./theme.jsx";
import { time } from "./words.js";

const MOST = 2000; // changes that the rows show
const STRETCHES = [[1e5, "0.1 ms"], [1e6, "1 ms"], [1e7, "10 ms"],
                   [1e8, "100 ms"], [Infinity, "all of it"]];
const NARROW = 0.06; // a part of a row in which no name fits

/** [{ from, to, process }] of one kind of event, from a moment up to that which
 * is shown; process 0: nobody. */
export function stretches(events, end, kind, from) {
  const found = [];
  let to = model.moment.value.at;
  for (let i = end - 1; i >= 0 && found.length < MOST && to > from; i--) {
    if (events[i].event !== kind) continue;
    if (found[0]?.process === events[i].process) found[0].from = events[i].at;
    else found.unshift({ from: events[i].at, to, process: events[i].process });
    to = events[i].at;
  }
  return found;
}

/** A colour that stays with a process; text on it is black. */
export const hue = (process) => `hsl(${(process * 137) % 360} 65% 72%)`;

function Row({ title, list, from, to }) {
  const part = (time) => Math.max(time - from, 0) / (to - from || 1);
  return (
    <div class="stretches"><span>{title}</span><div>
      {list.map((s) => {
        const name = s.process ? model.nameOf(s.process) : "idle";
        const left = part(s.from), width = part(s.to) - left;
        return <i key={s.from} title={`${name}: ${time(s.to - s.from)}`}
          class={s.process ? "" : "idle"}
          style={{ left: `${100 * left}%`, width: `${100 * width}%`,
                   ...s.process ? { background: hue(s.process), color: "#000" }
                     : {} }}>
          {width > NARROW ? name : ""}</i>;
      })}
    </div></div>
  );
}

function Rates() {
  const at = useRef(null);
  const events = model.events.value, end = model.happened.value;
  useEffect(() => {
    if (!at.current || end < 2) return undefined;
    const last = events[end - 1].at, first = events[0].at;
    const step = Math.max((last - first) / 200, 1);
    const times = Array.from({ length: 200 }, (_, i) =>
      (first + i * step) / 1e6);
    const counts = { queued: new Array(200).fill(0),
                     break: new Array(200).fill(0) };
    for (let i = 0; i < end; i++) {
      const slot = Math.min(199, Math.floor((events[i].at - first) / step));
      if (events[i].event === "queued") {
        counts[events[i].break ? "break" : "queued"][slot]++;
      }
    }
    const own = (name) => {
      at.current.style.color = name && `var(${name})`;
      return getComputedStyle(at.current).color;
    };
    const colour = own("");
    const plot = new uPlot({
      width: at.current.clientWidth || 500, height: 110,
      legend: { show: false }, cursor: { show: false },
      scales: { x: { time: false } },
      axes: [{ stroke: colour, size: 26, values: (_, list) =>
        list.map((value) => `${value} ms`) }, { stroke: colour, size: 34 }],
      series: [{}, { stroke: own("--blue") },
               { stroke: own("--red"), dash: [4, 3], width: 2 }],
    }, [times, counts.queued, counts.break], at.current);
    return () => plot.destroy();
  }, [end, theme.value]);
  return <div ref={at} class="plot" role="img"
    aria-label="messages and breaks over time" />;
}

function Claims() {
  const list = model.state.value.processes.filter((p) => !p.pseudo);
  const root = list.find((p) => p.index === 1);
  if (!root) return null;
  const names = ["buffers", "processes", "tables"];
  const sum = (kind) => list.reduce((total, p) => {
    const [received, free, given] = p.claims[kind];
    return total + (received - given);
  }, 0);
  return (
    <table class="claims">
      <caption>Claims: used / given to children / free</caption>
      <thead><tr><th>process</th>{names.map((n) => <th key={n}>{n}</th>)}
        <th>own time</th><th>with all below</th></tr></thead>
      <tbody>{list.map((p) => <tr key={p.index}
        class={model.chosen.value === p.index ? "chosen" : ""}>
        <td style={{ paddingLeft: `${p.depth}em` }}>
          <button onClick={() => (model.chosen.value = p.index)}>{p.name}
          </button></td>
        {p.claims.map(([received, free, given], kind) => <td key={kind}>
          {received - free - given} / {given} / {free}</td>)}
        <td>{time(100 * p.time)}</td><td>{time(100 * p.timeBelow)}</td>
      </tr>)}</tbody>
      <tfoot><tr><th>all own</th>{names.map((n, kind) => <td key={n}>
        {sum(kind)} of {root.claims[kind][0]}
        {sum(kind) === root.claims[kind][0] ? " ✓" : " ✗"}</td>)}
        <td colSpan={2}>idle {time(100 * model.state.value.idle)}, firmware{" "}
          {time(100 * model.state.value.firmware)}</td></tr></tfoot>
    </table>
  );
}

export function Accounts() {
  const [far, setFar] = useState(1e6);
  const events = model.events.value, end = model.happened.value;
  const to = model.moment.value.at;
  const first = Math.max(to - far, events[0]?.at ?? 0);
  const ran = stretches(events, end, "runs", first);
  const paid = stretches(events, end, "pays", first);
  const from = Math.max(first,
    Math.min(ran[0]?.from ?? to, paid[0]?.from ?? to));
  return (
    <div class="scroll accounts">
      <h4>Who ran and who paid, from {time(from)} to {time(to)}
        <select value={far} aria-label="how much time is shown"
          onChange={(e) => setFar(Number(e.currentTarget.value))}>
          {STRETCHES.map(([value, text]) =>
            <option key={text} value={value}>{text}</option>)}</select></h4>
      <Row title="ran" list={ran} from={from} to={to} />
      <Row title="paid" list={paid} from={from} to={to} />
      <h4>Messages (line) and breaks (dashed), of the whole run up to now</h4>
      <Rates />
      <Claims />
    </div>
  );
}

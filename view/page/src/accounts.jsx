// Who ran and who paid, over time; and the table of claims, which adds up.
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import * as model from "./model.js";
import { time } from "./words.js";

const STRETCH = 400; // changes that the rows show

/** [{ from, to, process }] of one kind of event, up to the moment. */
export function stretches(events, end, kind) {
  const found = [];
  let to = model.moment.value.at;
  for (let i = end - 1; i >= 0 && found.length < STRETCH; i--) {
    if (events[i].event !== kind) continue;
    found.unshift({ from: events[i].at, to, process: events[i].process });
    to = events[i].at;
  }
  return found;
}

/** A colour that stays with a process. */
export const hue = (process) => `hsl(${(process * 137) % 360} 55% 55%)`;

function Row({ title, list, from, to }) {
  const place = (at) => `${(100 * Math.max(at - from, 0)) / (to - from || 1)}%`;
  return (
    <div class="stretches"><span>{title}</span><div>
      {list.filter((s) => s.to > from && s.process).map((s) =>
        <i key={s.from} title={`${model.nameOf(s.process)}: ` +
          `${time(s.to - s.from)}`}
          style={{ left: place(s.from), background: hue(s.process),
                   width: `calc(${place(s.to)} - ${place(s.from)})` }}>
          {model.nameOf(s.process)}</i>)}
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
    const colour = getComputedStyle(at.current).color;
    const plot = new uPlot({
      width: at.current.clientWidth || 500, height: 150,
      scales: { x: { time: false } },
      axes: [{ stroke: colour, label: "ms" }, { stroke: colour }],
      series: [{ label: "ms" }, { label: "messages", stroke: "#38b" },
               { label: "breaks", stroke: "#c52", dash: [4, 3] }],
    }, [times, counts.queued, counts.break], at.current);
    return () => plot.destroy();
  }, [end]);
  return <div ref={at} class="plot" />;
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
  const events = model.events.value, end = model.happened.value;
  const ran = stretches(events, end, "runs");
  const paid = stretches(events, end, "pays");
  const from = Math.max(ran[0]?.from ?? 0, paid[0]?.from ?? 0);
  const to = model.moment.value.at;
  return (
    <div class="scroll accounts">
      <h4>From {time(from)} to {time(to)}</h4>
      <Row title="ran" list={ran} from={from} to={to} />
      <Row title="paid" list={paid} from={from} to={to} />
      <Rates />
      <Claims />
    </div>
  );
}

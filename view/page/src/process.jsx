// One process: where it is in its program, what it sees, what it waits for, its
// registers.
import * as model from "./model.js";
import { useAsked } from "./asked.js";
import { condition } from "./tree.jsx";
import { serverOf, externalName } from "./draw/scene.js";
import { registers, sourceOf } from "./source.js";
import { REGISTERS, hex, message, breakName, time } from "./words.js";

const AROUND = 4; // lines before and behind that of the program counter
const FEW_AROUND = 1; // in the library

/** The names that a process sees, nearest first: (up, number, name), and
 * whether a nearer one of that name hides it, or its horizon does. */
export function display(p) {
  const rows = [], seen = new Set();
  let above = p;
  for (let up = 0; above && up <= p.depth; up++) {
    for (const child of model.children.value.get(above.index) ?? []) {
      const beyond = above.depth < p.depth - p.horizon;
      rows.push({ up, child, hidden: !beyond && seen.has(child.name), beyond });
      if (!beyond) seen.add(child.name);
    }
    above = model.byIndex.value.get(above.parent);
  }
  return rows;
}

function Display({ p }) {
  const rows = display(p);
  if (!rows.length) return <p class="hint">It sees nobody but its parent.</p>;
  return (
    <table class="display">
      <caption>Names that it sees, by (level up, number there)</caption>
      <tbody>{rows.slice(0, 200).map(({ up, child, hidden, beyond }) =>
        <tr key={child.index}
          class={beyond ? "beyond" : hidden ? "hidden" : ""}>
          <td><code>({up}, {child.number})</code></td>
          <td>{hidden ? <s>{child.name}</s> : child.name}
            {child.pseudo ? " ◇" : ""}</td>
          <td>{beyond ? "⊘ beyond its horizon"
            : hidden ? "hidden by a nearer one" : ""}</td></tr>)}</tbody>
    </table>
  );
}

function Registers({ values }) {
  return (
    <table class="registers">
      <caption>Registers</caption>
      <tbody>{[0, 4, 8, 12, 16, 20, 24, 28].map((row) => <tr key={row}>
        {values.slice(row, row + 4).map((value, i) => <td key={i}>
          <span>{REGISTERS[row + i]}</span> <code>{value}</code></td>)}
      </tr>)}</tbody>
    </table>
  );
}

function Lines({ words, place, around }) {
  const { path, line, inside, lines } = place;
  const first = Math.max(line - around, 1);
  return (
    <figure class="source">
      <figcaption>{words} {path}{line ? `, line ${line}` : ""}
        {inside ? `; there in ${inside}` : ""}</figcaption>
      {lines && <pre>{lines.slice(first - 1, line + around).map((text, i) =>
        <span key={i} class={first + i === line ? "here" : ""}>
          {first + i === line ? "▸" : " "}{String(first + i).padStart(4)}{" "}
          {text}{"\n"}</span>)}</pre>}
    </figure>
  );
}

function Source({ p, values }) {
  const found = useAsked(() => sourceOf(p.index, values), p.index, values[0]);
  if (found === undefined) return <figure class="source empty" />;
  if (!found) return <p class="hint">Its program counter is {values[0]}; that is
    in no program of this image, or its page is not there.</p>;
  const { program, place, caller } = found;
  return (
    <>
      <Lines words={`${program}:`} place={place}
        around={caller ? FEW_AROUND : AROUND} />
      {caller && <Lines words="called from" place={caller} around={AROUND} />}
    </>
  );
}

function whatOf(b) {
  if (b.isBreak) return `break: ${breakName(b.words)}`;
  if (!b.receiver) return "a message";
  return b.state === "answered" ? "answer" : message(b.words).name;
}

function Buffers({ title, list }) {
  const told = list.map((index) => model.bufferByIndex.value.get(index))
    .filter(Boolean);
  return (
    <div class="buffers"><h4>{title}</h4>
      {told.length ? <ol>{told.map((b) => <li key={b.index}>
        {whatOf(b)}, of {model.nameOf(b.sender)} to{" "}
        {b.receiver ? model.nameOf(b.receiver) : externalName(b.external)}:{" "}
        {b.state}{b.regretted ? ", nobody wants the answer" : ""}</li>)}</ol>
        : <p class="hint">nothing</p>}
    </div>
  );
}

/** What it waits for, in words. */
function waitingFor(p) {
  const b = model.bufferByIndex.value.get(p.waitFor);
  if (!b || (p.wait !== "answer" && p.wait !== "break")) return "";
  const whom = b.receiver ? model.nameOf(b.receiver)
    : b.state === "queued" || b.state === "received" ? externalName(b.external)
      : "the nucleus";
  return p.wait === "break" ? `, told to ${whom}: ${breakName(b.words)}`
    : ` of ${whom}`;
}

function Stands({ p }) {
  const server = serverOf(p, model.byIndex.value, model.children.value);
  return <p>It is a name that {model.nameOf(p.parent)} has declared: child{" "}
    {p.number} of it. Messages to it go to <b>{!server ? "nobody"
      : server.external === undefined ? model.nameOf(server.process)
        : externalName(server.external)}</b>.</p>;
}

export function Process() {
  const p = model.byIndex.value.get(model.chosen.value);
  const values = useAsked(() => (p && !p.pseudo ? registers(p.index)
    : Promise.resolve(null)), p?.index);
  if (!p) return <p class="hint">Choose a process in the tree.</p>;
  if (p.pseudo) {
    return <div class="scroll process"><h3>{model.pathOf(p.index)}</h3>
      <Stands p={p} /></div>;
  }
  const [words, sign] = condition(p);
  const whole = model.byIndex.value.get(1)?.timeBelow || 1;
  return (
    <div class="scroll process">
      <h3>{model.pathOf(p.index)}</h3>
      <p class="state"><b>{sign} {words}{waitingFor(p)}</b></p>
      <dl>
        <div><dt>place</dt><dd>{p.parent ? `child ${p.number} of ` +
          model.nameOf(p.parent) : "the root"}, depth {p.depth}</dd></div>
        <div><dt>horizon</dt><dd>{p.horizon} level{
          p.horizon === 1 ? "" : "s"} out</dd></div>
        <div><dt>mask</dt><dd><code>{hex(p.mask)}</code></dd></div>
        <div><dt>storage</dt><dd>{p.index === 1 ? "all of the machine's"
          : `${p.pages} pages`}</dd></div>
        <div><dt>share, credit</dt><dd>{p.share},{" "}
          {time(100 * p.credit)}</dd></div>
        <div><dt>has paid</dt><dd>{time(100 * p.time)}, with all below{" "}
          {time(100 * p.timeBelow)}{" "}
          ({(100 * p.timeBelow / whole).toFixed(1)} %)</dd></div>
      </dl>
      {values && <Source p={p} values={values} />}
      <div class="columns">
        <Buffers title="Its queue" list={p.queue} />
        <Buffers title="In hand: received, not answered" list={p.held} />
        <Buffers title="Sent, answer not taken" list={p.sent} />
      </div>
      <div class="columns">
        <Display p={p} />
        {values && <Registers values={values} />}
      </div>
    </div>
  );
}

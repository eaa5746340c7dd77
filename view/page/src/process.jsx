// One process: what it sees, what it waits for, its registers and claims.
import { useEffect, useState } from "preact/hooks";
import * as model from "./model.js";
import { condition } from "./tree.jsx";
import { registers } from "./source.js";
import { REGISTERS, hex, time } from "./words.js";

/** The names that a process sees, nearest first: (up, number, name), and
 * whether a nearer one of that name hides it, or its horizon does. */
function display(p) {
  const rows = [], seen = new Set();
  let above = p;
  for (let up = 0; above && up <= p.depth; up++) {
    for (const child of model.children.value.get(above.index) ?? []) {
      const beyond = above.depth < p.depth - p.horizon;
      rows.push({ up, child, hidden: seen.has(child.name), beyond });
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
      <caption>Names that it sees: by level up, and number there</caption>
      <thead><tr><th>up</th><th>number</th><th>name</th><th /></tr></thead>
      <tbody>{rows.slice(0, 200).map(({ up, child, hidden, beyond }) =>
        <tr key={child.index} class={beyond ? "beyond" : hidden ? "hidden" : ""}>
          <td>{up}</td><td>{child.number}</td><td>{child.name}</td>
          <td>{beyond ? "beyond its horizon"
            : hidden ? "hidden by a nearer one" : ""}</td></tr>)}</tbody>
    </table>
  );
}

function Registers({ p }) {
  const [values, setValues] = useState(null);
  useEffect(() => {
    let wanted = true;
    registers(p.index).then((found) => wanted && setValues(found));
    return () => (wanted = false);
  }, [p.index, model.moment.value.trap]);
  if (!values) return null;
  return (
    <table class="registers">
      <caption>Registers, as its record has them</caption>
      <tbody>{[0, 8, 16, 24].map((row) => <tr key={row}>
        {values.slice(row, row + 8).map((value, i) => <td key={i}>
          <span>{REGISTERS[row + i]}</span> <code>{value}</code></td>)}
      </tr>)}</tbody>
    </table>
  );
}

function Buffers({ title, list, empty }) {
  return (
    <div><h4>{title}</h4>
      {list.length ? <ul>{list.map((index) => {
        const b = model.bufferByIndex.value.get(index);
        return b && <li key={index}>
          {b.isBreak ? "break" : "message"} of {model.nameOf(b.sender)} to{" "}
          {b.receiver ? model.nameOf(b.receiver)
            : b.external ? `line${b.external}` : "clock"}, {b.state}
          {b.regretted ? ", nobody wants the answer" : ""}</li>;
      })}</ul> : <p class="hint">{empty}</p>}
    </div>
  );
}

export function Process() {
  const p = model.byIndex.value.get(model.chosen.value);
  if (!p) return <p class="hint">Choose a process in the tree.</p>;
  const [words] = condition(p);
  const awaited = model.bufferByIndex.value.get(p.waitFor);
  return (
    <div class="scroll process">
      <h3>{model.pathOf(p.index)}</h3>
      <p>{words}{p.wait === "answer" && awaited
        ? ` of ${model.nameOf(awaited.receiver, "the machine")}` : ""};
        child {p.number} of {model.nameOf(p.parent)}, depth {p.depth}, horizon{" "}
        {p.horizon}, mask <code>{hex(p.mask)}</code>, {p.pages} pages.</p>
      <p>Share {p.share}, credit {time(100 * p.credit)}; it has paid{" "}
        {time(100 * p.time)}, with all below {time(100 * p.timeBelow)}.</p>
      <Buffers title="Its queue" list={p.queue} empty="nothing" />
      <Buffers title="Received, not answered" list={p.held} empty="nothing" />
      <Buffers title="Sent, answer not taken" list={p.sent} empty="nothing" />
      <Display p={p} />
      <Registers p={p} />
    </div>
  );
}

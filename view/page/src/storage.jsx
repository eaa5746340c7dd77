// Windows: a page's way from a process up to the machine, column by column; and
// the fault that climbs.
import { useEffect, useState } from "preact/hooks";
import * as model from "./model.js";
import { useAsked } from "./asked.js";
import { wayOf, windowsOf } from "./source.js";
import { RIGHTS, breakName, hex, number } from "./words.js";

const PAGE = 4096, PAGE_FAULT = "page fault";
const TOUCHES = [[1, "read"], [2, "write"], [4, "execute"]];

/** The columns of a way, each with the rights that are left so far, and why a
 * touch that wants `right` cannot go on there: "missing", "narrow" or "". */
export function columnsOf(way, right) {
  let left = 7, over = false;
  return way.map((step) => {
    const isRoot = step.process === 1;
    const rights = isRoot ? 7 : step.window ? step.rights : 0;
    const before = left;
    left &= rights;
    const fault = over || isRoot ? "" : !step.window ? "missing"
      : rights & right ? "" : "narrow";
    if (fault) over = true;
    return { ...step, isRoot, rights, lost: before & ~left, left, fault };
  });
}

/** What a column says of a touch that climbs to it, as a sentence. */
export function climb(columns, i, right) {
  const word = TOUCHES.find(([bit]) => bit === right)[1];
  const column = columns[i], name = model.nameOf(column.process);
  if (column.isRoot) {
    return `${name}'s pages are the machine's: physical page ` +
      `${hex(column.page)}. The translation is composed, with ` +
      `${RIGHTS(column.left)}, and the instruction is executed again.`;
  }
  const parent = model.nameOf(
    model.byIndex.value.get(column.process)?.parent ?? 0);
  const address = hex(column.page * PAGE);
  if (column.fault) {
    return `${name}'s window ${column.fault === "missing" ? "is missing"
      : `does not let it ${word}`}: a break, told to its parent ${parent}, ` +
      `at ${name}'s address ${address}` +
      `${i > 0 ? ", as from inside it" : ""}.`;
  }
  return `${i === 0 ? `${name} wants to ${word} at ${address}. Its`
    : `${name}'s`} window onto ${parent} lets it (${
    RIGHTS(column.rights)}): on to ${parent}.`;
}

function Rights({ column }) {
  const { rights, left } = column;
  return <code class="rights">{["r", "w", "x"].map((sign, bit) => {
    const own = rights >> bit & 1, is = left >> bit & 1;
    return own && !is ? <s key={bit} title="taken away further down">{sign}</s>
      : <span key={bit}>{own ? sign : "-"}</span>;
  })}</code>;
}

function Way({ process, page, right, setRight }) {
  const way = useAsked(() => wayOf(process, page), process, page);
  const [step, setStep] = useState(0);
  useEffect(() => setStep(0), [process, page, right]);
  if (!way?.length) return null;
  const columns = columnsOf(way, right);
  const last = columns.findIndex((column) => column.fault);
  const end = last < 0 ? columns.length - 1 : last;
  const at = Math.min(step, end);
  return (
    <section class="way" aria-label="the way of this page">
      <h4>The way of {hex(page * PAGE)} up to the machine</h4>
      <ol>{columns.map((column, i) =>
        <li key={i} class={`${i === at ? "here " : ""}${column.fault}${
          last >= 0 && i > last ? " beyond" : ""}`}>
          <b>{model.nameOf(column.process)}</b>
          <code>{hex(column.page * PAGE)}</code>
          {column.isRoot ? <span>physical page</span>
            : column.window ? <Rights column={column} />
              : <span>⚠ no window</span>}
          <span class="soft">{column.fault === "narrow" ? "⚠ too narrow"
            : column.composed ? "composed" : ""}</span>
        </li>)}</ol>
      <p>All of them together: <code>{RIGHTS(last >= 0 &&
        columns[last].fault === "missing" ? 0 : columns.at(-1).left)}</code></p>
      <div class="options">
        <label>a touch to{" "}
          <select value={right} aria-label="what the touch wants"
            onChange={(e) => setRight(Number(e.currentTarget.value))}>
            {TOUCHES.map(([bit, word]) =>
              <option key={bit} value={bit}>{word}</option>)}</select>
          {" "}it</label>
        <button disabled={at === 0} onClick={() => setStep(at - 1)}
          title="one window down">◂ down</button>
        <button disabled={at === end} onClick={() => setStep(at + 1)}
          title="one window up">climb ▸</button>
        <span>{at + 1} of {end + 1}</span>
      </div>
      <p class="climb" aria-live="polite">{climb(columns, at, right)}</p>
    </section>
  );
}

/** The last page fault up to the moment: { process, address, right }. */
function lastFault() {
  const events = model.events.value;
  for (let i = model.happened.value - 1; i >= 0; i--) {
    const e = events[i];
    if (e.break && e.event === "queued" && e.words &&
        breakName(e.words) === PAGE_FAULT) {
      const [, address, right] = e.words.map((word) => Number(number(word)));
      return { process: e.process, page: Math.floor(address / PAGE), right };
    }
  }
  return null;
}

const isAddress = (text) =>
  /^(0x[0-9a-f]{1,16}|\d{1,20})$/i.test(text);

export function Storage() {
  const p = model.byIndex.value.get(model.chosen.value);
  const [at, setAt] = useState({}); // { process, page } that is looked at
  const [right, setRight] = useState(1);
  const [address, setAddress] = useState("");
  const said = useAsked(() => windowsOf(model.chosen.value, 0),
    model.chosen.value);
  const page = at.process === p?.index ? at.page : null;
  const setPage = (number) => setAt({ process: p.index, page: number });
  const fault = lastFault();
  const toFault = () => {
    model.chosen.value = fault.process;
    setAt(fault);
    setRight(fault.right);
  };
  const look = (event) => {
    event.preventDefault();
    const value = Number(address);
    if (isAddress(address)) setPage(Math.floor(value / PAGE));
  };
  const type = (event) => {
    const text = event.currentTarget.value.trim();
    setAddress(text);
    event.currentTarget.setCustomValidity(!text || isAddress(text) ? ""
      : "an address is a number, as 0x80400000");
  };
  if (!p || !said) return <p class="hint">Choose a process in the tree.</p>;
  return (
    <div class="scroll storage">
      <h3>{p.index === 1 ? "Storage of the root" : `Windows of ${
        model.pathOf(p.index)} onto ${model.nameOf(p.parent)}`}</h3>
      <form class="options" onSubmit={look}>
        <label>address <input size={14} value={address}
          placeholder="0x80400000"
          onInput={type} /></label>
        <button title="the way of the page at this address">look</button>
        <button type="button" disabled={!fault} onClick={toFault}
          title="the page of the last page fault before this moment">
          last page fault</button>
      </form>
      {page !== null && <Way process={p.index} page={page} right={right}
        setRight={setRight} />}
      {p.index === 1 ? <p class="hint">The root has no windows: its page n is
        the machine's page n. Choose another process.</p>
        : !said.windows.length ? <p class="hint">It has no window.</p>
          : <table><thead><tr><th>from</th><th>pages</th><th>rights</th>
            <th>onto</th><th>translation</th></tr></thead>
          <tbody>{said.windows.map((w) =>
            <tr key={w.page} class={page === w.page ? "chosen" : ""}>
              <td><button class="plain" onClick={() => setPage(w.page)}>
                {hex(w.page * PAGE)}</button></td>
              <td>{w.count}</td><td><code class="rights">{RIGHTS(w.rights)}
              </code></td>
              <td><code>{hex(w.onto * PAGE)}</code></td>
              <td>{w.composed ? "composed" : "not yet touched"}</td></tr>)}
          </tbody></table>}
      {said.next >= 0 && p.index !== 1 &&
        <p class="hint">More windows follow; name an address.</p>}
    </div>
  );
}

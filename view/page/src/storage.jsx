// Windows: a page's way from a process up to the machine, column by column.
import { useEffect, useState } from "preact/hooks";
import * as model from "./model.js";
import { wayOf, windowsOf } from "./source.js";
import { RIGHTS, hex } from "./words.js";

function useAsked(ask, ...on) {
  const [value, setValue] = useState(null);
  useEffect(() => {
    let wanted = true;
    ask().then((found) => wanted && setValue(found));
    return () => (wanted = false);
  }, [...on, model.moment.value.trap]);
  return value;
}

function Way({ process, page }) {
  const way = useAsked(() => wayOf(process, page), process, page);
  if (!way) return null;
  const last = way.at(-1);
  const missing = last && !last.window && last.process !== 1;
  return (
    <>
      <ol class="way">{way.map((step, i) =>
        <li key={i} class={i === way.length - 1 && missing ? "missing" : ""}>
          <b>{model.nameOf(step.process)}</b>
          <code>{hex(step.page * 4096)}</code>
          <span class="rights">{step.process === 1 ? "physical page"
            : step.window ? RIGHTS(step.rights) : "no window"}</span>
          {step.composed ? <span class="composed">composed</span> : null}
        </li>)}</ol>
      {missing && <p>A touch of this page climbs to{" "}
        {model.nameOf(last.process)}, whose window is missing: a break, told to
        its parent {model.nameOf(
          model.byIndex.value.get(last.process)?.parent ?? 0)}.</p>}
    </>
  );
}

export function Storage() {
  const p = model.byIndex.value.get(model.chosen.value);
  const [page, setPage] = useState(null);
  const said = useAsked(() => windowsOf(model.chosen.value, 0),
    model.chosen.value);
  if (!p || !said) return <p class="hint">Choose a process in the tree.</p>;
  if (p.index === 1) {
    return <p class="hint">The root has no windows: its page n is the machine's
      page n. Choose another process.</p>;
  }
  return (
    <div class="scroll storage">
      <h3>Windows of {model.pathOf(p.index)} onto {model.nameOf(p.parent)}</h3>
      <table><thead><tr><th>from</th><th>pages</th><th>rights</th>
        <th>onto</th><th>the machine can translate</th></tr></thead>
      <tbody>{said.windows.map((w) =>
        <tr key={w.page} class={page === w.page ? "chosen" : ""}>
          <td><button onClick={() => setPage(w.page)}>
            {hex(w.page * 4096)}</button></td>
          <td>{w.count}</td><td class="rights">{RIGHTS(w.rights)}</td>
          <td><code>{hex(w.onto * 4096)}</code></td>
          <td>{w.composed ? "yes" : "not yet"}</td></tr>)}</tbody></table>
      {said.next >= 0 && <p class="hint">More windows follow.</p>}
      {page !== null && <><h4>The way of {hex(page * 4096)}</h4>
        <Way process={p.index} page={page} /></>}
    </div>
  );
}

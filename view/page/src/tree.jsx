// The tree of processes, as nested boxes; see draw/tree.jsx.
import { useSignal } from "@preact/signals";
import * as model from "./model.js";
import { TreeDrawing } from "./draw/tree.jsx";
import { DEEP, condition as conditionOf, scene } from "./draw/scene.js";
import { sentence, short } from "./words.js";
import { useWidth } from "./width.js";

export const condition = (p) => conditionOf(p, model.state.value.running);

/** What the tree shows of it; what was unfolded or folded by hand stays so. */
export const top = model.zoom;

const end = (index, event) => index || `external ${event.external ?? 0}`;

/** The message, answer or break that was under way last. */
export function flightOf(event) {
  if (!event?.buffer || !event.names) return null;
  const kind = event.break && event.event === "queued" ? "break"
    : event.event === "received" ? "queued"
      : event.event === "returned" ? "answered" : event.event;
  const turned = event.event === "received" || event.event === "returned";
  const ends = [end(event.process, event), end(event.other, event)];
  if (turned) ends.reverse();
  return { from: ends[0], to: ends[1], kind,
           label: turned ? "" : short(event) };
}

/** The last event that was part of a conversation, if nothing else has been
 * since but that somebody runs and pays. */
export function lastFlight() {
  const events = model.events.value;
  for (let i = model.happened.value - 1, n = 0; i >= 0 && n < 12; i--, n++) {
    if (["queued", "answered", "regretted"].includes(events[i].event)) {
      return events[i];
    }
  }
  return null;
}

export const isOpen = (p, depth) => model.folds.value.get(p.index) ??
  (depth < DEEP || model.chosen.value === p.index);

function toggle(index, open) {
  model.folds.value = new Map(model.folds.value).set(index, open);
}

export const view = (width) => ({ top: model.zoom.value, width, isOpen,
                                  chosen: model.chosen.value });

/** From a box to another, by keys. */
function goBy(key, index, order, svg) {
  const at = order.findIndex((box) => box.p.index === index);
  const box = order[at];
  const to = (next) => next && focusOn(svg, next.p.index);
  switch (key) {
  case "ArrowDown": to(order[at + 1]); break;
  case "ArrowUp": to(order[at - 1]); break;
  case "Home": to(order[0]); break;
  case "End": to(order.at(-1)); break;
  case "ArrowRight":
    if (box.below && !box.open) toggle(index, true);
    else to(order[at + 1]?.p.parent === index ? order[at + 1] : null);
    break;
  case "ArrowLeft":
    if (box.open) toggle(index, false);
    else to(order.find((other) => other.p.index === box.p.parent));
    break;
  case "Enter": case " ": model.chosen.value = index; break;
  case "z": model.zoom.value = model.zoom.value === index ? 1 : index; break;
  default: return false;
  }
  return true;
}

const focusOn = (svg, index) =>
  svg.querySelector(`[data-process="${index}"]`)?.focus();

function Drawing({ width }) {
  const focus = useSignal(1);
  const state = model.state.value;
  const last = lastFlight();
  const isFocusShown = state.processes.some((p) => p.index === focus.value);
  const mine = { ...view(width),
                 focus: isFocusShown ? focus.value : model.zoom.value };
  const find = (event) => {
    const box = event.target.closest("[data-process]");
    return box && Number(box.dataset.process);
  };
  return (
    <TreeDrawing state={state} view={mine} flight={flightOf(last)}
      onClick={(event) => {
        const index = find(event);
        if (!index) return;
        if (event.target.closest("[data-act=fold]")) {
          const p = model.byIndex.value.get(index);
          const box = scene(state, mine).boxes.find((b) => b.p === p);
          toggle(index, !box?.open);
        } else {
          model.chosen.value = index;
        }
        focusOn(event.currentTarget, index);
      }}
      onDblClick={(event) => {
        const index = find(event);
        if (index) model.zoom.value = index;
      }}
      onFocusIn={(event) => { focus.value = find(event) ?? focus.value; }}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.altKey || event.metaKey) return;
        const index = find(event);
        const order = scene(state, mine).boxes.filter((box) => box.p);
        if (index && goBy(event.key, index, order, event.currentTarget)) {
          event.preventDefault();
          event.stopPropagation();
        }
      }} />
  );
}

function Legend() {
  return (
    <p class="legend">
      <span>▶ running</span><span>▷ ready</span><span>… waits</span>
      <span>⚠ in a break</span><span>■ stopped</span>
      <span>◇ stands for</span>
      <span>✉ queue</span><span>⌊✉ in hand</span>
      <span title="of each: used, given to children, free">
        B P T claims: <i class="used" /> used <i class="given" /> given</span>
      <span title="of all the time that was paid">◷ time paid</span>
    </p>
  );
}

export function Tree() {
  const { at, width } = useWidth();
  const zoom = model.zoom.value, chosen = model.chosen.value;
  const isThere = model.byIndex.value.has(chosen);
  const last = lastFlight();
  return (
    <section class="pane" aria-label="the tree of processes">
      <div class="tools">
        <button disabled={zoom === 1} onClick={() => (model.zoom.value = 1)}
          title="show all processes">whole tree</button>
        <button disabled={zoom === chosen || !isThere}
          onClick={() => (model.zoom.value = chosen)}
          title="show only the chosen process and what is in it">
          zoom into {model.nameOf(chosen)}</button>
        <output class="flight-words" aria-live="polite">
          {last ? sentence(last) : ""}</output>
      </div>
      <div class="canvas" ref={at}>
        {model.state.value.processes.length
          ? width > 0 && <Drawing width={width} />
          : <p class="hint">The machine has no processes yet.</p>}
      </div>
      <Legend />
    </section>
  );
}

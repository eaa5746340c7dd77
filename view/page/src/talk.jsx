// Conversations as a sequence diagram; see draw/talk.jsx.
import { useLayoutEffect, useState } from "preact/hooks";
import * as model from "./model.js";
import { Names, ROW, TOP, TalkDrawing, columns, widthOf }
  from "./draw/talk.jsx";
import { Words } from "./log.jsx";
import { goToEvent } from "./source.js";
import { useWidth } from "./width.js";

const SHOWN = 50, LATER = 10; // events in the diagram
const TELLING = new Set(["queued", "answered", "regretted"]);

/** The last conversations before the moment, and the first after it, perhaps
 * without those with the clock and interrupt lines: { list, now }. */
export function lately(events, end, external, before = SHOWN, after = LATER) {
  const wanted = (e) => TELLING.has(e.event) &&
    (external || e.external === undefined);
  const list = [];
  for (let i = end - 1; i >= 0 && list.length < before; i--) {
    if (wanted(events[i])) list.push(events[i]);
  }
  list.reverse();
  const now = list.length;
  for (let i = end; i < events.length && list.length < now + after; i++) {
    if (wanted(events[i])) list.push(events[i]);
  }
  return { list, now };
}

function Diagram({ list, now }) {
  const { at, width } = useWidth();
  const places = columns(list, width);
  const chosen = Math.max(list.indexOf(model.chosenEvent.value), -1);
  const last = list[now - 1];
  useLayoutEffect(() => {
    const shown = requestAnimationFrame(() => {
      const scrolls = at.current.parentElement;
      scrolls.scrollTop = TOP + ROW * now - scrolls.clientHeight / 2;
    });
    return () => cancelAnimationFrame(shown);
  }, [last]);
  const find = (event) => {
    const row = event.target.closest("[data-event]");
    return row && Number(row.dataset.event);
  };
  const key = (event) => {
    const number = find(event) ?? now - 1;
    const next = { ArrowDown: number + 1, ArrowUp: number - 1, Home: 0,
                   End: list.length - 1 }[event.key];
    if (next !== undefined) {
      at.current.querySelector(`[data-event="${next}"]`)?.focus();
    } else if (event.key === "Enter" || event.key === " ") {
      goToEvent(list[number]);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={at}>
      <svg class="drawing talk names" width={widthOf(places)} height={TOP}
        aria-hidden="true"><Names places={places} height={TOP} /></svg>
      <TalkDrawing list={list} now={now} places={places} head={false}
        chosen={chosen >= 0 ? chosen : now - 1} onKeyDown={key}
        onClick={(event) => {
          const number = find(event);
          if (number !== null) goToEvent(list[number]);
        }} />
    </div>
  );
}

export function Talk() {
  const [external, setExternal] = useState(false);
  const { list, now } = lately(model.events.value, model.happened.value,
    external);
  return (
    <div class="split">
      <div class="options"><label><input type="checkbox" checked={external}
        onChange={(e) => setExternal(e.currentTarget.checked)} />
        {" "}also with the clock and interrupt lines</label></div>
      <div class="scroll diagram" tabIndex={-1}>
        {list.length ? <Diagram list={list} now={now} />
          : <p class="hint">No message has been sent yet.</p>}
      </div>
      <Words event={model.chosenEvent.value ?? list[now - 1]} />
    </div>
  );
}

// Everything that happened, as lines; and the words of the chosen event.
import { useState } from "preact/hooks";
import * as model from "./model.js";
import { area, hex, message, sentence, time } from "./words.js";
import { goToEvent, readArea } from "./source.js";

const SHOWN = 200;
const QUIET = new Set(["composed", "dropped", "runs", "pays"]);

const CAME = { received: "queued", returned: "answered" }; // what took words

/** The event with which the words came that this one takes. */
function origin(event) {
  const kind = CAME[event.event], events = model.events.value;
  const end = kind ? model.firstAfter(events, event.at) : 0;
  for (let i = end - 1; i >= 0; i--) {
    if (events[i].buffer === event.buffer && events[i].event === kind) {
      return events[i];
    }
  }
  return event;
}

export function Words({ event }) {
  const [read, setRead] = useState({}); // of which event, and the text
  if (!event) return <p class="hint">Choose an event to see its words.</p>;
  const from = event.words ? event : origin(event), { words } = from;
  const granted = words && from.event === "queued" && !from.break
    ? area(words) : null;
  const m = words && !from.break ? message(words) : null;
  const said = from.text ?? (read.from === from ? read.text : undefined);
  const readIt = async () =>
    setRead({ from, text: await readArea(from.process, granted) });
  return (
    <div class="words">
      <p>{time(event.at)}, trap {event.trap.toLocaleString("en")}:{" "}
        <b>{sentence(event)}</b></p>
      {words
        ? <table><tbody>
          <tr>{words.map((_, i) => <th key={i}>word {i}</th>)}</tr>
          <tr>{words.map((w, i) => <td key={i}><code>{w}</code></td>)}</tr>
        </tbody></table>
        : event.buffer ? <p class="hint">Its words are not known.</p> : null}
      {from.event === "queued" && m &&
        <p>operation {m.operation}{m.isKnown ? ` (${m.name})` : ""}{granted
          ? <>, grants to {granted.grant} its area{" "}
            <code>{hex(granted.first)}</code> to{" "}
            <code>{hex(granted.last)}</code>{" "}
            <button onClick={readIt} title="what stands there now">
              read it</button></> : null}</p>}
      {said !== undefined && <pre class="area">{said}</pre>}
    </div>
  );
}

export function Log() {
  const [all, setAll] = useState(false), [own, setOwn] = useState(false);
  const chosen = model.chosen.value;
  const isMeant = (e) => (all || !QUIET.has(e.event)) &&
    (!own || e.process === chosen || e.other === chosen);
  const end = model.happened.value, events = model.events.value;
  const list = [];
  for (let i = end - 1; i >= 0 && list.length < SHOWN; i--) {
    if (isMeant(events[i])) list.push(events[i]);
  }
  return (
    <div class="split">
      <div class="options"><label><input type="checkbox" checked={all}
        onChange={(e) => setAll(e.currentTarget.checked)} />
        {" "}also pages, who runs and who pays</label>
      <label><input type="checkbox" checked={own}
        aria-label="only those of the chosen process"
        onChange={(e) => setOwn(e.currentTarget.checked)} />
        {" "}only of {model.nameOf(chosen)}</label></div>
      <div class="scroll"><ol class="log">
        {list.map((event, i) =>
          <li key={`${event.trap}.${end - i}`}>
            <button class={model.chosenEvent.value === event ? "chosen" : ""}
              onClick={() => goToEvent(event)}>
              <time>{time(event.at)}</time>{sentence(event)}</button></li>)}
      </ol></div>
      <Words event={model.chosenEvent.value ?? list[0]} />
    </div>
  );
}

// Everything that happened, as lines; and the words of the chosen event.
import { useState } from "preact/hooks";
import * as model from "./model.js";
import { area, hex, message, sentence, time } from "./words.js";
import { goToEvent, readArea } from "./source.js";

const SHOWN = 200;
const QUIET = new Set(["composed", "dropped", "runs", "pays"]);

export function Words({ event }) {
  const [text, setText] = useState(null);
  if (!event) return <p class="hint">Choose an event to see its words.</p>;
  const granted = event.words && event.event === "queued" && !event.break
    ? area(event.words) : null;
  const m = event.words && !event.break ? message(event.words) : null;
  const said = event.text === undefined ? text : event.text;
  const read = async () => setText(await readArea(event.process, granted));
  return (
    <div class="words">
      <p>{time(event.at)}, trap {event.trap}: <b>{sentence(event)}</b></p>
      {event.words
        ? <table><tbody>
          <tr>{event.words.map((_, i) => <th key={i}>word {i}</th>)}</tr>
          <tr>{event.words.map((w, i) =>
            <td key={i}><code>{w}</code></td>)}</tr>
        </tbody></table>
        : event.buffer ? <p class="hint">Its words are not known.</p> : null}
      {event.event === "queued" && m &&
        <p>operation {m.operation} ({m.name}){granted
          ? <>, grants to {granted.grant} its area{" "}
            <code>{hex(granted.first)}</code> to{" "}
            <code>{hex(granted.last)}</code>{" "}
            <button onClick={read} title="what stands there now">
              read it</button></> : null}</p>}
      {said !== null && <pre class="area">{said}</pre>}
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

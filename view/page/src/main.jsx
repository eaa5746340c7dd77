// The page: what there is to see, and where.
import { render } from "preact";
import "./page.css";
import * as model from "./model.js";
import * as source from "./source.js";
import { Accounts } from "./accounts.jsx";
import { Console } from "./console.jsx";
import { LESSONS } from "./lessons/all.js";
import { Lesson, Lessons } from "./lessons.jsx";
import { Log } from "./log.jsx";
import { Process } from "./process.jsx";
import { Storage } from "./storage.jsx";
import { Talk } from "./talk.jsx";
import { Top, act } from "./bar.jsx";
import { KEYS } from "./help.jsx";
import { Tree } from "./tree.jsx";
import { faultOf, fromLink, lessonOf, whole } from "./link.js";

const TABS = [["conversations", Talk], ["events", Log], ["process", Process],
              ["storage", Storage], ["accounts", Accounts],
              ...source.isRemote ? [] : [["lessons", Lessons]]];

function Tabs() {
  const tab = model.tab.value, setTab = (name) => (model.tab.value = name);
  const Shown = TABS.find(([name]) => name === tab)[1];
  const turn = (event) => {
    const turns = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!turns) return;
    const at = TABS.findIndex(([name]) => name === tab);
    setTab(TABS[(at + turns + TABS.length) % TABS.length][0]);
    event.currentTarget.querySelectorAll("[role=tab]")[
      (at + turns + TABS.length) % TABS.length].focus();
  };
  return (
    <section class="tabs">
      <Lesson />
      <div role="tablist" aria-label="what to look at" onKeyDown={turn}>
        {TABS.map(([name]) =>
          <button key={name} role="tab" id={`tab-${name}`}
            aria-selected={tab === name} tabIndex={tab === name ? 0 : -1}
            onClick={() => setTab(name)}>{name}</button>)}
      </div>
      <div role="tabpanel" aria-labelledby={`tab-${tab}`}><Shown /></div>
    </section>
  );
}

const TYPED_IN = "input, select, textarea, [contenteditable], dialog, .screen";

/** Keys that hold wherever nothing is typed; help.jsx lists them. */
function pressed(event) {
  if (event.defaultPrevented || event.ctrlKey || event.altKey ||
      event.metaKey || event.target.closest?.(TYPED_IN)) return;
  const known = KEYS.find(([key]) => key === event.key);
  const find = (what) => document.querySelector(what);
  if (known) {
    act(known[1] === "run" && model.isBusy.value ? "pause" : known[1]);
  } else if (event.key === "?") {
    find("#help").click();
  } else if (event.key === "t") {
    find(".tree [tabindex='0']")?.focus();
  } else if (event.key === "c") {
    globalThis.kerneTerminal?.focus();
  } else if (TABS[event.key - 1]) {
    find(`#tab-${TABS[event.key - 1][0]}`).click();
    find(`#tab-${TABS[event.key - 1][0]}`).focus();
  } else {
    return;
  }
  event.preventDefault();
}
addEventListener("keydown", pressed);

function Page() {
  return (
    <>
      <Top />
      <main><Tree /><Tabs /></main>
      {!source.isRemote && <Console />}
    </>
  );
}

const place = document.getElementById("page");
place.replaceChildren();
render(<Page />, place);

/** To where the address leads; what is wrong with it is said. */
async function arrive() {
  const { hash } = location, wanted = lessonOf(hash);
  const steps = LESSONS.find(
    (one) => one.name === wanted?.lesson)?.steps.length ?? 0;
  const link = await whole(fromLink(hash));
  if (steps) source.follow(wanted.lesson, Math.min(wanted.step, steps - 1));
  else source.boot(link);
  model.notice.value = faultOf(hash, steps, link);
}

if (source.isRemote) {
  source.boot();
} else {
  addEventListener("hashchange", arrive);
  await arrive();
}
globalThis.kerne = { ...model, source }; // for tests, and the curious

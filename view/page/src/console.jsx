// The console: the operator's, and what one system says and is told.
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { Terminal } from "@xterm/xterm";
import { FitAddon } from "@xterm/addon-fit";
import "@xterm/xterm/css/xterm.css";
import * as model from "./model.js";
import * as source from "./source.js";

const ATTENTION = "\x1b"; // the console's key; a name and a line come behind it
const SHOWN = 400; // lines of a system
const KEPT = 8192; // bytes, when the terminal begins anew

function Operator({ hidden }) {
  const at = useRef(null);
  useEffect(() => {
    const terminal = new Terminal({ fontSize: 13, scrollback: 5000,
                                    convertEol: false, cols: 80, rows: 13,
                                    screenReaderMode: true });
    const fit = new FitAddon();
    terminal.loadAddon(fit);
    terminal.open(at.current);
    // Tab is a key of the console's; so is every other but this.
    terminal.attachCustomKeyEventHandler((event) => {
      if (event.key !== "F6") return true;
      if (event.type === "keydown") {
        document.querySelector("header button").focus();
      }
      return false;
    });
    const resize = new ResizeObserver(() =>
      at.current.clientHeight && fit.fit());
    resize.observe(at.current);
    terminal.onData((text) =>
      source.type(text, `${terminal.rows};${terminal.cols}`));
    let shown = 0, last; // pieces of what was said; and the last of them
    const stop = source.listen((all) => {
      if (all[shown - 1] !== last) {
        terminal.reset();
        shown = all.length;
        for (let bytes = 0; shown > 0 && bytes < KEPT;) {
          bytes += all[--shown].bytes.length;
        }
      }
      while (shown < all.length) terminal.write(all[shown++].bytes);
      last = all[shown - 1];
    });
    globalThis.kerneTerminal = terminal; // for the tests of the page
    return () => { stop(); resize.disconnect(); terminal.dispose(); };
  }, []);
  return <div class="screen" ref={at} hidden={hidden} role="tabpanel"
    aria-label="the whole console" />;
}

/** What the processes of a system have said up to the moment: [{ who, text }];
 * who is that one, or a path below it. */
export function saidIn(path) {
  const events = model.events.value, said = [];
  for (let i = model.happened.value - 1; i >= 0 && said.length < SHOWN; i--) {
    const e = events[i];
    if (e.path === path || e.path?.startsWith(`${path}/`)) {
      said.push({ who: e.path.slice(path.length + 1) || e.names[0],
                  text: e.text });
    }
  }
  return said.reverse();
}

/** One system alone, at whatever depth: what it and those in it say; a line for
 * it goes by the operator's attention key, as a person would do it. */
function One({ system }) {
  const at = useRef(null);
  const text = useSignal("");
  const path = model.pathOf(system);
  const said = saidIn(path);
  const last = said.at(-1);
  useLayoutEffect(() => { at.current.scrollTop = at.current.scrollHeight; },
    [last?.text, said.length]);
  const send = (event) => {
    event.preventDefault();
    source.type(`${ATTENTION}${path} ${text.value}\r`);
    text.value = "";
  };
  return (
    <div class="one" role="tabpanel" aria-label={`the console of ${path}`}>
      <pre ref={at} tabIndex={0} aria-label={`what ${path} says`}>
        {said.length ? said.map(({ who, text: line }, i) =>
          <span key={i}>{who !== said[i - 1]?.who &&
            <b>{`from ${who}\n`}</b>}{line}</span>)
          : <span class="hint">{path} has said nothing yet.</span>}</pre>
      <form onSubmit={send}>
        <label>to {path} <input value={text.value} size={50}
          aria-label="a line for this system"
          onInput={(e) => (text.value = e.currentTarget.value)} /></label>
        <button title="type this line for this system">say</button>
      </form>
    </div>
  );
}

export function Console() {
  const one = useSignal(0); // the system that is shown alone
  const last = useSignal(1);
  const wanted = [one.value, last.value, model.chosen.value];
  const systems = model.state.value.processes.filter((p) => !p.pseudo &&
    (model.children.value.has(p.index) || wanted.includes(p.index)));
  const isThere = (index) => systems.some((p) => p.index === index);
  const shown = isThere(one.value) ? one.value : 0;
  const choice = isThere(last.value) ? last.value : 1;
  const turn = (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    one.value = shown ? 0 : choice;
    event.currentTarget.querySelectorAll("[role=tab]")[shown ? 0 : 1].focus();
  };
  return (
    <section class="console" aria-label="the console">
      <div class="tools">
        <div role="tablist" aria-label="whose console" onKeyDown={turn}>
          <button role="tab" id="console-all" aria-selected={!shown}
            tabIndex={shown ? -1 : 0} onClick={() => (one.value = 0)}>
            whole console</button>
          <button role="tab" id="console-one" aria-selected={Boolean(shown)}
            tabIndex={shown ? 0 : -1} onClick={() => (one.value = choice)}>
            one system</button>
        </div>
        <select aria-label="the system whose console is shown" value={choice}
          onChange={(e) => {
            one.value = last.value = Number(e.currentTarget.value);
          }}>
          {systems.map((p) => <option key={p.index} value={p.index}>
            {model.pathOf(p.index)}</option>)}</select>
        <span class="hint">{shown ? "what it and its children say"
          : "type here; F6 leads back to the buttons"}</span>
      </div>
      <Operator hidden={Boolean(shown)} />
      {shown ? <One system={shown} /> : null}
    </section>
  );
}

// The operator's console, as a terminal.
import { useEffect, useRef } from "preact/hooks";
import { Terminal } from "@xterm/xterm";
import { FitAddon } from "@xterm/addon-fit";
import "@xterm/xterm/css/xterm.css";
import * as source from "./source.js";

export function Console() {
  const at = useRef(null);
  useEffect(() => {
    const terminal = new Terminal({ fontSize: 13, scrollback: 5000,
                                    convertEol: false, cols: 80, rows: 14,
                                    screenReaderMode: true });
    const fit = new FitAddon();
    terminal.loadAddon(fit);
    terminal.open(at.current);
    const resize = new ResizeObserver(() => fit.fit());
    resize.observe(at.current);
    terminal.onData((text) => source.type(text));
    const stop = source.listen((bytes, all) => {
      if (bytes) {
        terminal.write(bytes);
      } else {
        terminal.reset();
        for (const part of all) terminal.write(part);
      }
    });
    globalThis.kerneTerminal = terminal; // for the tests of the page
    return () => { stop(); resize.disconnect(); terminal.dispose(); };
  }, []);
  return <section class="console" ref={at} aria-label="the console" />;
}

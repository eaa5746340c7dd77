// Draws the way of a page: from its process, window by window, to the machine.
import { STYLE } from "./style.js";
import { tip } from "./scene.js";
import { RIGHTS } from "../words.js";

const WIDE = 132, HIGH = 64, GAP = 58, EDGE = 8; // pixels

function Window({ step, x, last }) {
  const missing = !step.window && !last;
  return (
    <g class={missing ? "broken" : "frame"}>
      <rect class="body" x={x} y={EDGE} width={WIDE} height={HIGH} rx={4} />
      <text class="name" x={x + 10} y={EDGE + 18}>{step.path}</text>
      <text x={x + 10} y={EDGE + 36}>{last ? "the machine's page"
        : missing ? "no window" : `window: ${RIGHTS(step.rights)}`}</text>
      <text class="soft" x={x + 10} y={EDGE + 53}>{last || missing ? ""
        : step.composed ? "composed" : "not composed yet"}</text>
    </g>
  );
}

/** way: [{ path, window, rights, composed }], as the machine tells it. */
export function WayDrawing({ way }) {
  const x = (i) => EDGE + i * (WIDE + GAP), y = EDGE + HIGH / 2;
  const width = x(way.length) - GAP + EDGE, height = HIGH + 2 * EDGE;
  return (
    <svg class="drawing tree" width={width} height={height}
      viewBox={`0 0 ${width} ${height}`}>
      <style>{STYLE}</style>
      {way.slice(1).map((step, i) => <g key={i} class="flight queued">
        <path d={`M${x(i) + WIDE} ${y}H${x(i + 1) - 4}`} />
        <path class="tip" d={tip([x(i), y], [x(i + 1), y])} /></g>)}
      {way.map((step, i) => <Window key={i} step={step} x={x(i)}
        last={i === way.length - 1 && step.process === 1} />)}
    </svg>
  );
}

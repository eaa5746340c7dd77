// Draws the tree: boxes, what is in them, and the message that is in flight.
import { Component } from "preact";
import { STYLE } from "./style.js";
import { arrow, condition, externalName, labelPlace, scene } from "./scene.js";

const CLAIMS = ["buffers", "processes", "tables"];
const ENVELOPES = 3; // shown one by one; more are a number
const BAR = 27; // pixels

function claimWords(kind, [received, free, given]) {
  return `${CLAIMS[kind]}: ${received - free - given} used, ${given} given ` +
    `to children, ${free} free of ${received}`;
}

function Bar({ x, y, letter, words, parts }) {
  let at = x + 9;
  return (
    <g class="bar"><title>{words}</title>
      <text x={x} y={y + 6} class="soft small">{letter}</text>
      {parts.map(([kind, part]) => {
        const width = Math.min(BAR * part, x + 9 + BAR - at);
        const shown = <rect key={kind} class={kind} x={at} y={y} height={6}
          width={Math.max(width, 0)} />;
        at += width;
        return shown;
      })}
      <rect class="all" x={x + 9} y={y} width={BAR} height={6} />
    </g>
  );
}

function Bars({ p, x, y, whole }) {
  const step = BAR + 13;
  return (
    <>
      {p.claims.map((claim, kind) => {
        const [received, free, given] = claim;
        return <Bar key={kind} x={x + kind * step} y={y} letter={"BPT"[kind]}
          words={claimWords(kind, claim)} parts={received ? [
            ["used", (received - free - given) / received],
            ["given", given / received]] : []} />;
      })}
      <Bar x={x + 3 * step} y={y} letter="◷" parts={whole ? [
        ["own", p.time / whole], ["below", (p.timeBelow - p.time) / whole]]
        : []} words={`time that was paid: ${percent(p.time, whole)} itself, ` +
          `${percent(p.timeBelow, whole)} with all below`} />
    </>
  );
}

const percent = (part, whole) =>
  `${((100 * part) / (whole || 1)).toFixed(1)} %`;

/** An envelope, 12 by 8, its left end there. */
function Envelope({ x, y, kind }) {
  return (
    <g class={`envelope ${kind}`}>
      <path d={`M${x} ${y}h12v8h-12zl6 5 6-5`} />
    </g>
  );
}

/** Those in a list, from the right end on to the left; [drawing, where]. */
function envelopes(list, kind, x, y, buffers) {
  const drawn = [];
  if (list.length > ENVELOPES) {
    const text = String(list.length);
    x -= 7 * text.length;
    drawn.push(<text key="n" x={x} y={y + 8} class="small">{text}</text>);
  }
  for (const index of list.slice(-ENVELOPES).reverse()) {
    const b = buffers.get(index);
    x -= 15;
    drawn.push(<Envelope key={index} x={x} y={y} kind={
      `${kind}${b?.isBreak ? " break" : b?.state === "answered" ? " answer"
        : ""}`} />);
  }
  if (!list.length) return [null, x];
  return [<g key={kind}><title>{`${list.length} ${kind === "held"
    ? "in hand: received, not answered" : "in its queue"}`}</title>
    {drawn}
    {kind === "held" && <text x={x - 8} y={y + 8} class="soft">⌊</text>}
  </g>, x - (kind === "held" ? 12 : 4)];
}

function Fold({ box }) {
  const text = box.open ? "−" : `+${box.inside}`;
  const width = box.open ? 16 : 10 + 6 * text.length;
  return (
    <g class="fold" data-act="fold" aria-hidden="true">
      <title>{box.open ? "fold" : `show the ${box.inside} inside`}</title>
      <rect x={box.x + box.w - width - 4} y={box.y + 4} width={width}
        height={15} rx={3} />
      <text x={box.x + box.w - width / 2 - 4} y={box.y + 15}
        text-anchor="middle">{text}</text>
    </g>
  );
}

/** What a box looks like now, as one text: if it is the same, the box is as it
 * was. */
function lookOf(box, { words, pays, chosen, focus, whole, stands }, buffers) {
  const { p } = box;
  let look = `${box.x} ${box.y} ${box.w} ${box.h} ${box.open} ${box.inside} ${
    p.name} ${words} ${pays} ${chosen} ${focus} ${stands} `;
  for (const index of p.queue) look += `q${index}${buffers.get(index)?.state}`;
  for (const index of p.held) look += `h${index}`;
  if (box.small) return look;
  return `${look} ${p.claims} ${Math.round((400 * p.time) / (whole || 1))} ${
    Math.round((400 * p.timeBelow) / (whole || 1))}`;
}

class Box extends Component {
  shouldComponentUpdate(next) { return next.look !== this.props.look; }

  render({ box, words, style, pays, chosen, focus, stands, pathOf }) {
    const { p, x, y, w, h } = box;
    const told = `${pathOf(p)}: ${words}${stands ? ` ${stands}` : ""}` +
      `${pays ? ", pays" : ""}${p.queue.length
        ? `, ${p.queue.length} in its queue` : ""}${p.held.length
        ? `, ${p.held.length} in hand` : ""}`;
    return (
      <g class={`${style}${box.open ? " frame" : ""}${box.small ? " chip" : ""
        }${pays ? " pays" : ""}${chosen ? " chosen" : ""}`}
        data-process={p.index} role="treeitem" aria-label={told}
        aria-level={box.depth + 1} aria-selected={chosen ? "true" : "false"}
        aria-expanded={box.below ? String(box.open) : null}
        tabindex={focus ? 0 : -1}>
        <rect class="body" x={x} y={y} width={w} height={h} rx={4} />
        {pays && <rect class="head" x={x + 1} y={y + 1} width={w - 2}
          height={box.head - 2} rx={3} />}
        <rect class="edge" x={x} y={y} width={4} height={box.head} rx={2} />
        {box.small ? this.small() : this.full()}
        {box.below > 0 && <Fold box={box} />}
        <title>{told}</title>
      </g>
    );
  }

  small() {
    const { box, sign, stands } = this.props;
    const room = Math.floor((box.w - (box.below ? 60 : 28)) / 7); // letters
    const name = fitting(box.p.name, room);
    return (
      <>
        <text class="sign" x={box.x + 8} y={box.y + 14}>{sign}</text>
        <text class="name" x={box.x + 22} y={box.y + 14}>{name}{stands &&
          name.length + stands.length + 3 <= room &&
          <tspan class="soft">{` = ${stands}`}</tspan>}</text>
      </>
    );
  }

  full() {
    const { box, buffers, words, sign, pays, whole } = this.props;
    const { p, x, y } = box;
    const right = x + box.w - (box.below
      ? (box.open ? 26 : 20 + 6 * String(box.inside).length) : 6);
    const [queue, left] = envelopes(p.queue, "queue", right, y + 7, buffers);
    const [held] = envelopes(p.held, "held", left, y + 7, buffers);
    return (
      <>
        <text class="sign" x={x + 9} y={y + 15}>{sign}</text>
        <text class="name" x={x + 24} y={y + 15}>{p.name}</text>
        {queue}{held}
        <text class="soft" x={x + 24} y={y + 29}>{words}</text>
        {pays && <>
          <rect class="badge" x={x + BOX_PAYS} y={y + 20} width={30} height={13}
            rx={6} />
          <text class="small" x={x + BOX_PAYS + 15} y={y + 30}
            text-anchor="middle">pays</text></>}
        <Bars p={p} x={x + 9} y={y + 38} whole={whole} />
      </>
    );
  }
}

const BOX_PAYS = 138; // where the word stands
const fitting = (text, most) =>
  (text.length > most ? `${text.slice(0, most - 1)}…` : text);

function External({ box }) {
  return (
    <g class="external">
      <title>an external process: what the nucleus itself answers for</title>
      <rect class="body" x={box.x} y={box.y} width={box.w} height={box.h}
        rx={4} />
      <text class="soft" x={box.x + 8} y={box.y + 14}>
        ⚙ {externalName(box.external)}</text>
    </g>
  );
}

function Flight({ from, to, kind, label, within }) {
  const drawn = arrow(from, to);
  if (!drawn) return null;
  const [x, y] = labelPlace(drawn, label?.length ?? 0, within.boxes,
    [within.width, within.height]);
  return (
    <g class={`flight ${kind}`}>
      <path class="back" d={drawn.path} /><path d={drawn.path} />
      <path class="tip" d={drawn.tip} />
      <circle class="tip" cx={drawn.begin[0]} cy={drawn.begin[1]} r={3.5} />
      {label && <text class="halo" x={x.toFixed(1)} y={y.toFixed(1)}
        text-anchor="middle">{label}</text>}
    </g>
  );
}

/** Who takes part in a buffer's conversation, as places know them. */
const endsOf = (b) => [b.sender,
                       b.receiver || `external ${b.external ?? 0}`];

/** The whole drawing.  view: as in scene(), and { chosen, focus }.  flight: the
 * message that is in flight: { from, to, kind, label }; ends are indices of
 * processes, or "external N"; null: none. */
export function TreeDrawing({ state, view, flight, names, ...rest }) {
  const buffers = new Map(state.buffers.map((b) => [b.index, b]));
  const chosen = state.processes.find((p) => p.index === view.chosen);
  const waiting = chosen ? [...chosen.sent, ...chosen.held, ...chosen.queue]
    .map((index) => buffers.get(index)).filter((b) => b &&
      b.state !== "answered").slice(0, 12) : [];
  const externals = new Set();
  for (const end of [flight?.from, flight?.to,
                     ...waiting.map((b) => endsOf(b)[1])]) {
    if (String(end).startsWith("external ")) {
      externals.add(Number(end.slice(9)));
    }
  }
  const drawn = scene(state, view, [...externals].sort((a, b) => a - b));
  const byIndex = new Map(state.processes.map((p) => [p.index, p]));
  const whole = byIndex.get(1)?.timeBelow ?? 0;
  const pathOf = (p) => {
    const parts = [];
    for (let at = p; at; at = byIndex.get(at.parent)) parts.unshift(at.name);
    return parts.join("/");
  };
  return (
    <svg class="drawing tree" width={drawn.width} height={drawn.height}
      viewBox={`0 0 ${drawn.width} ${drawn.height}`} role="tree"
      aria-label="processes" {...rest}>
      <style>{STYLE}</style>
      <defs><pattern id="given" width="4" height="4"
        patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path d="M0 0v4" /></pattern></defs>
      {drawn.boxes.map((box) => {
        if (!box.p) {
          return <External key={`external ${box.external}`} box={box} />;
        }
        const [words, sign, style] = condition(box.p, state.running);
        const server = box.server;
        const stands = !box.p.pseudo ? ""
          : !server ? "nobody" : server.external === undefined
            ? byIndex.get(server.process)?.name ?? "nobody"
            : externalName(server.external);
        const is = { words, sign, style, stands, whole,
                     pays: state.payer === box.p.index,
                     chosen: view.chosen === box.p.index,
                     focus: view.focus === box.p.index };
        return <Box key={box.p.index} box={box} buffers={buffers} {...is}
          pathOf={pathOf} look={lookOf(box, is, buffers)} />;
      })}
      {waiting.map((b) => {
        const [from, to] = endsOf(b).map((end) => drawn.place.get(end));
        return <Flight key={`w${b.index}`} from={from} to={to} kind="waiting"
          within={drawn} />;
      })}
      {flight && <Flight from={drawn.place.get(flight.from)}
        to={drawn.place.get(flight.to)} kind={flight.kind} label={flight.label}
        within={drawn} />}
    </svg>
  );
}

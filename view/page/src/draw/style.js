// How drawings look.  In the page its own colours hold; in a file these.
const v = (name, otherwise) => `var(--${name}, ${otherwise})`;
const TEXT = v("text", "#1c1f24"), SOFT = v("soft", "#59616c");
const LINE = v("line", "#b9bfc7"), BOX = v("box", "#ffffff");
const FRAME = v("frame", "#f4f5f7"), BLUE = v("blue", "#1f5fb0");
const GREEN = v("green", "#1b7a3d"), RED = v("red", "#b93a1a");
const AMBER = v("amber", "#9a6400"), TINT = v("tint", "#ffedb0");
const BACK = v("back", "#ffffff");

export const STYLE = `
.drawing { outline: none; }
.drawing text { font: 11px system-ui, sans-serif; fill: ${TEXT}; }
.drawing .soft { fill: ${SOFT}; }
.drawing .small { font-size: 10px; }
.drawing .halo { paint-order: stroke; stroke: ${BACK}; stroke-width: 4px;
  stroke-linejoin: round; }
.tree .name { font-weight: 600; font-size: 12.5px; }
.tree .chip .name { font-size: 11px; font-weight: 500; }
.tree .name .soft { font-weight: 400; }
.tree .body { fill: ${BOX}; stroke: ${LINE}; }
.tree .frame .body { fill: ${FRAME}; }
.tree .edge { fill: ${LINE}; }
.tree .running .edge { fill: ${GREEN}; }
.tree .running .sign { fill: ${GREEN}; }
.tree .running .body { stroke: ${GREEN}; }
.tree .ready .edge { fill: ${GREEN}; fill-opacity: .55; }
.tree .broken .edge { fill: ${RED}; }
.tree .broken .sign { fill: ${RED}; }
.tree .broken .body { stroke: ${RED}; }
.tree .stopped .body, .tree .dying .body { stroke: ${SOFT};
  stroke-dasharray: 1 3; }
.tree .waits .sign { fill: ${SOFT}; }
.tree .pseudo .body, .tree .external .body { stroke-dasharray: 5 3;
  fill: none; stroke: ${SOFT}; }
.tree .pays .head { fill: ${TINT}; }
.tree .badge { fill: ${TINT}; stroke: ${AMBER}; stroke-width: .7; }
.tree .chosen > .body { stroke: ${BLUE}; stroke-width: 2.5; }
.tree .envelope path { fill: none; stroke: ${BLUE}; stroke-width: 1.2; }
.tree .envelope.held path { fill: ${BLUE}; fill-opacity: .35; }
.tree .envelope.break path { stroke: ${RED}; }
.tree .envelope.answer path { stroke: ${GREEN}; }
.tree .bar .all { fill: none; stroke: ${SOFT}; stroke-width: .7; }
.tree .bar .used { fill: ${BLUE}; }
.tree .bar .given { fill: url(#given); }
.tree .bar .own { fill: ${AMBER}; }
.tree .bar .below { fill: ${AMBER}; fill-opacity: .4; }
.tree #given path { stroke: ${AMBER}; stroke-width: 1.6; }
.tree .fold rect { fill: ${BOX}; stroke: ${LINE}; }
.tree [data-process] { cursor: pointer; }
.tree [data-process]:focus-visible { outline: none; }
.tree [data-process]:focus-visible > .body { stroke: ${BLUE};
  stroke-width: 2.5; stroke-dasharray: 3 2; }
.flight { pointer-events: none; }
.flight path { fill: none; stroke: ${BLUE}; stroke-width: 2.2; }
.flight .tip { fill: ${BLUE}; stroke: none; }
.flight.answered path { stroke: ${GREEN}; stroke-dasharray: 6 3; }
.flight.answered .tip { fill: ${GREEN}; }
.flight.break path { stroke: ${RED}; stroke-width: 2.4; }
.flight.break .tip { fill: ${RED}; }
.flight.waiting path { stroke: ${SOFT}; stroke-width: 1.2;
  stroke-dasharray: 2 3; }
.flight.waiting .tip { fill: ${SOFT}; }
.flight path.back { stroke: ${BACK}; stroke-width: 5; stroke-opacity: .6;
  stroke-dasharray: none; }
.flight text { font-weight: 600; }
.talk .lifeline line { stroke: ${LINE}; }
.talk .lifeline text { font-weight: 600; }
.talk .arrow { cursor: pointer; outline: none; }
.talk .arrow .row { fill: transparent; }
.talk .arrow:hover .row, .talk .arrow.chosen .row { fill: ${TINT}; }
.talk .arrow:focus-visible .row { stroke: ${BLUE}; stroke-width: 2; }
.talk .arrow path { fill: none; stroke: ${BLUE}; stroke-width: 1.5; }
.talk .arrow .tip { fill: ${BLUE}; stroke: none; }
.talk .arrow.answered path { stroke: ${GREEN}; stroke-dasharray: 5 3; }
.talk .arrow.answered .tip { fill: ${GREEN}; }
.talk .arrow.break path { stroke: ${RED}; }
.talk .arrow.break .tip { fill: ${RED}; }
.talk .arrow.regretted path { stroke: ${SOFT}; stroke-dasharray: 2 2; }
.talk .arrow.regretted .tip { fill: ${SOFT}; }
.talk .later text { fill: ${SOFT}; }
.talk .later path { opacity: .5; }
.talk .now { stroke: ${AMBER}; stroke-width: 1.5; }
`;

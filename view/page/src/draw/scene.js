// The tree of processes as boxes: what stands where, of what is true.
//
// No browser is asked for anything: a text is as wide as its letters mostly
// are.
export const BOX = 172, HEAD = 50; // pixels, of a process without children
const CHIP = 108, CHIP_HEAD = 20, GAP = 5, WIDE_GAP = 14, INSIDE = 8;
const INTO = 10; // pixels that an arrow reaches into the boxes at its ends
const MANY = 24; // more children than these are small boxes
export const DEEP = 7; // levels that are open at first

const PARENT = 0xffffff, EXTERNAL = 384;

/** What a process does: words, a sign, and a style. */
export function condition(p, running) {
  if (p.pseudo) return ["stands for another", "◇", "pseudo"];
  if (p.dying) return ["is being removed", "✕", "dying"];
  if (p.index === running) return ["running", "▶", "running"];
  if (p.stopped) return ["stopped", "■", "stopped"];
  if (p.wait === "break") return ["is in a break", "⚠", "broken"];
  if (p.wait === "not") return ["ready", "▷", "ready"];
  return [`waits for ${p.wait === "event" ? "an event"
    : p.wait === "answer" ? "an answer" : "a message"}`, "…", "waits"];
}

/** The name of an external process. */
export const externalName = (number) => (number ? `line ${number}` : "clock");

export function childrenOf(processes) {
  const map = new Map();
  for (const p of processes) {
    if (!map.has(p.parent)) map.set(p.parent, []);
    map.get(p.parent).push(p);
  }
  for (const list of map.values()) list.sort((a, b) => a.number - b.number);
  return map;
}

/** Whom a pseudo process stands for: { process } or { external }; null: nobody.
 * Its server is an address as its parent sees it: levels up, number there. */
export function serverOf(pseudo, byIndex, children) {
  const address = Number(BigInt(pseudo.server) & 0xffffffffn);
  let level = byIndex.get(pseudo.parent);
  if (address === PARENT) return level ? { process: level.parent } : null;
  for (let up = address >>> 16; up > 0 && level; up--) {
    level = byIndex.get(level.parent);
  }
  const number = address & 0xffff;
  if (!level) return null;
  if (level.parent === 0 && number >= EXTERNAL) {
    return { external: number - EXTERNAL };
  }
  const found = (children.get(level.index) ?? []).find(
    (p) => p.number === number);
  return found ? { process: found.index } : null;
}

function countBelow(index, children) {
  let count = 0;
  const open = [index];
  while (open.length) {
    for (const child of children.get(open.pop()) ?? []) {
      count++;
      open.push(child.index);
    }
  }
  return count;
}

/** Boxes side by side, as many in a row as there is room for. */
function flow(sizes, room) {
  const gap = sizes.some((size) => size.h > CHIP_HEAD) ? WIDE_GAP : GAP;
  let x = 0, y = 0, row = 0, width = 0;
  const places = sizes.map(({ w, h }) => {
    if (x > 0 && x + w > room) {
      x = 0;
      y += row + gap;
      row = 0;
    }
    const place = { x, y };
    x += w + gap;
    row = Math.max(row, h);
    width = Math.max(width, x - gap);
    return place;
  });
  return { places, w: width, h: y + row };
}

/** { width, height, boxes, place }: boxes in order, outer ones first; place
 * tells where a process is, or the closed box that it is in.
 *
 * view: { top, width, isOpen(p, depth) }; externals: numbers of those that have
 * something to do with a message now. */
export function scene(state, view, externals = []) {
  const byIndex = new Map(state.processes.map((p) => [p.index, p]));
  const children = childrenOf(state.processes);
  const boxes = [], place = new Map();
  const top = byIndex.get(view.top) ?? byIndex.get(1);

  function measure(p, depth, room, small) {
    const below = children.get(p.index) ?? [];
    const open = below.length > 0 && view.isOpen(p, depth);
    const extra = p.parent === 0 ? externals : [];
    if (p.pseudo || small && !open) {
      return { p, depth, small: true, below, w: small ? CHIP : BOX,
               h: CHIP_HEAD };
    }
    if (!open && !extra.length) return { p, depth, below, w: BOX, h: HEAD };
    const inner = room - 2 * INSIDE;
    const list = open ? below : [];
    const parts = [
      ...extra.map((number) => ({ external: number, w: CHIP, h: CHIP_HEAD })),
      ...list.map((child) =>
        measure(child, depth + 1, inner, list.length > MANY)),
    ];
    const inside = flow(parts, inner);
    return { p, depth, below, open, parts, places: inside.places,
             w: Math.max(inside.w, BOX) + 2 * INSIDE,
             h: HEAD + INSIDE + inside.h + INSIDE };
  }

  function put(part, x, y, closed) {
    const { p, w, h } = part;
    if (part.external !== undefined) {
      const box = { external: part.external, x, y, w, h, head: h };
      place.set(`external ${part.external}`, box);
      boxes.push(box);
      return;
    }
    const box = { p, x, y, w, h, head: part.small ? CHIP_HEAD : HEAD,
      depth: part.depth, small: Boolean(part.small), below: part.below.length,
      open: Boolean(part.open),
      inside: part.open ? 0 : countBelow(p.index, children) };
    if (p.pseudo) box.server = serverOf(p, byIndex, children);
    boxes.push(box);
    place.set(p.index, box);
    part.parts?.forEach((inner, i) =>
      put(inner, x + INSIDE + part.places[i].x,
        y + HEAD + INSIDE + part.places[i].y));
    if (!part.open) {
      const hide = [...part.below];
      while (hide.length) {
        const child = hide.pop();
        place.set(child.index, box);
        hide.push(...children.get(child.index) ?? []);
      }
    }
  }

  if (!top) return { width: 0, height: 0, boxes, place };
  const whole = measure(top, 0, view.width - 4, false);
  put(whole, 2, 2);
  return { width: Math.max(whole.w + 4, view.width), height: whole.h + 4, boxes,
           place };
}

const centre = (box) => [box.x + box.w / 2, box.y + box.head / 2];

/** A point on the way from another one to the middle of a box's head, a little
 * behind its border. */
function within(box, [x, y]) {
  const [cx, cy] = centre(box);
  const dx = x - cx, dy = y - cy, length = Math.hypot(dx, dy) || 1;
  const far = Math.min(dx ? box.w / 2 / Math.abs(dx) : Infinity,
    dy ? box.head / 2 / Math.abs(dy) : Infinity, 1) * length;
  const part = Math.max(far - INTO, 0) / length;
  return [cx + dx * part, cy + dy * part];
}

/** An arrow between two boxes: { path, begin, tip, at, aside }: where it
 * begins, and the direction to which it bends, each as [x, y]; at(part) is a
 * point of it, 0 to 1; null: it begins and ends in the same. */
export function arrow(from, to) {
  if (!from || !to || from === to) return null;
  const begin = within(from, centre(to)), end = within(to, centre(from));
  const dx = end[0] - begin[0], dy = end[1] - begin[1];
  const length = Math.hypot(dx, dy) || 1;
  const bow = Math.min(26, length / 4), aside = [dy / length, -dx / length];
  const middle = [(begin[0] + end[0]) / 2 + aside[0] * bow,
                  (begin[1] + end[1]) / 2 + aside[1] * bow];
  return { path: `M${round(begin)}Q${round(middle)} ${round(end)}`, begin,
           tip: tip(middle, end, 10), aside,
           at: (part) => [0, 1].map((i) => (1 - part) ** 2 * begin[i] +
             2 * part * (1 - part) * middle[i] + part ** 2 * end[i]) };
}

const LETTER = 6.2, LINE = 13; // pixels, of a label

/** By how many pixels two boxes lie over each other. */
const common = (a, b) =>
  Math.max(0, Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y));

/** Where the label of an arrow stands, [middle, foot]: beside it, and over as
 * little as can be of what boxes say; `boxes` are those of the scene. */
export function labelPlace(drawn, letters, boxes, [width, height]) {
  const half = LETTER / 2 * letters, [aside, up] = drawn.aside;
  const between = (value, least, most) =>
    Math.min(Math.max(value, least), Math.max(most, least));
  let best = null;
  for (const part of [0.5, 0.35, 0.65, 0.2, 0.8]) {
    for (const side of [1, -1]) {
      const [x, y] = drawn.at(part);
      const at = [between(x + side * aside * (half + 6), half + 4,
        width - half - 4), between(y + 4 + side * 11 * up, LINE, height - 4)];
      const label = { x: at[0] - half, y: at[1] - LINE + 3, w: 2 * half,
                      h: LINE };
      const covered = boxes.reduce((sum, box) => sum + common(label,
        { x: box.x, y: box.y, w: Math.min(box.w, BOX), h: box.head }), 0);
      if (!best || covered < best.covered) best = { at, covered };
    }
  }
  return best.at;
}

const round = ([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** An arrow's head, as a path. */
export function tip(from, to, size = 8) {
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  const corner = (turn) => [to[0] - size * Math.cos(angle + turn),
                            to[1] - size * Math.sin(angle + turn)];
  return `M${round(to)}L${round(corner(0.42))}L${round(corner(-0.42))}Z`;
}

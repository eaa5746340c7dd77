// Unpacks what Python's lzma.FORMAT_ALONE has packed: the boot image, whose
// programs share much that lies farther apart than a browser's own formats see.
//
// LZMA: literals, and copies of what came before, their bits each told by an
// adaptive probability to a range decoder.
const HEADER = 13; // bytes: parameters, size of the window, size of the result
const BITS = 11, HALF = 1024, MOVE = 5; // of a probability, and its inertia
const LITERAL = 0x300; // probabilities in a context of literals
const PLACES = 16; // at most, of a byte within a word
const STATES = 12;
const LEAST_COPY = 2;

const chances = (count) => new Uint16Array(count).fill(HALF);

class Range {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = HEADER + 1;
    this.range = 0xffffffff;
    this.code = 0;
    for (let i = 0; i < 4; i++) this.shift();
  }

  shift() { this.code = (this.code << 8 | this.bytes[this.at++]) >>> 0; }

  normalise() {
    if (this.range < 0x1000000) {
      this.range = this.range << 8 >>> 0;
      this.shift();
    }
  }

  bit(chance, i) {
    const bound = (this.range >>> BITS) * chance[i];
    let bit = 0;
    if (this.code < bound) {
      this.range = bound;
      chance[i] += (1 << BITS) - chance[i] >> MOVE;
    } else {
      this.range -= bound;
      this.code -= bound;
      chance[i] -= chance[i] >> MOVE;
      bit = 1;
    }
    this.normalise();
    return bit;
  }

  /** So many bits, the highest first; they begin at `from`. */
  tree(chance, bits, from = 0) {
    let m = 1;
    for (let i = 0; i < bits; i++) m = m << 1 | this.bit(chance, from + m);
    return m - (1 << bits);
  }

  /** The same, the lowest bit first. */
  reverse(chance, bits, from) {
    let m = 1, value = 0;
    for (let i = 0; i < bits; i++) {
      const bit = this.bit(chance, from + m);
      m = m << 1 | bit;
      value |= bit << i;
    }
    return value;
  }

  /** Bits that are told by no probability. */
  direct(bits) {
    let value = 0;
    for (let i = 0; i < bits; i++) {
      this.range >>>= 1;
      const bit = this.code >= this.range ? 1 : 0;
      if (bit) this.code -= this.range;
      value = (value << 1 | bit) >>> 0;
      this.normalise();
    }
    return value;
  }
}

class Length {
  constructor() {
    this.choice = chances(2);
    this.low = chances(PLACES << 3);
    this.middle = chances(PLACES << 3);
    this.high = chances(256);
  }

  read(range, place) {
    if (!range.bit(this.choice, 0)) {
      return LEAST_COPY + range.tree(this.low, 3, place << 3);
    }
    if (!range.bit(this.choice, 1)) {
      return LEAST_COPY + 8 + range.tree(this.middle, 3, place << 3);
    }
    return LEAST_COPY + 16 + range.tree(this.high, 8);
  }
}

/** How far back a copy of that length comes from, less 1. */
function distance(range, length, { slot, special, aligned }) {
  const kind = range.tree(slot, 6, Math.min(length - LEAST_COPY, 3) << 6);
  if (kind < 4) return kind;
  const bits = (kind >> 1) - 1;
  const base = (2 | kind & 1) << bits >>> 0;
  return kind < 14 ? base + range.reverse(special, bits, base - kind)
    : base + range.direct(bits - 4) * 16 + range.reverse(aligned, 4, 0);
}

function literal(range, chance, from, match) {
  let m = 1;
  if (match !== undefined) {
    while (m < 256) {
      const wanted = match >> 7 & 1;
      match <<= 1;
      const bit = range.bit(chance, from + (1 + wanted << 8) + m);
      m = m << 1 | bit;
      if (bit !== wanted) break;
    }
  }
  while (m < 256) m = m << 1 | range.bit(chance, from + m);
  return m;
}

/** The bytes that were packed. */
export function unpack(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const context = bytes[0] % 9, rest = Math.floor(bytes[0] / 9);
  const literals = rest % 5, words = Math.floor(rest / 5);
  const out = new Uint8Array(view.getUint32(5, true));
  const range = new Range(bytes);
  const literalOf = chances(LITERAL << context + literals);
  const isCopy = chances(STATES * PLACES), isLong = chances(STATES * PLACES);
  const isOld = chances(STATES), isOther = chances(STATES);
  const isOlder = chances(STATES), isLast = chances(STATES);
  const far = { slot: chances(256), special: chances(128),
                aligned: chances(16) };
  const copyLength = new Length(), oldLength = new Length();
  let old = [0, 0, 0, 0], state = 0, at = 0;
  while (at < out.length) {
    const place = at & (1 << words) - 1, before = state * PLACES + place;
    if (!range.bit(isCopy, before)) {
      const after = at > 0 ? out[at - 1] : 0;
      const from = ((at & (1 << literals) - 1) << context) +
        (after >> 8 - context);
      out[at] = literal(range, literalOf, LITERAL * from,
        state >= 7 ? out[at - old[0] - 1] : undefined);
      at++;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    let length;
    if (!range.bit(isOld, state)) {
      length = copyLength.read(range, place);
      old = [distance(range, length, far), old[0], old[1], old[2]];
      state = state < 7 ? 7 : 10;
    } else if (!range.bit(isOther, state)) {
      length = range.bit(isLong, before) ? oldLength.read(range, place) : 1;
      state = state < 7 ? (length === 1 ? 9 : 8) : 11;
    } else {
      const which = !range.bit(isOlder, state) ? 1
        : range.bit(isLast, state) ? 3 : 2;
      old.unshift(...old.splice(which, 1));
      length = oldLength.read(range, place);
      state = state < 7 ? 8 : 11;
    }
    if (old[0] >= at || at + length > out.length) {
      throw new Error("the boot image is damaged");
    }
    for (const end = at + length; at < end; at++) {
      out[at] = out[at - old[0] - 1];
    }
  }
  return out;
}

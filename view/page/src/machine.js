// The machine of view/machine, as WebAssembly.
const STORAGE = 128 << 20; // bytes
const NEWS = { time: 0, stopped: 1, asleep: 2, halted: 3 };
const ANSWERS = Object.entries(NEWS).reduce(
  (names, [name, number]) => { names[number] = name; return names; }, []);
const STOPS = { none: 0, message: 1, trap: 2, sent: 3, breaks: 4, waits: 5,
                rest: 6 };

async function fetched(name) {
  const response = await fetch(new URL(name, self.location.href));
  if (!response.ok) throw new Error(`${name} is not there (${response.status})`);
  return new Uint8Array(await response.arrayBuffer());
}

export class Machine {
  static async load() {
    const [code, kernel, image, layout] = await Promise.all(
      ["machine.wasm", "kerne", "image.tar", "kerne.layout"].map(fetched));
    const { instance } = await WebAssembly.instantiate(code, {});
    return new Machine(instance.exports, kernel, image, layout);
  }

  constructor(exports, kernel, image, layout) {
    this.exports = exports;
    const at = [kernel, image, layout].map((bytes) => this.put(bytes));
    const why = exports.page_boot(STORAGE, at[0], kernel.length, at[1],
      image.length, at[2], layout.length);
    if (why) throw new Error(this.text(why));
  }

  /** Copies bytes into the machine's world; they stay there. */
  put(bytes) {
    const at = this.exports.page_room(bytes.length);
    if (!at) throw new Error("this page has too little memory for it");
    new Uint8Array(this.exports.memory.buffer, at, bytes.length).set(bytes);
    return at;
  }

  bytes(at, length) {
    return new Uint8Array(this.exports.memory.buffer, at, length).slice();
  }

  text(at) {
    const all = new Uint8Array(this.exports.memory.buffer, at);
    return new TextDecoder().decode(all.slice(0, all.indexOf(0)));
  }

  /** What a function of the page wrote as JSON. */
  json(name, ...words) {
    const length = this.exports[name](...words);
    const at = this.exports.page_text();
    return JSON.parse(new TextDecoder().decode(this.bytes(at, length)));
  }

  clock() { return Number(this.exports.page_clock()); }
  farthest() { return Number(this.exports.page_farthest()); }
  executed() { return Number(this.exports.page_executed()); }
  isHalted() { return this.exports.page_halted() !== 0; }
  moment() {
    return { at: this.clock(), trap: Number(this.exports.page_traps()) };
  }

  /** "time": it came to `until`; "stopped": by what is wanted; "asleep": it
   * waits for somebody to type; "halted". */
  run(until, stop) {
    const { kind = "none", from = "", to = "", longer = 0 } = stop ?? {};
    const names = this.put2(`${from}\0${to}\0`);
    return ANSWERS[this.exports.page_run(BigInt(Math.floor(until)),
      STOPS[kind], names, BigInt(Math.floor(longer)))];
  }

  /** Into a small place of its own, which the next call uses again. */
  put2(text) {
    const bytes = new TextEncoder().encode(text);
    const at = this.exports.page_scratch();
    const room = this.exports.page_scratch_bytes();
    new Uint8Array(this.exports.memory.buffer, at, room)
      .set(bytes.subarray(0, room - 1));
    return at;
  }

  type(text) {
    for (const byte of new TextEncoder().encode(text)) {
      this.exports.page_type(byte);
    }
  }

  takeOutput() {
    const length = this.exports.page_output();
    return length ? [{ at: this.clock(),
                       bytes: this.bytes(this.exports.page_text(), length) }]
      : [];
  }

  takeEvents() { return this.json("page_events"); }
  state() { return this.json("page_state"); }
  goTo(at) { this.exports.page_go(BigInt(Math.floor(at))); }
  back(what) { this.exports.page_back(STOPS[what]); }

  play(log) {
    for (const { at, text } of log) {
      this.exports.page_play(BigInt(at), 0);
      for (const byte of new TextEncoder().encode(text)) {
        this.exports.page_play(BigInt(at), byte);
      }
    }
  }

  ask(question, ...words) {
    switch (question) {
    case "windows": return this.json("page_windows", words[0], BigInt(words[1]));
    case "way": return this.json("page_way", words[0], BigInt(words[1]));
    case "registers": return this.json("page_registers", words[0]);
    case "log": return this.json("page_log");
    case "read": {
      const length = this.exports.page_read(words[0], BigInt(words[1]),
        words[2]);
      return length < 0 ? null
        : [...this.bytes(this.exports.page_text(), length)];
    }
    default: return null;
    }
  }
}

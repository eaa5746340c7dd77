// The machine of the page, in node: node same.mjs FILES LOG MOMENT...
//
// FILES are the machine, the nucleus, its layout and the boot image, LOG is
// what is typed, [{ at, text }].  Prints a line of JSON for each moment,
// forwards, and backwards again: { clock, hash }; and at the end how many
// instructions it executes in a second of the processor: { speed }.
import { readFileSync } from "node:fs";
import { Machine } from "../../view/page/src/machine.js";

const LOOK = 2e8; // instructions, to see how fast it is
const ROUNDS = 3;

const [code, nucleus, layout, image, log, ...moments] = process.argv.slice(2);
const machine = new Machine(await WebAssembly.compile(readFileSync(code)), "",
  [nucleus, image, layout].map((path) => new Uint8Array(readFileSync(path))));
const told = (what) => console.log(JSON.stringify(what));

machine.play(JSON.parse(log));
for (const at of [...moments, ...moments.slice(0, -1).reverse(),
                  moments.at(-1)].map(Number)) {
  machine.goTo(at);
  told({ clock: machine.clock(), hash: machine.hash() });
}
let speed = 0;
for (let i = 0; i < ROUNDS; i++) {
  const before = machine.executed(), used = process.cpuUsage();
  machine.goTo(machine.clock() + LOOK);
  const { user, system } = process.cpuUsage(used);
  const rate = (machine.executed() - before) / (user + system);
  speed = Math.max(speed, rate * 1e6);
}
told({ speed });

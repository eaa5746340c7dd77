// Goes through the lessons of the page:
// node lessons.mjs WASM KERNEL IMAGE LAYOUT
//
// Prints a line of JSON for each step: { name, good, why }.
import { readFileSync } from "node:fs";
import { follow } from "../../view/page/src/follow.js";
import { LESSONS } from "../../view/page/src/lessons/all.js";
import { Machine } from "../../view/page/src/machine.js";

const [wasm, ...files] = process.argv.slice(2).map((path) =>
  readFileSync(path));
const code = await WebAssembly.compile(wasm);

function through(steps) {
  let done;
  while (!(done = steps.next()).done);
  return done.value;
}

for (const lesson of LESSONS) {
  const machine = new Machine(code, "", files, lesson.disk);
  for (const [i, step] of lesson.steps.entries()) {
    const { found, seen } = through(follow(machine, lesson, i, i));
    const wrong = seen.filter(([, isSo]) => !isSo).map(([words]) => words);
    console.log(JSON.stringify({
      name: `${lesson.name}.${i + 1}`,
      good: found && seen.length > 0 && wrong.length === 0,
      why: found ? wrong.map((words) => `it is not so: ${words}`)
        : [`it does not come: ${step.name}`] }));
  }
}

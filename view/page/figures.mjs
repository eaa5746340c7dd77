// Draws the figures of the book: node figures.mjs MODULES OUTPUT WASM KERNEL
// IMAGE LAYOUT.  MODULES is as for build.mjs; into the folder OUTPUT come files
// lesson-NAME-STEP.svg, and lessons.json with name, chapter and number of
// steps.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { interfacePlugin } from "./interface.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const [modules, output, wasm, ...files] = process.argv.slice(2);
const { build } = createRequire(join(modules, "here.js"))("esbuild");
const made = join(output, "figures.mjs");
await build({
  absWorkingDir: here, nodePaths: [join(modules, "node_modules")],
  entryPoints: ["src/figures.jsx"], outfile: made, bundle: true,
  format: "esm", platform: "node", target: "es2022", jsx: "automatic",
  jsxImportSource: "preact", plugins: [interfacePlugin], logLevel: "warning",
});
const { LESSONS, figures } = await import(pathToFileURL(made));
writeFileSync(join(output, "lessons.json"), JSON.stringify(LESSONS.map(
  ({ name, chapter, steps }) => ({ name, chapter, steps: steps.length }))));
const code = await WebAssembly.compile(readFileSync(wasm));
for (const { name, text } of
  figures(code, files.map((path) => readFileSync(path)))) {
  writeFileSync(join(output, `lesson-${name}.svg`), text);
}

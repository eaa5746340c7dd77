// Builds the page: node build.mjs MODULES OUTPUT [FILE...].
//
// MODULES is the folder in which npm has put the libraries.  OUTPUT becomes one
// static folder, with the files (the machine, the nucleus, its layouts, the
// boot image) beside the page.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { interfacePlugin } from "./interface.mjs";

const here = dirname(fileURLToPath(import.meta.url));

const [modules, output, ...files] = process.argv.slice(2);
if (!output) {
  console.error("usage: node build.mjs MODULES OUTPUT [FILE...]");
  process.exit(2);
}
const { build } = createRequire(join(modules, "here.js"))("esbuild");
mkdirSync(output, { recursive: true });
await build({
  absWorkingDir: here, nodePaths: [join(modules, "node_modules")],
  entryPoints: { page: "src/main.jsx", worker: "src/worker.js" },
  outdir: output, bundle: true, minify: true, format: "esm",
  target: "es2022", jsx: "automatic", jsxImportSource: "preact",
  legalComments: "linked", plugins: [interfacePlugin], logLevel: "warning",
});
const html = readFileSync(join(here, "index.html"), "utf8");
writeFileSync(join(output, "index.html"), html);
for (const file of files) copyFileSync(file, join(output, basename(file)));

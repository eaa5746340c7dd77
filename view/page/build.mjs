// Builds the page: node build.mjs MODULES OUTPUT [FILE...].
//
// MODULES is the folder in which npm has put the libraries.  OUTPUT becomes one static folder, with the files (the machine, the nucleus,
// its layouts, the boot image) beside the page.  What is said of the nucleus's
// interface comes from its own headers, as `kerne:interface`.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const abi = join(here, "..", "..", "nucleus", "abi");

/** number -> words, of an enumeration in kerne.h. */
function enumeration(header, name, prefix) {
  const body = header.match(new RegExp(`enum ${name} \\{([^}]*)\\}`))[1];
  const found = {};
  for (const [, word, value] of
    body.matchAll(new RegExp(`${prefix}(\\w+) = (\\d+)`, "g"))) {
    found[value] = word.toLowerCase().replaceAll("_", " ");
  }
  return found;
}

function nucleusInterface() {
  const header = readFileSync(join(abi, "kerne.h"), "utf8");
  const results = readFileSync(join(abi, "results.def"), "utf8");
  return {
    operations: enumeration(header, "kerne_operation", "KERNE_"),
    breaks: enumeration(header, "kerne_break", "KERNE_BREAK_"),
    results: Object.fromEntries(
      [...results.matchAll(/KERNE_RESULT\((\d+), (\w+), "([^"]*)"\)/g)].map(
        ([, number, name, sentence]) =>
          [number, { name: name.replaceAll("_", " "), sentence }])),
  };
}

const interfacePlugin = {
  name: "interface",
  setup(builder) {
    builder.onResolve({ filter: /^kerne:interface$/ },
      (args) => ({ path: args.path, namespace: "kerne" }));
    builder.onLoad({ filter: /.*/, namespace: "kerne" }, () => ({
      contents: JSON.stringify(nucleusInterface()), loader: "json",
    }));
  },
};

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

// What is said of the nucleus's interface, and of the contract with a parent,
// comes from their own headers, as `kerne:interface`: a plugin of esbuild.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const top = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const abi = join(top, "nucleus", "abi");
const PARENT = join(top, "children", "lib", "parent.h");

/** number -> words, of an enumeration in a header. */
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
    operations: {
      ...enumeration(header, "kerne_operation", "KERNE_"),
      ...enumeration(readFileSync(PARENT, "utf8"), "kerne_parent_operation",
        "KERNE_"),
    },
    breaks: enumeration(header, "kerne_break", "KERNE_BREAK_"),
    actions: enumeration(header, "kerne_action", "KERNE_"),
    results: Object.fromEntries(
      [...results.matchAll(/KERNE_RESULT\((\d+), (\w+), "([^"]*)"\)/g)].map(
        ([, number, name, sentence]) =>
          [number, { name: name.replaceAll("_", " "), sentence }])),
  };
}

/** For esbuild. */
export const interfacePlugin = {
  name: "interface",
  setup(builder) {
    builder.onResolve({ filter: /^kerne:interface$/ },
      (args) => ({ path: args.path, namespace: "kerne" }));
    builder.onLoad({ filter: /.*/, namespace: "kerne" }, () => ({
      contents: JSON.stringify(nucleusInterface()), loader: "json",
    }));
  },
};

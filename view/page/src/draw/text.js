// A drawing as the text of an SVG file, or of a part of a page: no browser is
// needed for it.  Drawings are made of functions of their properties, and of
// classes whose render() has no other state.
const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text) => String(text).replace(/[&<>"]/g, (c) => ESCAPES[c]);
const ONLY_IN_PAGES = new Set(["key", "ref", "children", "tabindex"]);

function attributes(properties) {
  let text = "";
  for (const [name, value] of Object.entries(properties)) {
    if (ONLY_IN_PAGES.has(name) || typeof value === "function" ||
        value === null || value === undefined || value === false) continue;
    text += ` ${name}="${escaped(value)}"`;
  }
  return text;
}

export function toText(node) {
  if (node === null || node === undefined || typeof node === "boolean") {
    return "";
  }
  if (Array.isArray(node)) return node.map(toText).join("");
  if (typeof node !== "object") return escaped(node);
  const { type, props } = node;
  if (typeof type === "function") {
    const drawn = type.prototype?.render ? new type(props).render(props)
      : type(props);
    return toText(drawn);
  }
  if (type === "style") return `<style>${props.children}</style>`;
  return `<${type}${attributes(props)}>${toText(props.children)}</${type}>`;
}

/** The whole file. */
export const toFile = (drawing) =>
  toText(drawing).replace(/^<svg/, '<svg xmlns="http://www.w3.org/2000/svg"');

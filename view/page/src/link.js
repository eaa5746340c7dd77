// A session in an address: what was typed when, and which moment is shown.
//
// #s=BASE64URL of "at text" lines, deflated by the browser is not needed: what
// a person types is short.  The machine does the rest again, to the bit.

export function toLink(log, at) {
  const text = JSON.stringify({ at, log });
  const bytes = new TextEncoder().encode(text);
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return "#s=" + btoa(binary).replaceAll("+", "-").replaceAll("/", "_")
    .replace(/=+$/, "");
}

/** { at, log } of an address; null: there is none, or it is damaged. */
export function fromLink(hash) {
  const found = /^#s=([\w-]+)$/.exec(hash);
  if (!found) return null;
  try {
    const binary = atob(found[1].replaceAll("-", "+").replaceAll("_", "/"));
    const text = new TextDecoder().decode(
      Uint8Array.from(binary, (c) => c.charCodeAt(0)));
    const { at, log } = JSON.parse(text);
    const good = Number.isFinite(at) && Array.isArray(log) &&
      log.every((part) => Number.isFinite(part.at) &&
        typeof part.text === "string");
    return good ? { at, log } : null;
  } catch {
    return null;
  }
}

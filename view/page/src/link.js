// A session in an address: what was typed when, and which moment is shown; or a
// lesson, and its step.
//
// #s=BASE64URL of "at text" lines, deflated by the browser is not needed: what
// a person types is short.  The machine does the rest again, to the bit.
// #lesson=NAME&step=N: the first is 1.

export function toLink(log, at, disk) {
  const text = JSON.stringify({ at, log, disk });
  const bytes = new TextEncoder().encode(text);
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return "#s=" + btoa(binary).replaceAll("+", "-").replaceAll("/", "_")
    .replace(/=+$/, "");
}

/** { lesson, step }, from 0 on; null: the address names none. */
export function lessonOf(hash) {
  const found = /^#lesson=([\w-]+)(?:&step=(\d+))?$/.exec(hash);
  return found && { lesson: found[1], step: Math.max(0, (found[2] ?? 1) - 1) };
}

export const toLesson = ({ lesson, step }) =>
  `#lesson=${lesson}&step=${step + 1}`;

const isMoment = (at) => Number.isSafeInteger(at) && at >= 0;
const DISK = 2 ** 32; // bytes, that the machine can be asked for, and one more
const BLOCK = 512; // of a disk
const TYPED = 2 ** 18; // bytes, that the machine remembers

/** What was typed when, in order, and not too much of it. */
function isLog(log) {
  let last = 0, bytes = 0;
  return Array.isArray(log) && log.every(({ at, text }) => {
    const good = isMoment(at) && at >= last && typeof text === "string";
    last = at;
    bytes += new TextEncoder().encode(text).length;
    return good && bytes <= TYPED;
  });
}

/** What an address says to boot: { at, log, disk }, or { at, lab } for a run
 * that ./lab --view has made, #lab=NUMBER&at=NANOSECONDS; null: nothing, or it
 * is damaged. */
export function fromLink(hash) {
  const ofLab = /^#lab=(\d+)&at=(\d+)$/.exec(hash)?.slice(1).map(Number);
  if (ofLab?.every(isMoment)) return { lab: ofLab[0], at: ofLab[1] };
  const found = /^#s=([\w-]+)$/.exec(hash);
  if (!found) return null;
  try {
    const binary = atob(found[1].replaceAll("-", "+").replaceAll("_", "/"));
    const text = new TextDecoder().decode(
      Uint8Array.from(binary, (c) => c.charCodeAt(0)));
    const { at, log, disk = 0 } = JSON.parse(text);
    const good = isMoment(at) && isLog(log) && isMoment(disk) &&
      disk < DISK && disk % BLOCK === 0;
    return good ? { at, log, disk } : null;
  } catch {
    return null;
  }
}

/** The same with its log, and what is booted, from the server; null: it is not
 * there any more. */
export async function whole(link) {
  if (link?.lab === undefined) return link;
  try {
    const reply = await fetch(
      new URL(`lab-${link.lab}.json`, document.baseURI));
    return reply.ok // what happened then has happened
      ? { ...await reply.json(), at: link.at + 1 } : null;
  } catch { // nobody serves this page any more
    return null;
  }
}

/** What is wrong with an address, in words for the person; "": nothing.
 * `steps`: of the lesson that it names, 0: there is none; `link`: what whole()
 * made of it. */
export function faultOf(hash, steps, link) {
  const wanted = lessonOf(hash);
  if (wanted && !steps) return `There is no lesson “${wanted.lesson}”.`;
  if (wanted?.step >= steps) {
    return `The lesson “${wanted.lesson}” has ${steps} steps; ` +
      "this is the last.";
  }
  if (wanted || link || hash.length <= 1) return "";
  if (hash.startsWith("#s=")) {
    return "The link is damaged or cut short, and leads to no session.";
  }
  return hash.startsWith("#lab=")
    ? "That run of a lab is not here: the link is damaged, or of another " +
      "./lab --view."
    : "What stands behind the # of the address names no lesson and no session.";
}

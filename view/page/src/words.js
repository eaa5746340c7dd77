// What messages say, in words.
import facts from "kerne:interface";

const GRANTS = ["", "read", "write", "read and write"];

export const number = (word) => BigInt(word);
export const hex = (value) => "0x" + BigInt(value).toString(16);

/** { operation, name, isKnown, grant, first, last } of a message. */
export function message(words) {
  const first = number(words[0]);
  const operation = Number(first >> 2n & 0xffffffffn);
  const isKnown = operation in facts.operations;
  const name = isKnown ? facts.operations[operation]
    : `operation ${operation}`;
  return { operation, name, isKnown,
           grant: Number(first & 3n), first: number(words[1]),
           last: number(words[2]) };
}

export const operations = Object.values(facts.operations);

/** The number of an operation, by its name or as it is; undefined: neither. */
export function operationOf(text) {
  const found = Object.entries(facts.operations).find(
    ([, name]) => name === text);
  return found ? Number(found[0]) : /^\d{1,9}$/.test(text) ? Number(text)
    : undefined;
}

export function breakName(words) {
  const kind = Number(number(words[0])), name = facts.breaks[kind];
  return name === "call" ? `call ${number(words[1])}` : name ?? `break ${kind}`;
}

/** What the answer to a break says that is to be done. */
function action(event) {
  if (!event.words) return "answer";
  const number = Number(BigInt(event.words[0]));
  return facts.actions[number] ?? `action ${number}`;
}

export function resultName(result) {
  return facts.results[result]?.name ?? `result ${result}`;
}

/** One line for an event that carries words. */
export function sentence(event) {
  const [who, whom] = event.names ?? ["?", "?"];
  switch (event.event) {
  case "queued":
    if (event.break) {
      return `${who} breaks: ${event.words ? breakName(event.words) : ""}, ` +
        `told to ${whom}`;
    }
    return `${who} sends ${what(event)} to ${whom}`;
  case "received": return `${who} receives the message of ${whom}`;
  case "answered":
    return event.break ? `${who} answers the break of ${whom}: ${action(event)}`
      : `${who} answers ${whom}` +
        (event.numbers[0] ? `: ${resultName(event.numbers[0])}` : "");
  case "returned": return event.break ? `${who} goes on`
    : `${who} has its answer`;
  case "regretted": return `${who} takes back its message to ${whom}`;
  case "runs": return event.process ? `${who} runs` : "the machine idles";
  case "pays": return event.process ? `${who} pays` : "nobody pays";
  case "made": return `${who} is made, a child of ${whom}`;
  case "started": return `${who} is started`;
  case "stopped": return `${who} is stopped`;
  case "removed": return `${who} is being removed`;
  case "gone": return `${who} is gone`;
  case "opened": return `${who} gets ${pages(event)} from its parent`;
  case "closed": return `${who} loses ${pages(event)}`;
  case "composed": return `${pages(event)} of ${who} can be translated`;
  case "dropped": return `${pages(event)} of ${who} must be composed again`;
  case "claim":
    return `${who} now has ${event.numbers[0]} ` +
      `${["buffers", "processes", "tables"][event.numbers[2]]}, ` +
      `${event.numbers[1]} of them given`;
  default: return event.event;
  }
}

function what(event) {
  if (!event.words || event.external !== undefined) return "a message";
  const { name, grant } = message(event.words);
  if (event.text !== undefined) return `${name} ${quoted(event.text)}`;
  return grant ? `${name}, with an area to ${GRANTS[grant]},` : name;
}

/** Text as one line of at most so many letters. */
export function quoted(text, most = 40) {
  const line = text.replace(/\n$/, "").replace(/[\0-\x1f\x7f]/g, "·");
  return `“${line.length > most ? `${line.slice(0, most - 1)}…` : line}”`;
}

/** An event of a conversation in a few letters, for an arrow. */
export function short(event) {
  if (event.break) {
    return event.event === "queued"
      ? `⚠ ${event.words ? breakName(event.words) : "break"}` : action(event);
  }
  if (event.event === "regretted") return "taken back";
  if (event.event === "answered") {
    return event.numbers[0] ? resultName(event.numbers[0]) : "answer";
  }
  if (!event.words || event.external !== undefined) return "message";
  if (event.text !== undefined) return quoted(event.text, 16);
  const { name, grant } = message(event.words);
  return grant ? `${name} +area` : name;
}

function pages(event) {
  const [first, count] = event.numbers;
  const address = hex(first * 4096);
  return count === 1 ? `page ${address}` : `${count} pages from ${address} on`;
}

export const RIGHTS = (rights) =>
  ["r", "w", "x"].map((sign, bit) => (rights >> bit & 1 ? sign : "-")).join("");

/** The area that a message grants; null: none. */
export function area(words) {
  const m = message(words);
  if (!m.grant || m.last <= m.first) return null;
  return { grant: GRANTS[m.grant], first: m.first, last: m.last };
}

export const REGISTERS = ("pc ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 " +
  "a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6").split(" ");

/** Nanoseconds as a time that a person reads. */
export function time(ns) {
  if (ns < 0) return `-${time(-ns)}`;
  if (ns < 1e3) return `${ns} ns`;
  if (ns < 1e6) return `${(ns / 1e3).toFixed(2)} µs`;
  if (ns < 1e9) return `${(ns / 1e6).toFixed(3)} ms`;
  return `${(ns / 1e9).toLocaleString("en", { minimumFractionDigits: 4,
    maximumFractionDigits: 4 })} s`;
}

const SPANS = [["year", 31557600e3], ["day", 86400e3], ["hour", 3600e3],
               ["minute", 60e3], ["second", 1e3]];

/** Milliseconds of a person's time, roughly, in words. */
export function duration(ms) {
  const [word, span] = SPANS.find(([, least]) => ms >= least) ?? SPANS.at(-1);
  const count = Math.max(1, Math.round(ms / span));
  return count === 1 ? `${word === "hour" ? "an" : "a"} ${word}`
    : `${count.toLocaleString("en")} ${word}s`;
}

// Chapter 2: Names and the display.
const INNER = "new s2 size 8M internal 60 buf 100 image prog s run\r";
const TO_INNER = "\u001bs/s2\r"; // ESC: what is typed goes there now

export default [{
  name: "names", chapter: 2,
  title: "A name means what it means where you stand",
  text: "hello prints to `console`; in s2 that is another process than in s.",
  steps: [
    {
      name: "A second system, and its own console", choose: "s/s2/checkio",
      type: [INNER, TO_INNER, "new checkio run present console\r"],
      until: { kind: "rest" }, tab: "process",
      text: "s2 is a child of s, and the same program. It has told the " +
        "nucleus that `console` stands for its child checkio. Dashed boxes " +
        "are such names: nobody lives there. Under `process` are the names " +
        "that checkio sees: at up 1 those that s2 has declared; the ones of " +
        "s are beyond its horizon.",
      holds: {
        "console of s stands for another process": (now) =>
          now.process("s/console").pseudo,
        "console of s2, too": (now) => now.process("s/s2/console").pseudo,
        "checkio waits for an event": (now) =>
          now.process("s/s2/checkio").wait === "event",
        "checkio sees one level up, and no further": (now) =>
          now.process("s/s2/checkio").horizon === 1,
      },
    }, {
      name: "hello writes to `console`, and checkio has it",
      type: "new hello run\r", choose: "s/s2/checkio", tab: "conversations",
      until: { kind: "event", event: "received", from: "checkio", to: "hello" },
      text: "hello is the same program as ever. It sent to the address of " +
        "the name `console`; the nucleus went from there to the server, in " +
        "one step, and s2 had nothing to do.",
      holds: {
        "hello waits for the answer": (now) =>
          now.process("s/s2/hello").wait === "answer",
        "its message is in checkio's hands": (now) =>
          now.held("s/s2/checkio").some((b) => b.from === "s/s2/hello"),
        "nothing of it is in the hands of s2": (now) =>
          now.held("s/s2").every((b) => b.from !== "s/s2/hello"),
      },
    }, {
      name: "checkio passes it on, to `terminal`", choose: "s/terminal",
      until: { kind: "event", event: "queued", from: "checkio",
               to: "terminal" },
      where: (event) => (BigInt(event.words[0]) & 3n) === 1n,
      tab: "conversations", draw: { what: "tree", chosen: "" },
      text: "`terminal` of s2 stands for what s2 itself calls `console`, and " +
        "that stands for the driver: two steps from name to name, and it is " +
        "there. The driver is told who sent it: somebody inside of s2.",
      holds: {
        "the driver in s has checkio's message": (now) =>
          [...now.held("s/terminal"), ...now.queue("s/terminal")].some(
            (b) => b.from === "s/s2/checkio"),
        "checkio has hello's still, and owes the answer": (now) =>
          now.held("s/s2/checkio").some((b) => b.from === "s/s2/hello"),
        "so hello pays for all of it": (now) =>
          now.payer === "s/s2/hello",
      },
    },
  ],
}];

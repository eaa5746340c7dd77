// Chapter 3: Storage as windows.
const INNER = "new s2 size 8M internal 60 buf 100 image prog s run\r";
const TO_INNER = "\u001bs/s2\r";
const BEGIN = 0x80400; // the page at which a program begins

export default [{
  name: "windows", chapter: 3, title: "From a window to the machine",
  text: "A program in a system in a system: whose pages are these?",
  steps: [
    {
      name: "crash is made, and has no page yet", choose: "s/s2/crash",
      type: [INNER, TO_INNER, 'new crash prog "crash load" run\r'],
      until: { kind: "event", event: "started", from: "crash" }, tab: "storage",
      text: "s2 has opened windows for it, onto pages of its own. Each row " +
        "is a stretch of them, with rights. The machine can translate none " +
        "yet: nobody has touched them. Choose the first, and see its way.",
      holds: {
        "all its pages are windows onto s2": (now) =>
          now.process("s/s2/crash").pages > 0 &&
          now.windows("s/s2/crash").length > 0,
        "none of them is composed": (now) =>
          now.windows("s/s2/crash").every((w) => !w.composed),
        "the first page may not be written": (now) =>
          (now.way("s/s2/crash", BEGIN)[0].rights & 2) === 0,
      },
    }, {
      name: "The first touch: two windows are one entry", choose: "s/s2/crash",
      until: { kind: "event", event: "composed", from: "crash" },
      tab: "storage", draw: { what: "way", page: BEGIN },
      text: "crash was to execute its first instruction, and the machine had " +
        "no entry. The nucleus climbed from window to window: crash, s2, s, " +
        "whose pages are the machine's; and filled in what all of them " +
        "allow. Nobody was told.",
      holds: {
        "the way has three steps": (now) => now.way("s/s2/crash", BEGIN)
          .map((step) => step.path).join() === "s/s2/crash,s/s2,s",
        "the page is composed in crash, and in s2": (now) =>
          now.way("s/s2/crash", BEGIN).slice(0, 2).every((s) => s.composed),
        "crash has fewer rights than s2": (now) => {
          const [crash, s2] = now.way("s/s2/crash", BEGIN);
          return (crash.rights & ~s2.rights) === 0 &&
            crash.rights !== s2.rights;
        },
      },
    }, {
      name: "A load from nowhere becomes a message", choose: "s/s2/crash",
      until: { kind: "breaks", from: "crash" }, tab: "events",
      draw: { what: "tree" },
      text: "At 0x1000 crash has no window. The nucleus has no opinion about " +
        "that: it asks the parent of the process whose window is missing. " +
        "That is s2, and not s. Word 0 of the break says page fault, word 1 " +
        "the address, word 2 that it was to read, word 3 where.",
      holds: {
        "the break is in the hands of s2": (now) =>
          now.held("s/s2").some((b) => b.isBreak && b.from === "s/s2/crash"),
        "it tells of a page fault, at 0x1000": (now) =>
          BigInt(now.event.words[0]) === 2n &&
          BigInt(now.event.words[1]) === 0x1000n,
        "crash waits in the break": (now) =>
          now.process("s/s2/crash").wait === "break",
        "s was asked nothing": (now) =>
          now.held("s").length + now.queue("s").length === 0,
      },
    }, {
      name: "s2 answers: stay", choose: "s/s2/crash", tab: "conversations",
      until: { kind: "event", event: "answered", from: "s2", to: "crash" },
      text: "A parent answers a break as it answers any message, and says in " +
        "word 0 what is to become of its child. crash stays as it is, to be " +
        "looked at; its storage was s2's all the time.",
      holds: {
        "word 0 of the answer is 0, stay": (now) =>
          BigInt(now.event.words[0]) === 0n,
        "crash is stopped": (now) => now.process("s/s2/crash").stopped,
      },
    },
  ],
}];

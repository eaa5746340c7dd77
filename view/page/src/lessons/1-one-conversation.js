// Chapter 1: One conversation.
const sent = { kind: "sent", from: "talk", to: "echo" };
const TEXT = 0x20; // ECHO_TEXT of children/echo.h, with its place in word 0
const isWord = (text) => (event) => text === String.fromCharCode(
  ...Array.from(text, (_, i) =>
    Number(BigInt(event.words[1]) >> BigInt(8 * i) & 0xffn)));

export default [{
  name: "conversation", chapter: 1, title: "One conversation",
  text: "The word `again` goes from talk to echo, and comes back.",
  names: { "operation 32": "a word" }, // of children/echo.h
  steps: [
    {
      name: "talk has sent, and echo has the message",
      type: ["new echo run\r", 'new talk prog "talk hello again" run\r'],
      until: sent, where: isWord("again"), choose: "s/echo", tab: "events",
      draw: { what: "tree" },
      text: "echo waited for an event, so it runs at once, in talk's turn: " +
        "the nucleus has handed the processor over. What was sent are eight " +
        "words; they were never in storage that the nucleus would have to " +
        "look at. Word 0 says what is wanted, word 1 begins with the letters.",
      holds: {
        "echo runs, behind its call": (now) => now.running === "s/echo" &&
          now.process("s/echo").wait === "not",
        "it has talk's message in its hands, and owes an answer": (now) =>
          now.held("s/echo").length === 1 &&
          now.held("s/echo")[0].from === "s/talk",
        "talk waits for the answer to just this message": (now) =>
          now.process("s/talk").wait === "answer" &&
          now.process("s/talk").waitFor === now.event.buffer,
        "talk still pays: echo works for it": (now) => now.payer === "s/talk",
      },
    }, {
      name: "echo has answered, and waits again", tab: "conversations",
      until: { kind: "event", event: "answered", from: "echo", to: "talk" },
      choose: "s/talk",
      text: "The answer went back in the buffer of the message: echo needed " +
        "no address of talk. The words are in talk's registers, and the " +
        "buffer is talk's again, to be used for what it says next.",
      holds: {
        "talk runs": (now) => now.running === "s/talk",
        "the answer has the words of the message": (now) =>
          isWord("again")(now.event) &&
          Number(BigInt(now.event.words[0]) >> 2n) === TEXT,
        "nothing is in echo's hands": (now) => now.held("s/echo").length === 0,
        "echo waits for an event": (now) =>
          now.process("s/echo").wait === "event",
        "talk has all its buffers": (now) =>
          now.process("s/talk").claims[0][1] ===
          now.process("s/talk").claims[0][0],
      },
    }, {
      name: "To print is a conversation, too", choose: "s/terminal",
      until: { kind: "sent", from: "talk", to: "terminal" },
      tab: "conversations",
      draw: { what: "talk", among: ["talk", "echo", "terminal"], last: 6 },
      text: "`echo answers: again` stands in talk's storage. The message has " +
        "no text in it, but where the text is, and lets the console read " +
        "there. In `events` the area is shown.",
      holds: {
        "terminal has it in its hands": (now) =>
          now.held("s/terminal").some((b) => b.from === "s/talk"),
        "word 0 grants an area for reading": (now) =>
          (BigInt(now.event.words[0]) & 3n) === 1n,
        "the area is not empty": (now) =>
          BigInt(now.event.words[2]) > BigInt(now.event.words[1]),
      },
    },
  ],
}, {
  name: "queue", chapter: 1, title: "When the receiver cannot run",
  text: "s says `ready`, and has more to do than to wait for the console.",
  steps: [
    {
      name: "The message stands in the queue", choose: "s/terminal",
      type: "new echo run\r", tab: "process",
      until: { kind: "sent", from: "s", to: "terminal" },
      text: "s has sent its text, and does not wait for the answer. terminal " +
        "waited for an event, but a parent precedes its children: as long as " +
        "s is ready, its children do not run. So the message joins the end " +
        "of terminal's one queue.",
      holds: {
        "the message is in terminal's queue": (now) =>
          now.queue("s/terminal").some((b) => b.from === "s"),
        "s runs on": (now) => now.running === "s",
        "terminal is ready": (now) =>
          now.process("s/terminal").wait === "not",
      },
    }, {
      name: "s waits for an event, so terminal runs", choose: "s/terminal",
      until: { kind: "event", event: "received", from: "terminal", to: "s" },
      tab: "process",
      text: "terminal made its call again, as it was told nothing yet, and " +
        "found the message: from the queue it has come into its hands.",
      holds: {
        "terminal runs": (now) => now.running === "s/terminal",
        "no message is in its queue": (now) =>
          now.queue("s/terminal").every((b) => b.state !== "queued"),
        "the message is in its hands": (now) =>
          now.held("s/terminal").some((b) => b.from === "s"),
        "s waits for any event": (now) => now.process("s").wait === "event",
      },
    },
  ],
}];

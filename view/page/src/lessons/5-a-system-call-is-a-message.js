// Chapter 5: A system call is a message.  unix and guest are the chapter's.
import { word } from "../follow.js";

const CALL = 1, GO_ON = 1; // KERNE_BREAK_CALL, KERNE_GO_ON
const READ = 63, WRITE = 64; // of Linux's
const isCall = (number) => (event) =>
  word(event, 0) === CALL && word(event, 1) === number;
const start = 'new unix image prog "unix guest" run\r';

export default [{
  name: "call", chapter: 5, title: "A call of a foreign program",
  text: "guest has never heard of Kerne; its parent unix has.",
  names: { "call 63": "read", "call 64": "write", "call 169": "time" },
  steps: [
    {
      name: "guest writes, so it breaks", type: start, choose: "s/unix/guest",
      until: { kind: "breaks", from: "guest" }, where: isCall(WRITE),
      tab: "events",
      text: "guest's function mask is empty: no call is done for it. Word 0 " +
        "of the break says that it was a call, word 1 is a7, Linux's number " +
        "for write, and words 2 to 4 are its arguments: where to, the text's " +
        "address, how much of it.",
      holds: {
        "guest may make no call of the nucleus": (now) =>
          BigInt(now.process("s/unix/guest").mask) === 0n,
        "it waits in a break": (now) =>
          now.process("s/unix/guest").wait === "break",
        "unix has the break in its hands, and runs": (now) =>
          now.held("s/unix").some((b) => b.isBreak) &&
          now.running === "s/unix",
        "guest pays for what unix does for it": (now) =>
          now.payer === "s/unix/guest",
      },
    }, {
      name: "unix answers with a value", choose: "s/unix/guest", tab: "events",
      until: { kind: "event", event: "answered", from: "unix", to: "guest" },
      text: "In the meantime unix has read the text in its own storage, of " +
        "which guest has windows, and has had it printed. Word 0 of its " +
        "answer says to go on, behind the call; word 1 is what guest finds " +
        "in a0.",
      holds: {
        "word 0 is 1: go on": (now) => word(now.event, 0) === GO_ON,
        "word 1 is the number of characters": (now) =>
          word(now.event, 1) === "What is your name?\n".length,
        "guest has left its break": (now) =>
          now.process("s/unix/guest").wait === "not",
      },
    }, {
      name: "A call that sleeps", choose: "s/unix/guest", tab: "process",
      until: { kind: "rest" },
      text: "guest reads. There is no line yet; so unix has noted the break, " +
        "and serves whatever comes. No thread sleeps in any kernel: a call " +
        "that sleeps is a message that is not answered yet.",
      holds: {
        "guest waits in a break": (now) =>
          now.process("s/unix/guest").wait === "break",
        "unix waits for any event": (now) =>
          now.process("s/unix").wait === "event",
        "unix holds the break of a read": (now) => now.held("s/unix").some(
          (b) => b.isBreak && Number(b.words[1]) === READ),
      },
    }, {
      name: "The line has come", choose: "s/unix/guest", tab: "events",
      type: ["\u001bs/unix\r", "Ada\r"],
      until: { kind: "event", event: "answered", from: "unix", to: "guest" },
      draw: { what: "talk", last: 14 },
      text: "The operator typed `Ada`. unix put it where guest wants it, in " +
        "its own storage again, and answered the old break.",
      holds: {
        "the value is the length of the line": (now) =>
          word(now.event, 1) === "Ada\n".length,
        "guest goes on": (now) =>
          now.process("s/unix/guest").wait === "not",
      },
    },
  ],
}];

// Chapter 7: A disk is a process.  note is the chapter's.
import { word } from "../follow.js";

const GRANT = 3n; // bits of word 0: an area may be read, or written
const operation = (event) => Number(BigInt(event.words[0]) >> 2n);
const OUTPUT = 5, FLUSH = 24;

export default [{
  name: "disk", chapter: 7, title: "From a word to the disk",
  text: "note keeps a word in diary, whatever that is.",
  disk: 8 << 20,
  names: { "operation 24": "flush", "operation 26": "orders" }, // of segments.h
  steps: [
    {
      name: "diary is a name", type: ["set diary 24\r", "use diary\r"],
      until: { kind: "rest" }, choose: "s/diary", tab: "process",
      text: "The driver of the disk is a child of the store, and was lent " +
        "the device. diary is nobody's program: a dashed box, behind which " +
        "the store stands.",
      holds: {
        "diary is a pseudo process of s": (now) =>
          now.process("s/diary").pseudo,
        "the driver is a process below the store": (now) =>
          !now.process("s/store/disk").pseudo,
        "it waits for any event: a request, or its interrupt": (now) =>
          now.process("s/store/disk").wait === "event",
      },
    }, {
      name: "note's word is with the store", choose: "s/store",
      type: 'new note prog "note remember" run\r', tab: "events",
      until: { kind: "sent", from: "note", to: "store" },
      text: "note sent to diary, and the store has it: an output, from an " +
        "area of note's of one segment. The store will copy it into its " +
        "cache, and nothing goes to the disk yet.",
      holds: {
        "the message is in the store's hands": (now) =>
          now.held("s/store").some((b) => b.from === "s/note"),
        "it is an output": (now) => operation(now.event) === OUTPUT,
        "it grants an area of 512 bytes": (now) =>
          (BigInt(now.event.words[0]) & GRANT) !== 0n &&
          word(now.event, 2) - word(now.event, 1) === 512,
      },
    }, {
      name: "A flush goes to the disk", choose: "s/store/disk",
      until: { kind: "sent", from: "store", to: "disk" }, tab: "conversations",
      text: "note wants to be sure, and has asked for a flush. So the store " +
        "writes what is new, to free pages; then the root that says what " +
        "counts. This is the first of its messages to the driver. note's own " +
        "is not answered meanwhile.",
      holds: {
        "the driver has the store's message": (now) =>
          now.held("s/store/disk").some((b) => b.from === "s/store"),
        "note waits for its answer": (now) =>
          now.process("s/note").wait === "answer",
        "what note waits for is a flush": (now) => now.sent("s/note").some(
          (b) => Number(BigInt(b.words[0]) >> 2n) === FLUSH),
      },
    }, {
      name: "The interrupt is an answer", choose: "s/store/disk", tab: "events",
      until: { kind: "event", event: "answered", to: "disk" },
      text: "The driver had sent a message to line8, which stands for the " +
        "disk's interrupt. Now it is answered, and the driver finds the " +
        "answer where it finds everything: in its one queue.",
      holds: {
        "it came from outside": (now) => now.event.process === 0,
        "from interrupt line 8": (now) => now.event.external === 8,
        "the driver is ready, or runs": (now) =>
          now.process("s/store/disk").wait === "not",
      },
    }, {
      name: "note's flush is answered", choose: "s/note", tab: "conversations",
      until: { kind: "event", event: "answered", from: "store", to: "note" },
      draw: { what: "talk", last: 19, external: true,
              among: ["note", "store", "disk", "line 8"] },
      text: "Between the two the store has written a root, with a flush " +
        "before and after. From here on the word is there, whatever happens " +
        "to the power.",
      holds: {
        "the driver has nothing of the store's in its hands": (now) =>
          now.held("s/store/disk").every((b) => b.from !== "s/store"),
        "the result is normal": (now) => now.event.numbers[0] === 1,
        "note has waited for nothing else": (now) =>
          now.process("s/note").wait === "not",
      },
    },
  ],
}];

// Chapter 9: Linux is a parent.  pipe is ../../lessons/pipe.c.
import { word } from "../follow.js";

const CALL = 1, PAGE_FAULT = 2; // enum kerne_break
const WRITE = 2; // a right
const READ = 63, CLONE = 220; // calls of Linux's
const SHARED = 0x12; // the page that both have
const isCall = (number) => (event) =>
  word(event, 0) === CALL && word(event, 1) === number;
const held = (now, number) => now.held("s/linux").some(
  (b) => b.isBreak && Number(b.words[1]) === number);
const windowOf = (now, path) => now.way(path, SHARED)[0];

export default [{
  name: "fork", chapter: 9, title: "A fork, a page and a pipe",
  text: "A program of Linux's, to the byte, and what its parent does for it.",
  names: { "call 59": "pipe2", "call 63": "read", "call 64": "write",
           "call 220": "clone", "call 260": "wait4" },
  steps: [
    {
      name: "It forks", choose: "s/linux/t000", tab: "events",
      type: 'new linux size 16M buf 40 internal 60 tables 300 image prog ' +
        '"linux /pipe" run\r',
      until: { kind: "breaks", from: "t000" }, where: isCall(CLONE),
      text: "t000 is a process of the nucleus, with an empty function mask, " +
        "that carries Linux's process 1. Its ecall is a break, and the break " +
        "is a message to linux: word 1 says clone.",
      holds: {
        "linux has the break in its hands": (now) => held(now, CLONE),
        "t000 may make no call of the nucleus": (now) =>
          BigInt(now.process("s/linux/t000").mask) === 0n,
        "its page may be written": (now) =>
          (windowOf(now, "s/linux/t000").rights & WRITE) !== 0,
      },
    }, {
      name: "The child has no page", choose: "s/linux/t001", tab: "storage",
      until: { kind: "breaks", from: "t001" },
      text: "linux has copied its own notes, and made a process without a " +
        "single window. So its first instruction is a break: bring the page. " +
        "The window of the parent onto the page that both have was made " +
        "narrower.",
      holds: {
        "the child wants a page": (now) => word(now.event, 0) === PAGE_FAULT,
        "it has no window at all": (now) =>
          now.process("s/linux/t001").pages === 0,
        "the parent may not write its page any more": (now) =>
          (windowOf(now, "s/linux/t000").rights & WRITE) === 0,
        "the fork is not answered yet": (now) => held(now, CLONE),
      },
    }, {
      name: "Copy on write", choose: "s/linux/t001", tab: "storage",
      until: { kind: "event", event: "answered", from: "linux", to: "t001" },
      where: (event, now) => Boolean(windowOf(now, "s/linux/t001").window),
      text: "The child stored into the page that both have. linux took a " +
        "page, copied 4,096 bytes, and lent it that. The nucleus does not " +
        "know that the two had to do with each other.",
      holds: {
        "the child may write there": (now) =>
          (windowOf(now, "s/linux/t001").rights & WRITE) !== 0,
        "parent and child have different pages of linux's": (now) =>
          now.way("s/linux/t000", SHARED)[1].page !==
          now.way("s/linux/t001", SHARED)[1].page,
      },
    }, {
      name: "The child reads, and waits", choose: "s/linux/t001",
      until: { kind: "event", event: "answered", from: "linux", to: "t000" },
      tab: "process",
      text: "The pipe is empty. The child's break stays unanswered, and " +
        "stands in a queue of linux's. The parent's fork is answered now: " +
        "its value is the child's number.",
      holds: {
        "the child's read is in the hands of linux": (now) => held(now, READ),
        "the child waits in its break": (now) =>
          now.process("s/linux/t001").wait === "break",
        "the value of the fork is 2": (now) => word(now.event, 1) === 2,
      },
    }, {
      name: "A write wakes it", choose: "s/linux/t001", tab: "events",
      until: { kind: "event", event: "answered", from: "linux", to: "t001" },
      draw: { what: "talk", last: 22, among: ["t000", "t001", "linux"] },
      text: "The parent has written a byte into the pipe, and then waited " +
        "for its child. linux ran the child's read again, from its " +
        "beginning; now it has a value, and the old break its answer.",
      holds: {
        "its value is 1 byte": (now) => word(now.event, 1) === 1,
        "the child goes on": (now) =>
          now.process("s/linux/t001").wait === "not",
        "the parent waits in a break": (now) =>
          now.process("s/linux/t000").wait === "break",
      },
    },
  ],
}];

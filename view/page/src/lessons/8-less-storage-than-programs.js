// Chapter 8: Less storage than programs.
import { word } from "../follow.js";

const PAGE_FAULT = 2, AGAIN = 2; // KERNE_BREAK_PAGE_FAULT, KERNE_AGAIN
const WRITE = 2; // a right
const FRAMES = 104, FIRST = 0x80400, PAGES = 1500 / 4; // of wander's storage
const windowOf = (now, page) => now.way("s/p/wander", page)[0];
const ownPages = (now) => now.windows("s/p/wander")
  .filter((w) => w.page < FIRST + PAGES).reduce((sum, w) => sum + w.count, 0);
const pageOf = (event) => Math.floor(word(event, 1) / 4096);

export default [{
  name: "pager", chapter: 8, title: "A page comes, and goes",
  text: "paged promises wander 1,500 KiB, and has 104 frames.",
  steps: [
    {
      name: "A page that nobody has", choose: "s/p/wander", tab: "storage",
      type: 'new p size 1500k image prog "paged frames=104 size=1500k ' +
        'policy=clock wander 256 20000" run\r',
      until: { kind: "breaks", from: "wander" },
      text: "wander executed its first instructions, and touched a page that " +
        "is in no frame: paged has opened no window. So this is a break, and " +
        "the parent is asked.",
      holds: {
        "the break tells of a page fault": (now) =>
          word(now.event, 0) === PAGE_FAULT,
        "there is no window": (now) => !windowOf(now, pageOf(now.event)).window,
        "paged has the break in its hands": (now) =>
          now.held("s/p").some((b) => b.from === "s/p/wander"),
      },
    }, {
      name: "It is brought, for reading only", choose: "s/p/wander",
      tab: "storage",
      until: { kind: "event", event: "answered", from: "p", to: "wander" },
      text: "A frame was found, the page made of the program's file, and the " +
        "window opened; then the answer: try again. The load will succeed, " +
        "and wander notices nothing.",
      holds: {
        "word 0 of the answer is 2, again": (now) =>
          word(now.event, 0) === AGAIN,
        "wander is in no break": (now) =>
          now.process("s/p/wander").wait === "not",
      },
    }, {
      name: "The first store into a page", choose: "s/p/wander", tab: "storage",
      until: { kind: "breaks", from: "wander" },
      where: (event, now) => word(event, 2) === WRITE &&
        Boolean(windowOf(now, pageOf(event)).window),
      draw: { what: "talk", last: 9, among: ["wander", "p"] },
      text: "This page is there, and came in for reading. Its first store is " +
        "a break, too, the soft one: by it the pager learns that the page is " +
        "dirty, and must be written before it goes.",
      holds: {
        "there is a window": (now) =>
          Boolean(windowOf(now, pageOf(now.event)).window),
        "it does not allow to write": (now) =>
          (windowOf(now, pageOf(now.event)).rights & WRITE) === 0,
        "wander wanted to write": (now) => word(now.event, 2) === WRITE,
      },
    }, {
      name: "A page goes", choose: "s/p/wander", tab: "storage",
      until: { kind: "event", event: "closed", from: "wander" },
      text: "All frames are in use, and wander wants another page. The clock " +
        "has found one that was not touched since it was asked last. Its " +
        "window is closed; what stood there is packed, and kept.",
      holds: {
        "the page has no window any more": (now) =>
          !windowOf(now, now.event.numbers[0]).window,
        "no more pages are in frames than there are": (now) =>
          ownPages(now) <= FRAMES,
        "paged still has wander's break in its hands": (now) =>
          now.held("s/p").some((b) => b.isBreak),
      },
    },
  ],
}];

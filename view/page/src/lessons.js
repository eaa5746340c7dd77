// What the lessons say and do.  A step types, chooses a process, and runs until
// something has happened; its text is shown then.
const talk = 'new echo run\rnew talk prog "talk hello again" run\r';

export const LESSONS = [
  {
    chapter: 1, title: "One conversation",
    text: "A message from talk to echo, and the answer: all of Kerne is that.",
    steps: [
      { name: "Start echo and talk, until talk speaks to echo", boot: true,
        type: talk, choose: "echo",
        until: { kind: "sent", from: "talk", to: "echo" },
        text: "The message of talk has just been handed over: echo waited for " +
          "it, so it runs at once, in talk's turn. Look at the envelope in " +
          "echo's hands, and at `events` for the eight words." },
      { name: "One message on: the answer", step: true,
        until: { kind: "message" },
        text: "echo has answered, and talk goes on behind its call. What it " +
          "says next goes to the console: a conversation, too." },
      { name: "The next word", until: { kind: "sent", from: "talk", to: "echo" },
        text: "`again` is on its way. Step back by a message to see that " +
          "nothing of it is lost." },
    ],
  },
  {
    chapter: 2, title: "Names and the display",
    text: "Whom a process can name: its siblings, its parent's, and so on.",
    steps: [
      { name: "An operating system inside s, with a talk in it", boot: true,
        type: "new inner size 40M buf 60 internal 20 tables 300 image prog s " +
          "run\r", choose: "inner", until: { kind: "rest" },
        text: "inner is a child of s, and runs the same program as s. Choose " +
          "it, and look at `process`: names with up 0 are its own children, " +
          "those with up 1 its siblings." },
    ],
  },
  {
    chapter: 3, title: "Storage as windows",
    text: "A process has windows onto its parent's pages, and so on up to the " +
      "machine.",
    steps: [
      { name: "Start echo, and look at its storage", boot: true,
        type: "new echo run\r", choose: "echo", until: { kind: "rest" },
        text: "Choose a page in `storage`: its way goes from echo to s, whose " +
          "pages are the machine's. A page is composed when it is first " +
          "touched." },
    ],
  },
  {
    chapter: 4, title: "Accounts and time",
    text: "What is given to a child is taken from its parent, and time is paid " +
      "by whom it is spent for.",
    steps: [
      { name: "Two children, and the table of claims", boot: true,
        type: talk, choose: "s", until: { kind: "rest" },
        text: "In `accounts` the last row adds up all that is used or free: it " +
          "is what the root received, always. The two rows above show who ran " +
          "and who paid: echo runs, and talk pays for it." },
    ],
  },
];

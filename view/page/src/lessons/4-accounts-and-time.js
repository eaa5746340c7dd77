// Chapter 4: Accounts and time.
const claims = (now, path) => now.process(path).claims;
const sums = (now) => [0, 1, 2].map((kind) => now.state.processes
  .filter((p) => !p.pseudo)
  .reduce((sum, p) => sum + p.claims[kind][0] - p.claims[kind][2], 0));
const addUp = (now) =>
  sums(now).join() === claims(now, "s").map(([received]) => received).join();

export default [{
  name: "claims", chapter: 4, title: "What is given is taken",
  text: "A hundred buffers for echo, and back.",
  steps: [
    {
      name: "echo gets a hundred buffers", choose: "s/echo", tab: "accounts",
      type: "new echo buf 100 run\r", until: { kind: "rest" },
      text: "What a child receives is taken from what its parent has free. " +
        "In the table each row is used, given and free; what all use " +
        "themselves or have free adds up to what the root received.",
      holds: {
        "echo received 100": (now) => claims(now, "s/echo")[0][0] === 100,
        "all claims add up": addUp,
        "s has given that many more than to its terminal": (now) =>
          claims(now, "s")[0][2] ===
          100 + claims(now, "s/terminal")[0][0],
      },
    }, {
      name: "echo is removed", choose: "s", tab: "accounts",
      type: "proc echo remove\r",
      until: { kind: "event", event: "gone", from: "" },
      text: "Everything is where it was before: a claim is a right to have " +
        "so many, and goes back to the one who gave it.",
      holds: {
        "echo is not there": (now) => now.process("s/echo") === undefined,
        "s has given only what its terminal has": (now) =>
          claims(now, "s")[0][2] === claims(now, "s/terminal")[0][0],
        "all claims add up": addUp,
      },
    },
  ],
}, {
  name: "payer", chapter: 4, title: "Who runs, and who pays",
  text: "A server works on the account of its client.",
  steps: [
    {
      name: "echo works for talk", choose: "s/talk", tab: "accounts",
      type: ["new echo run\r", 'new talk prog "talk hello again" run\r'],
      until: { kind: "sent", from: "talk", to: "echo" },
      text: "The two rows show who ran and who paid. echo runs now, and talk " +
        "pays: the account was noted in the message.",
      holds: {
        "echo runs": (now) => now.running === "s/echo",
        "talk pays": (now) => now.payer === "s/talk",
      },
    }, {
      name: "The terminal works for talk, too", choose: "s/talk",
      until: { kind: "sent", from: "talk", to: "terminal" }, tab: "accounts",
      draw: { what: "tree" },
      text: "To copy the text and to send it takes the driver some time; it " +
        "is talk's. Whoever makes others work uses up his own credit.",
      holds: {
        "terminal runs": (now) => now.running === "s/terminal",
        "talk pays": (now) => now.payer === "s/talk",
      },
    },
  ],
}, {
  name: "shares", chapter: 4, title: "Three turns to one",
  text: "Two programs compute, with shares of 300 and 100.",
  steps: [
    {
      name: "After ten turns", choose: "s/a", tab: "accounts",
      type: 'new a prog "primes 3000000" share 300 init new b prog ' +
        '"primes 3000000" share 100 run proc a start\r',
      until: { kind: "event", event: "runs", from: "b" }, times: 5,
      text: "The share says how long a turn is: three slices for a, one for " +
        "b. In the row `ran` a's stretches are three times as long.",
      holds: {
        "both are ready, or run": (now) => ["s/a", "s/b"].every(
          (path) => now.process(path).wait === "not"),
        "a has had about three times as much as b": (now) => {
          const ratio = now.process("s/a").time / now.process("s/b").time;
          return ratio > 2.5 && ratio < 4.5;
        },
      },
    },
  ],
}];

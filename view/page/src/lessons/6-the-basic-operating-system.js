// Chapter 6: The basic operating system.
export default [{
  name: "run", chapter: 6, title: "A child is made, and ends",
  text: "What `run` does, call by call.",
  steps: [
    {
      name: "The line has come", choose: "s", tab: "conversations",
      type: "new hello run\r",
      until: { kind: "event", event: "answered", from: "terminal", to: "s" },
      text: "s asks the console for a line when it can take one; the answer " +
        "is an event like others. While it waited, it could have served its " +
        "children.",
      holds: {
        "s runs": (now) => now.running === "s",
        "there is no hello yet": (now) =>
          now.process("s/hello") === undefined,
      },
    }, {
      name: "The process is created", choose: "s/hello", tab: "process",
      until: { kind: "event", event: "made" },
      text: "The nucleus has given it a record, a number and its claims. It " +
        "has no storage, and does not run: loading is s's own work, in pages " +
        "of its own.",
      holds: {
        "hello is stopped": (now) => now.process("s/hello").stopped,
        "it has no page": (now) => now.process("s/hello").pages === 0,
        "it has received its buffers": (now) =>
          now.process("s/hello").claims[0][0] > 0,
      },
    }, {
      name: "It is started", choose: "s/hello", tab: "storage",
      until: { kind: "event", event: "started", from: "hello" },
      text: "s has written the program and the start record, opened windows " +
        "onto that, each with its rights, and set the registers. Only these " +
        "were calls of the nucleus: create, map, modify, start.",
      holds: {
        "hello is not stopped any more": (now) =>
          !now.process("s/hello").stopped,
        "it has windows": (now) => now.process("s/hello").pages > 0,
        "s runs on: a parent precedes its children": (now) =>
          now.running === "s",
      },
    }, {
      name: "hello says that it has finished", choose: "s", tab: "events",
      until: { kind: "sent", from: "hello", to: "s" },
      text: "The contract between programs and parents: its last message " +
        "says so, with its status. s will report it and remove it.",
      holds: {
        "the message is in the hands of s": (now) =>
          now.held("s").some((b) => b.from === "s/hello"),
        "hello waits for an answer": (now) =>
          now.process("s/hello").wait === "answer",
      },
    }, {
      name: "And it is gone", choose: "s", tab: "accounts",
      until: { kind: "event", event: "gone" },
      draw: { what: "talk", last: 12 },
      text: "Record, buffers and tables are s's again; and its storage, " +
        "which was s's all the time, is free.",
      holds: {
        "there is no hello": (now) => now.process("s/hello") === undefined,
        "s holds nothing of it": (now) => now.held("s").length === 0,
      },
    },
  ],
}];

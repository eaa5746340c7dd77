"""What graders are made of: a run of the student's program in the machine, and
points.

A grader looks at what happened, not at what was printed: conversations, times,
accounts, in the order in which they were.  The machine is exact, so the same
program gets the same points on any computer, however busy that is.
"""
import collections
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(HERE, "tools"))

import cross  # noqa: E402 (found by the path above)
import manners  # noqa: E402
import with_program  # noqa: E402

MILLISECOND = 1000000 # of the machine's clock, which counts nanoseconds
FIRST_LINE = 200 * MILLISECOND # when the first line is typed
NEXT_LINE = 200 * MILLISECOND # and each other one after it
LIB = os.path.join(HERE, "labs", "lib")
INCLUDES = ("labs/lib", "parents/schedulers") # for students, and for graders
FINIS = 16 # the operation of children/lib/parent.h
CLAIMS = {0: "buffers", 1: "processes", 2: "tables"}
FROM, PROMPT, REST = "from ", "> ", "    " # as the console begins lines
SHOWN, WIDE = 4, 120 # lines of the console, and letters of each, in a report
SLICES = (1000, 25600, 300000) # microseconds: those that graders try
RESULTS = {1: "normal", 2: "rejected", 3: "unintelligible", 4: "malfunction",
           5: "does not exist"}


class Broken(Exception):
    """The machine itself did; nobody has missed a point by that."""


class Conversation:
    """One message: who sent it to whom, when, what it said, and its answer.

    Times are nanoseconds of the machine's clock; None: that never was.
    """

    def __init__(self, sender, receiver, event):
        self.sender, self.receiver = sender, receiver
        self.is_break = bool(event.get("break"))
        self.sent = event["at"]
        self.words = [int(word, 16) for word in event.get("words", [])]
        self.received = self.answered = self.returned = None
        self.regretted = None
        self.result, self.answer = None, None

    def text(self, words=None):
        """The words from 1 on as text, up to a zero."""
        data = b"".join(word.to_bytes(8, "little")
                        for word in (words or self.words)[1:])
        return data.split(b"\0")[0].decode("latin-1")


class Process:
    """One that was there: when it was made and gone, and what it ran and paid.
    """

    def __init__(self, name, parent, made):
        self.name, self.parent, self.made = name, parent, made
        self.removed = self.gone = None
        self.ran = self.paid = 0 # nanoseconds
        self.pages = 0 # with a window, now
        self.claims = [] # (at, kind, received, given), as they changed
        self.started = None # first
        self.opened = [] # (at, first page, how many, rights): windows

    def path(self):
        return (self.parent.path() + "/" if self.parent else "") + self.name


class Run:
    """A run of the machine, and what happened in it."""

    def __init__(self, events, output, status, said):
        self.events, self.output, self.status = events, output, status
        self.said = said # by the machine itself
        self.processes = [] # all that ever were
        self.conversations = []
        self.stretches = [] # (from, to, Process or None): who ran
        self.by_index = {1: Process("s", None, 0)}
        self.processes.append(self.by_index[1])
        self.open = {} # buffer -> conversation
        self.running = self.paying = (0, None)
        for event in events:
            self.take(event)
        end = events[-1]["at"] if events else 0
        self.turn("ran", end, None)
        self.turn("paid", end, None)

    def turn(self, what, now, process):
        since, who = self.running if what == "ran" else self.paying
        if who:
            setattr(who, what, getattr(who, what) + now - since)
        if what == "ran":
            if who is not process:
                self.stretches.append((since, now, who))
            self.running = now, process
        else:
            self.paying = now, process

    def name_of(self, index, event):
        if index:
            return self.by_index[index].name if index in self.by_index \
                else f"#{index}"
        number = event.get("external")
        return "nobody" if number is None else \
            f"line{number}" if number else "clock"

    def take(self, event):
        what, at, index = event["event"], event["at"], event["process"]
        process = self.by_index.get(index)
        if what == "queued":
            conversation = Conversation(
                self.name_of(index, event),
                self.name_of(event["other"], event), event)
            self.conversations.append(conversation)
            self.open[event["buffer"]] = conversation
        elif "buffer" in event:
            self.take_of(self.open.get(event["buffer"]), event)
        elif what == "made":
            made = Process(event["name"], self.by_index.get(event["other"]), at)
            self.by_index[index] = made
            self.processes.append(made)
        elif what == "runs":
            self.turn("ran", at, process)
        elif what == "pays":
            self.turn("paid", at, process)
        elif process and what in ("removed", "gone"):
            setattr(process, what, at)
        elif process and what == "started":
            process.started = process.started or at
        elif process and what == "opened":
            first, count, onto = event["numbers"][:3]
            process.pages += count
            process.opened.append((at, first, count, onto & 7))
        elif process and what == "closed":
            process.pages -= event["numbers"][1]
        elif process and what == "claim":
            received, given, kind = event["numbers"][:3]
            process.claims.append((at, kind, received, given))

    @staticmethod
    def take_of(conversation, event):
        if conversation is None:
            return
        setattr(conversation, event["event"], event["at"])
        if event["event"] == "answered":
            conversation.result = event["numbers"][0] or None
            if "words" in event:
                conversation.answer = [int(w, 16) for w in event["words"]]

    # ---- what graders ask ------------------------------------------------

    def between(self, sender=None, receiver=None, breaks=False):
        """Conversations of these two, in order; None: anybody."""
        return [c for c in self.conversations
                if c.is_break == breaks and
                sender in (None, c.sender) and receiver in (None, c.receiver)]

    def breaks_of(self, name):
        """The breaks of a process."""
        return self.between(sender=name, breaks=True)

    def unanswered(self, receiver):
        """Messages and breaks that it never answered, and nobody took back."""
        return [c for c in self.between(receiver=receiver) +
                self.between(receiver=receiver, breaks=True)
                if c.answered is None and c.regretted is None]

    def named(self, name):
        """All processes that had this name, in the order of their making."""
        return [p for p in self.processes if p.name == name]

    def children_of(self, name):
        return [p for p in self.processes
                if p.parent and p.parent.name == name]

    def status_of(self, name):
        """With which status it finished; None: it did not."""
        ends = [c for c in self.between(sender=name)
                if c.words and c.words[0] >> 2 == FINIS]
        return ends[-1].words[1] if ends else None

    def not_back(self, name):
        """What a parent gave to its children, and had not back when it was
        removed itself, in words; and who of them was still there."""
        process, children = self.named(name)[0], self.children_of(name)
        before, after = {}, {}
        for at, kind, _, given in process.claims:
            if children and at < children[0].made:
                before[kind] = given
            if process.removed is None or at < process.removed:
                after[kind] = given
        left = [f"{given - before.get(kind, 0)} {CLAIMS[kind]}"
                for kind, given in after.items()
                if given != before.get(kind, 0)]
        return left + [child.name for child in children
                       if child.gone is None or
                       process.removed and child.gone > process.removed]

    def of_events(self, *kinds):
        return [event for event in self.events if event["event"] in kinds]

    def said_last(self, most=SHOWN):
        """What the console said last, from the first line that was typed on:
        some lines, each with who said it."""
        typed = self.output.find(PROMPT)
        lines = self.output[typed:].splitlines() if typed >= 0 else []
        said, who = [], ""
        for line in filter(None, map(str.rstrip, lines)):
            if line.startswith(FROM):
                who = line.removeprefix(FROM) + ": "
            elif line.startswith(PROMPT):
                who = ""
                said.append(line)
            elif line.startswith(REST) and said:
                said[-1] += " " + line.strip()
            elif line != PROMPT.strip():
                said.append(who + line)
        return [line if len(line) <= WIDE else line[:WIDE - 1] + "…"
                for line in said[-most:]]


class Lab:
    """One lab being graded: makes runs, and takes the points."""

    def __init__(self, build, folder, files, show):
        self.build, self.folder, self.files = build, folder, files
        self.show = show
        self.points = [] # dictionaries, as --json prints them
        self.image = os.path.join(build, "image.tar")
        self.made = {} # programs -> image, folder with their symbols
        self.runs = [] # what each was given, in order
        self.said_last = [] # by the console, in the last of them

    def image_with(self, programs):
        """The usual image and the programs, as (name, [files])."""
        key = json.dumps(programs)
        if key not in self.made:
            symbols = tempfile.TemporaryDirectory(prefix="kerne-lab-")
            self.made[key] = with_program.add(
                self.build, programs, self.image, cross.STRIP,
                [f"-I{os.path.join(HERE, path)}" for path in INCLUDES],
                symbols.name), symbols
        return self.made[key][0].name

    def symbols_of(self, image):
        """The programs that were added to an image, with what debuggers
        need."""
        for made, folder in self.made.values():
            if made.name == image:
                return [os.path.join(folder.name, name)
                        for name in sorted(os.listdir(folder.name))]
        return []

    def run(self, *lines, programs, end, arguments=None, memory="128M",
            checks=True):
        """Boots s with the programs in its image, types the lines one after
        the other, and ends at that time of the machine, or when it halts.

        `programs`: name -> files; the student's is under "student".
        """
        wanted = [(name, files) for name, files in programs.items()]
        image = self.image_with(wanted)
        nucleus = "kerne-checks" if checks else "kerne"
        self.runs.append({"image": image, "nucleus": nucleus, "lines": lines,
                          "arguments": arguments or ""})
        with tempfile.TemporaryDirectory(prefix="kerne-lab-") as work:
            log, told = (os.path.join(work, name) for name in ("log", "events"))
            write_log(log, lines)
            words = [os.path.join(self.build, "view", "machine", "machine"),
                     "-kernel", os.path.join(self.build, "arch", "riscv",
                                             nucleus),
                     "-initrd", image, "-m", memory,
                     "-icount", "shift=0,sleep=off", "--replay", log,
                     "--layout", os.path.join(self.build, "view",
                                              nucleus + ".layout"),
                     "--events", told, "--until", str(end)]
            if arguments:
                words += ["-append", arguments]
            done = subprocess.run(words, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, check=False,
                                  stderr=subprocess.PIPE)
            said = done.stderr.decode("utf-8", "replace")
            if done.returncode < 0 or not os.path.exists(told):
                raise Broken(f"the machine broke, status {done.returncode}: "
                             f"{said}")
            with open(told, encoding="utf-8") as file:
                events = [json.loads(line) for line in file]
        self.runs[-1]["end"] = events[-1]["at"] if events else 0
        run = Run(events, done.stdout.decode("utf-8", "replace"),
                  done.returncode, said)
        self.said_last = run.said_last()
        return run

    def point(self, good, what, expected, happened, at=None):
        """One point: whether it is earned; what was expected, and what happened
        instead; and the moment to look at, in the run that was made last."""
        self.points.append({"point": what, "earned": bool(good),
                            "expected": expected,
                            "happened": None if good else happened, "at": at,
                            "run": len(self.runs) - 1,
                            "console": None if good else self.said_last})
        self.show(self.points[-1])
        return bool(good)


def grade_order(lab, run, how, status=0, name="student"):
    """The points that every parent is to earn, in each run: nobody waits in
    vain, it does not break, it finishes, and has everything back then."""
    waiting = run.unanswered(name)
    some = run.between(receiver=name) + \
        run.between(receiver=name, breaks=True)
    lab.point(some and not waiting,
              f"everything is answered, {how}", "an answer to each message",
              f"{len(waiting)} without an answer, the first of "
              f"{waiting[0].sender}" if waiting else "there was no message",
              waiting[0].sent if waiting else None)
    broken, ended = run.breaks_of(name), run.status_of(name)
    lab.point(not broken and ended == status,
              f"the system finishes, {how}", f"status {status}",
              "it broke" if broken else
              "it did not finish" if ended is None else f"status {ended}",
              broken[0].sent if broken else None)
    left = run.not_back(name)
    lab.point(run.children_of(name) and not left,
              f"everything is back, {how}",
              "all that the children were given, before the end",
              listed(left) if left else "there was no child")


def typed(lines):
    """Each line at its time: (at, text)."""
    return [(FIRST_LINE + number * NEXT_LINE, line + "\r")
            for number, line in enumerate(lines)]


def write_log(path, lines):
    """For --replay."""
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(f"{at} {text.encode().hex()}\n"
                        for at, text in typed(lines))


def listed(things, most=3):
    """Some of them, in words."""
    words = [str(thing) for thing in things[:most]]
    if len(things) > most:
        words.append(f"and {len(things) - most} more")
    return ", ".join(words) if words else "none"


def counted(names):
    """How often each name is there, in words."""
    return listed([f"{name} {count}" for name, count in
                   collections.Counter(names).items()])


tell = manners.tell

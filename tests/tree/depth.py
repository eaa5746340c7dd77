#!/usr/bin/python3
"""One dialogue at depth 0, 1, 2, 8, 16, 32: the same transcript, byte by byte.

Depth 0 is the root; `nest N` brings the operator to a system N levels below.
What a system is told by who made it is taken out, and nothing else: its own
path, which the console puts before who speaks, and how much it was given,
which a refusal tells as what is free.  Of `list` that are its own row and those
of what it finds, and the columns and rows of time; `list short` leaves the same
out by itself, and both are to show the same of all others.
"""
import os
import re
import sys
import tarfile
import tempfile
import time
import zlib

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ.get("KERNE_BUILD", os.path.join(HERE, "build"))
sys.path[:0] = [os.path.join(HERE, "tests"), os.path.join(HERE, "tools")]

import dialogue  # noqa: E402 (found by the path above)
import image  # noqa: E402
import machine  # noqa: E402
import tap  # noqa: E402

DEPTHS = (0, 1, 2, 8, 16, 32)
DEADLINE = 900 # seconds, of one machine; ten are usual
KERNEL = os.path.join(BUILD, "arch", "riscv", "kerne-checks")
PROGRAMS = ("parents/s", "children/console", "children/crash",
            "children/echo", "children/hello", "children/talk",
            "tests/witness")

# The operator's lines.  After each, what is awaited before the next one.
DIALOGUE = """\
new witness image size 512k prog "witness s" run
wait witness finished
new hello run
wait hello finished
new hello keep init list short
start
wait it stays
run
remove run
wait it stays
proc hello remove
new crash prog "crash store" run
wait it stays
list
list short
start
wait it stays
proc crash break print 0x80400000 32
remove
list short
new gone prog "crash giveup" run
wait it stays
remove
new echo size 128k buf 4 internal 0 run
new talk prog "talk hello again" run
wait talk finished
proc echo stop
new talk prog "talk patience" run
list
list short
proc echo start
wait talk finished
new talk run
wait an empty one ends this
to talk
good morning
wait good morning
to HERE
proc echo remove
to talk
anybody there
wait had not received
to HERE
proc talk remove
list short
new big prog hello size 1G tables 20 run
new big prog hello buf 1000000 run
new big prog hello internal 1000000 run
new big prog hello tables 1000000 run
new big prog hello size 4k run
new big prog hello tables 1 run
new big prog nothing run
new echo run
new echo run
proc echo start
stop
stop
remove
remove
list
list short
"""

VARIES = [
    re.compile(r"(?<=the largest free stretch is )[0-9.]+ [kM]"),
    re.compile(r"(?<=wanted, )\d+(?= (message buffers|processes|window tables)"
               r" are)"),
    re.compile(r" +(time/s|[0-9]+\.[0-9]{3})$"), # of a row of `list`
    re.compile(r"(?<=^s               running).*"),
]
TOLD = re.compile(r"  (terminal|console|clock) |processes that are gone|idle "
                  r"|firmware ")


def checksum_of_system(path):
    """CRC-32 of the program s; the root loader before it has its name."""
    with tarfile.open(path) as archive:
        member = [m for m in archive.getmembers() if m.name == "s"][-1]
        return f"{zlib.crc32(archive.extractfile(member).read()):08x}"


class Level:
    """A system at some depth: what it said, without what it was told."""

    def __init__(self, path, depth):
        self.depth = depth
        self.name = "s" if depth == 0 else f"s{depth + 1}"
        self.path = "/".join(f"s{i + 2}" for i in range(depth)) or "s"
        self.lines = []
        self.failure = None
        began = time.monotonic()
        words = machine.command(KERNEL, path)
        with machine.Machine(words, DEADLINE) as computer:
            typist = dialogue.Typist(computer, show=self.lines.append)
            try:
                self.talk(typist)
            except TimeoutError:
                self.failure = f"stopped, waiting for {typist.awaited}"
            except dialogue.Ended:
                self.failure = "the machine ended"
        self.seconds = time.monotonic() - began
        self.lines = [self.untold(line) for line in self.lines
                      if not TOLD.match(line)]

    def talk(self, typist):
        typist.until_ready()
        if self.depth > 0:
            typist.line(f"nest {self.depth}")
            typist.wait("To begin") # only the innermost says so
        typist.until_ready()
        self.lines.clear()
        for line in DIALOGUE.splitlines():
            if line == "to HERE":
                line = "to " + self.path
            elif line.startswith("to ") and self.depth > 0:
                line = f"to {self.path}/{line[3:]}"
            typist.line(line)
        typist.until_ready()

    def untold(self, line):
        path = r"(?:\S+/)?" + self.name
        line = re.sub(rf"^(from|to) {path}$", r"\1 s", line)
        if self.depth > 0:
            line = re.sub(rf"^(from|to) {path}/", r"\1 ", line)
            line = re.sub(rf"^{path}> ", "> ", line)
            line = re.sub(rf"^{path}/(\S+> )", r"s/\1", line)
        line = re.sub(rf"^{self.name} +(?=running )", f"{'s':16}", line)
        for pattern in VARIES:
            line = pattern.sub("~", line)
        return line

    def rows_of(self, command):
        """What each `list` of this kind said, but of the system itself."""
        found, rows = [], None
        for line in self.lines:
            if line.startswith("to ") or dialogue.PROMPT.match(line):
                rows = [] if line == f"> {command}" else None
                found += [rows] if rows is not None else []
            elif rows is not None and not line.startswith("s "):
                rows.append(line.replace("~", ""))
        return found


def first_difference(root, level):
    for number, (want, got) in enumerate(zip(root, level), 1):
        if want != got:
            return [f"line {number} at depth 0: {want}", f"but there: {got}",
                    "before it:"] + level[max(0, number - 6):number - 1]
    if len(root) != len(level):
        return [f"{len(root)} lines at depth 0, {len(level)} there; the last "
                "are", *root[-3:], "and", *level[-3:]]
    return []


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        path = image.make_of_built(os.path.join(folder, "depth.tar"), PROGRAMS)
        checksum = checksum_of_system(path)
        root = None
        for depth in DEPTHS:
            level = Level(path, depth)
            name = f"depth.{depth}"
            print(f"# depth {depth}: {len(level.lines)} lines, "
                  f"{level.seconds:.1f} s")
            writer.point(level.failure is None, f"{name}.is_at_its_end",
                         [level.failure or ""] + level.lines[-10:])
            writer.point(f"s is {checksum}" in level.lines,
                         f"{name}.loads_the_same_program",
                         [f"its CRC-32 is {checksum}"] + level.lines[:6])
            full = level.rows_of("list")
            short = level.rows_of("list short")
            writer.point(len(full) == 3 and all(one in short for one in full),
                         f"{name}.list_short_hides_no_other",
                         [f"list: {full}", f"list short: {short}"])
            if root is None:
                root = level.lines
                continue
            why = first_difference(root, level.lines)
            writer.point(not why, f"{name}.transcript_is_that_of_the_root",
                         why)
    writer.end()


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""Debian's programs under Kerne say what they say under Linux:
workloads.py DEPTH NUCLEUS [WORKLOAD...].

Each workload of workloads/list runs in a personality of its own, made and
removed by an s at that depth (1: the root), under the nucleus `kerne` or
`kerne-checks`.  What it prints and its exit status are to be those of
recorded/, which record.py has from Linux itself.
"""
import contextlib
import os
import re
import sys

import tree

import dialogue  # found by way of tree
import linux
import machine
import tap

DEADLINE = 60 # seconds of the machine's clock, for each workload
NAME = "w"
MAKE = f'new {NAME} {linux.CLAIMS} image prog "linux {{}}" run'
# An s under another: what it gets for the workload, and more for each level.
SYSTEM = "new {} size {}M buf {} internal {} tables {} image prog s run"
LEAST_AND_MORE = (64, 16), (60, 60), (80, 60), (700, 400)
STORAGE = "512M" # of the machine
ACCOUNT = re.compile("buffers|processes|tables|storage")
ENDED = re.compile(NAME + r" (finished, status ([0-9]+)|broke.*|gave up.*)")
REFUSED = re.compile(r"(name unknown|no core|[a-z ]+ exhausted|syntax error|"
                     r"not allowed).*")
# What the console and s say themselves; what begins so and is a program's, the
# console writes otherwise.
OF_CONSOLE = re.compile(r"from [a-z0-9_/-]+|ready")
OF_PROGRAM = re.compile(r"^(from|to)\\x20")


class Stopped(Exception):
    """The workload does not come to its end; says why."""


class Operator:
    """Of a machine with an s at that depth."""

    def __init__(self, computer, depth):
        self.typist = dialogue.Typist(computer, show=lambda line: None)
        self.computer = computer
        names = [f"s{level}" for level in range(2, depth + 1)]
        for number, name in enumerate(names, 1):
            self.typist.line(SYSTEM.format(
                name, *(least + more * (depth - number)
                        for least, more in LEAST_AND_MORE)))
            self.typist.wait("To begin")
            self.typist.line(f"to {'/'.join(names[:number])}")
        self.typist.until_ready()

    def accounts(self):
        """What this s has left of each claim, and of storage."""
        self.typist.line("max")
        self.typist.until_ready()
        return [line for line in self.typist.since if ACCOUNT.match(line)]

    def run(self, command):
        """What the workload prints, and its status; Stopped, if it has none."""
        self.computer.end = self.computer.clock.now() + DEADLINE
        self.typist.line(MAKE.format(command))
        found = None

        def ended():
            nonlocal found
            found = next(filter(None, map(ENDED.fullmatch,
                                          self.typist.since)), None)
            return found or any(map(REFUSED.fullmatch, self.typist.since))
        try:
            self.typist.until(ended, "its end")
        except TimeoutError as error:
            raise Stopped(f"no end within {DEADLINE} s; the last lines: "
                          f"{self.typist.since[-5:]}") from error
        except dialogue.Ended as error:
            raise Stopped(f"the machine ended: {self.typist.since[-5:]}") \
                from error
        said = self.typist.since[1:] # behind the echo
        if not found or not found[2]:
            raise Stopped("\n".join(said))
        at = said.index(found[0])
        return [OF_PROGRAM.sub(r"\1 ", line) for line in said[:at]
                if not OF_CONSOLE.fullmatch(line)], int(found[2])


@contextlib.contextmanager
def operator(nucleus, depth, image):
    words = machine.command(
        os.path.join(tree.BUILD, "arch", "riscv", nucleus), image,
        memory=STORAGE, icount=machine.EXACT)
    with machine.Machine(words, DEADLINE) as computer:
        yield Operator(computer, depth)


def recorded(name):
    """What Linux printed, in lines, and the status."""
    path = os.path.join(tree.FOLDER, "recorded", name)
    with open(path, encoding="utf-8") as file:
        first, *lines = file.read().rstrip("\n").split("\n")
    # The machine's screen has no blanks at the end of a line.
    return [line.rstrip() for line in lines], int(first.split()[1])


def compare(said, wanted):
    """The first lines that differ; empty: none does."""
    (lines, status), (wanted_lines, wanted_status) = said, wanted
    found = []
    for number in range(max(len(lines), len(wanted_lines))):
        line, other = ((some[number] if number < len(some) else None)
                       for some in (lines, wanted_lines))
        if line != other:
            found += [f"line {number + 1}: {line!r}", f"on Linux: {other!r}"]
            break
    if status != wanted_status:
        found.append(f"status {status}; on Linux {wanted_status}")
    return found


def main():
    depth, nucleus, *names = sys.argv[1:]
    writer = tap.Writer()
    commands = tree.workloads()
    try:
        made, _ = linux.add_tree(os.path.join(tree.BUILD, "image.tar"),
                                 tree.make())
    except tree.Missing as missing:
        for name in names or commands:
            writer.skip(name, str(missing))
        writer.end()
        return
    left = [name for name in commands if name in names or not names]
    while left: # a machine serves until a workload comes to no end
        with operator(nucleus, int(depth), made.name) as person:
            before = person.accounts()
            while left:
                name = left.pop(0)
                try:
                    wrong = compare(person.run(commands[name]),
                                    recorded(name))
                except Stopped as reason:
                    writer.point(False, name, str(reason).splitlines())
                    break
                writer.point(not wrong, name, wrong)
            else:
                after = person.accounts()
                writer.point(len(before) == 4 and after == before,
                             "all_comes_back", before + after)
    writer.end()


if __name__ == "__main__":
    main()

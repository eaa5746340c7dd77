#!/usr/bin/python3
"""What moving a KiB costs in nucleus, driver and client together: the times of
their accounts, where time is a count of instructions; and which of these
instructions are whose, by a trace.

The client is the parent of the driver.  By a grant, what is moved is copied
from and to the driver's pages; in the run that it lends, the device works in
its own.
"""
import os
import tempfile

import boot
from boot import BUILD, KERNEL # which finds the others
import dialogue
import disks
import image
import machine
import origin
import tap

PROGRAMS = {"s": "parents/s", "console": "children/console",
            "driver": "children/disk", "client": "tests/depot"}
COMMAND = "proc disk remove new depot size 24M buf 300 internal 20 image " \
    'function all prog "depot {}" create load include 8 start'
FIGURES = 7
TRACED = ("input_4k_alone", "input_64k_of_eight", "in_run_64k_of_eight")
TRACED_KIB = 256
NUCLEUS = 1 << 63 # its addresses begin here
DEADLINE = 300 # seconds


def elf(name):
    return os.path.join(BUILD, PROGRAMS[name] + ".elf")


def make(folder):
    """The image, and QEMU's words for a disk."""
    made = os.path.join(folder, "made.tar")
    image.make_image(made, [elf(name) for name in PROGRAMS], None,
                     image.usual_loader())
    path = os.path.join(folder, "disk.img")
    with open(path, "wb") as file:
        file.truncate(16 << 20)
    return made, disks.words(path)


def figures(made, words):
    """The lines that begin with `bench`, and all that was said."""
    lines = []
    with machine.Machine(machine.command(KERNEL, made, icount=machine.EXACT,
                                         more=words), DEADLINE) as computer:
        typist = dialogue.Typist(computer, show=lines.append)
        typist.line(COMMAND.format("measure"))
        typist.line("wait depot finished")
    return [line for line in lines if line.startswith("bench ")], lines


def whose(stretch, programs):
    """A stretch of a program's instructions, without a call in between, is of
    that one which has a call at its end, or, if it was interrupted, before its
    beginning: all programs have the same addresses."""
    for at in (stretch[-1], stretch[0] - 4):
        for name, program in programs.items():
            if program.text.get(at) == "ecall":
                return name
    return "another"


def parts(log, programs):
    """How many instructions of the trace are whose."""
    count = dict.fromkeys(["nucleus", "another", *programs], 0)
    stretch = []
    with open(log, encoding="ascii", errors="replace") as file:
        for line in file:
            if not line.startswith("Trace "):
                continue
            address = int(line.split("/", 2)[1], 16)
            if address < NUCLEUS:
                stretch.append(address)
                continue
            count["nucleus"] += 1
            if stretch:
                count[whose(stretch, programs)] += len(stretch)
                stretch = []
    return count


def main():
    writer = tap.Writer()
    programs = {name: origin.Program(elf(name)) for name in PROGRAMS}
    at = origin.Program(KERNEL).address["time_set_share"]
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        made, words = make(folder)
        found, said = figures(made, words)
        for line in found:
            print(line)
        writer.point(len(found) == FIGURES, "bench.disk", said)
        log = os.path.join(folder, "log")
        for name in TRACED:
            said = boot.trace(log, made, at, at, words,
                              "-- " + COMMAND.format(f"show {name}"))
            count = parts(log, programs)
            for part in ("driver", "client"):
                print(f"bench disk.{name}.{part} {count[part] // TRACED_KIB} "
                      "instructions")
            writer.point(count["nucleus"] > count["driver"] > count["client"] >
                         count["another"], f"bench.disk.{name}",
                         [str(count), *said.splitlines()])
    writer.end()


if __name__ == "__main__":
    main()

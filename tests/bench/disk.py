#!/usr/bin/python3
"""What moving a KiB costs in nucleus, driver and client together, and with a
store between these two: the times of their accounts, where time is a count of
instructions; and, without a store, which of these instructions are whose, by a
trace.

disk.*: the client is the parent of the driver.  By a grant, what is moved is
copied from and to the driver's pages; in the run that it lends, the device
works in its own.

store.*: the client is a sibling of the store, which is the parent of the
driver.  store.small.*: what one is charged who has one request under way,
alone and beside one who reads much.
"""
import collections
import os
import re
import tempfile

import boot
from boot import BUILD, KERNEL # which finds the others
import dialogue
import disks
import image
import machine
import origin
import tap

USUAL = {"s": "parents/s", "console": "children/console",
         "driver": "children/disk"}
COMMAND = "proc {3} remove new {0} size {1} buf 300 internal 40 image " \
    'function all prog "{0} {2}" create load include 8 start'
Setup = collections.namedtuple("Setup", "client size programs figures traced")
SETUPS = {
    "disk": Setup("depot", "24M", USUAL | {"client": "tests/depot"}, 7,
                  ("input_4k_alone", "input_64k_of_eight",
                   "in_run_64k_of_eight")),
    "store": Setup("shelf", "20M", USUAL | {"store": "parents/store",
                                            "client": "tests/shelf"}, 6,
                   ()),
}
PAID = ("input_64k_of_eight", "input_4k_ahead", "input_4k_random")
FIGURE = re.compile(r"^bench (\S+) (\d+)", re.MULTILINE)
BOOTS = 3
TRACED_KIB = 256
DISK_BYTES = 64 << 20
NUCLEUS = 1 << 63 # its addresses begin here
DEADLINE = 300 # seconds


def elf(program):
    return os.path.join(BUILD, program + ".elf")


def make(folder, programs):
    """The image, and QEMU's words for a disk."""
    made = os.path.join(folder, "made.tar")
    image.make_image(made, [elf(program) for program in programs.values()],
                     None, image.usual_loader())
    path = os.path.join(folder, "disk.img")
    with open(path, "wb") as file:
        file.truncate(DISK_BYTES)
    return made, disks.words(path)


def command(setup, words):
    started = "store" if "store" in setup.programs else "disk" # by s
    return COMMAND.format(setup.client, setup.size, words, started)


def run(setup, made, words, what):
    """The figures that are told, by name, and all that was said."""
    lines = []
    with machine.Machine(machine.command(KERNEL, made, icount=machine.EXACT,
                                         more=words), DEADLINE) as computer:
        typist = dialogue.Typist(computer, show=lines.append)
        typist.line(command(setup, what))
        typist.line(f"wait {setup.client} finished")
    return {name: int(value) for name, value in FIGURE.findall(
        "\n".join(lines))}, lines


def figures(setup, what, folder):
    """The best of some boots, which is printed: how many requests the disk has
    done when it interrupts is the host's doing."""
    best = {}
    for _ in range(BOOTS):
        found, said = run(setup, *make(folder, setup.programs), what)
        for name, value in found.items():
            best[name] = min(value, best.get(name, value))
    for name, value in best.items():
        print(f"bench {name} {value} instructions")
    return best, said


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


def measure(writer, label, setup, folder):
    found, said = figures(setup, "measure", folder)
    writer.point(len(found) == setup.figures, f"bench.{label}", said)
    made, words = make(folder, setup.programs)
    programs = {name: origin.Program(elf(program))
                for name, program in setup.programs.items()}
    at = origin.Program(KERNEL).address["time_set_share"]
    log = os.path.join(folder, "log")
    for name in setup.traced:
        said = boot.trace(log, made, at, at, words,
                          "-- " + command(setup, f"show {name}"))
        count = parts(log, programs)
        for part in ("driver", "client"):
            print(f"bench {label}.{name}.{part} {count[part] // TRACED_KIB} "
                  "instructions")
        writer.point(count["nucleus"] > count["driver"] > count["client"] >
                     count["another"], f"bench.{label}.{name}",
                     [str(count), *said.splitlines()])


def pays(writer, setup, folder):
    """A small reader beside a heavy one pays for its own only: at most a
    twentieth more than alone; or some less, since the interrupts that it
    waits for are the driver's to pay then."""
    for pace in PAID:
        found, said = figures(setup, f"pays {pace}", folder)
        alone, beside = (found.get(f"store.small.{pace}.{how}", 0)
                         for how in ("alone", "beside"))
        writer.point(0 < alone * 0.85 <= beside <= alone * 1.05,
                     f"bench.store.small_pays_for_its_own.{pace}", said)


def main():
    writer = tap.Writer()
    for label, setup in SETUPS.items():
        with tempfile.TemporaryDirectory(dir=BUILD) as folder:
            measure(writer, label, setup, folder)
            if label == "store":
                pays(writer, setup, folder)
    writer.end()


if __name__ == "__main__":
    main()

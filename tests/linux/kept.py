#!/usr/bin/python3
"""/store: what Linux's programs write there is there after the machine was
halted, and what was synchronised also after it was killed."""
import contextlib
import os
import random
import tarfile
import tempfile
import time

import made

import dialogue  # found by way of made
import disks
import tap

KILLS = 6
MOMENTS = 0.5 # seconds, at most, that a machine counts
BEGIN = f'new linux {made.SIZES} prog "linux /t/kept count" run'


class Kept:
    """An image, and a disk on which it keeps what it has."""

    def __init__(self, folder):
        tree = made.Tree()
        tree.add("t/kept", made.compiled(folder, "kept"))
        tree.add("store", kind=tarfile.DIRTYPE) # as Debian's image has it
        tree.add("t/text", b"Plain words.")
        self.image = made.make_image(folder, tree.bytes(),
                                     ("parents/store", "children/disk"))
        self.disk = os.path.join(folder, "disk")
        with open(self.disk, "wb") as file:
            file.truncate(16 << 20)

    def machine(self):
        """What a flush costs on this computer is no part of the test: QEMU is
        killed, not this computer."""
        words = [word.replace("driver=raw", "driver=raw,cache.no-flush=on")
                 for word in disks.words(self.disk)]
        return made.Runs(self.image, more=words)


def count_until_killed(runs, moment):
    """The numbers that were said to be durable."""
    typist, lines, end = runs.operator.typist, runs.operator.lines, None
    before = len(lines)
    typist.line(BEGIN)
    while end is None or time.monotonic() < end:
        typist.step(0.02)
        if end is None and any(map(str.isdigit, lines[before:])):
            end = time.monotonic() + moment
    time.sleep(moment / 10) # else it would be as a number comes
    runs.computer.process.kill()
    with contextlib.suppress(dialogue.Ended):
        while True:
            typist.step()
    return [int(line) for line in lines[before:] if line.isdigit()]


def kills(writer, kept):
    """Each machine tells what it found, and counts on until it is killed."""
    dice, said, faults = random.Random(1), [0], []
    for number in range(KILLS + 1):
        with kept.machine() as runs:
            lines = runs.run("/t/kept told")
            found = [int(line) for line in lines if line.isdigit()]
            if len(found) != 1 or found[0] < said[-1]:
                faults += [f"kill {number}: {said[-1]} was durable", *lines]
                break
            if number < KILLS:
                said = count_until_killed(runs, dice.random() * MOMENTS)
    writer.point(not faults, f"{KILLS}_kills_lose_nothing", faults)


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(prefix="kerne-") as folder:
        kept = Kept(folder)
        with kept.machine() as runs:
            made.tell_points(writer, "made", runs.run("/t/kept make"))
            made.tell_points(writer, "at_once", runs.run("/t/kept look"))
            before = runs.accounts()
            made.tell_points(writer, "full", runs.run("/t/kept fill"))
            writer.point(runs.accounts() == before, "all_comes_back",
                         [str(before), str(runs.accounts())])
            runs.computer.type("halt\n")
            while runs.computer.read() is not None:
                pass
        with kept.machine() as runs:
            made.tell_points(writer, "later", runs.run("/t/kept look"))
        kills(writer, kept)
    writer.end()


if __name__ == "__main__":
    main()

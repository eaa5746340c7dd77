#!/usr/bin/python3
"""/store: what Linux's programs write there is there after the machine was
halted.  crashes.py has what is there after a crash."""
import os
import tarfile
import tempfile

import made

import disks  # found by way of made
import tap


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
        """What a flush costs on this computer is no part of the test."""
        words = [word.replace("driver=raw", "driver=raw,cache.no-flush=on")
                 for word in disks.words(self.disk)]
        return made.Runs(self.image, more=words)


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
    writer.end()


if __name__ == "__main__":
    main()

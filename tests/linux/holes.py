#!/usr/bin/python3
"""Pages that files of /store are given, and holes in them, are there after the
machine was halted."""
import os
import tarfile
import tempfile

import made

import disks  # found by way of made
import tap


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(prefix="kerne-") as folder:
        tree = made.Tree()
        tree.add("t/holes", made.compiled(folder, "holes"))
        tree.add("store", kind=tarfile.DIRTYPE)
        image = made.make_image(folder, tree.bytes(),
                                ("parents/store", "children/disk"),
                                made.POISONED)
        disk = os.path.join(folder, "disk")
        with open(disk, "wb") as file:
            file.truncate(4 << 20)
        for word in "make", "look":
            with made.Runs(image, more=disks.words(disk)) as runs:
                made.tell_points(writer, word, runs.run(f"/t/holes {word}"))
                runs.computer.type("halt\n")
                while runs.computer.read() is not None:
                    pass
    writer.end()


if __name__ == "__main__":
    main()

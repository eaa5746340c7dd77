#!/usr/bin/python3
"""Signals at every instruction of a piece of code: see bare/exact.c.

QEMU takes interrupts at the ends of its blocks of instructions only, unless it
counts them, and its timers keep a part of a tick then.  So this one runs on the
machine of view/machine, which takes them between any two, each time the same.
"""
import os
import tempfile

import made

import tap  # found by way of made


def main():
    os.environ["KERNE_MACHINE"] = "view"
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(prefix="kerne-") as folder:
        tree = made.Tree()
        tree.add("t/exact", made.compiled(folder, "exact"))
        image = made.make_image(folder, tree.bytes())
        with made.Runs(image, "kerne") as runs:
            made.tell_points(writer, "exact", runs.run("/t/exact"))
    writer.end()


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""Who takes all that there is of one kind, beside who takes little: the one is
refused or ended, the other goes on, and all comes back.
"""
import tempfile

import made

import tap  # found by way of made

SIZES = "size 16M buf 60 internal 60 tables 600 image"


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(prefix="kerne-") as folder:
        tree = made.Tree()
        tree.add("t/bombs", made.compiled(folder, "bombs"))
        image = made.make_image(folder, tree.bytes())
        for kernel in ("kerne", "kerne-checks"):
            with made.Runs(image, kernel=kernel) as runs:
                before = runs.accounts()
                said = runs.run("/t/bombs", SIZES)
                made.tell_points(writer, f"bombs.{kernel}", said)
                writer.point(any(line.startswith("out of memory: process")
                                 for line in said),
                             f"bombs.{kernel}.who_is_ended_is_said", said)
                writer.point(runs.accounts() == before,
                             f"bombs.{kernel}.linux_leaves_nothing",
                             [str(before), str(runs.accounts())])
    writer.end()


if __name__ == "__main__":
    main()

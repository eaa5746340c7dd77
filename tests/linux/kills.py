#!/usr/bin/python3
"""A thousand kills at random leave nothing behind: on the nucleus as it is
released, and on the one that checks itself, with a personality that breaks when
it goes on with what is gone.  KERNE_SEED begins elsewhere.
"""
import os
import tempfile

import made

import tap  # found by way of made

KILLS = 1000
SIZES = "size 64M buf 60 internal 120 tables 1200 image"
DEADLINE = 500 # seconds


def main():
    writer = tap.Writer()
    seed = os.environ.get("KERNE_SEED", "1")
    with tempfile.TemporaryDirectory(prefix="kerne-") as folder:
        tree = made.Tree()
        tree.add("t/kills", made.compiled(folder, "kills"))
        tree = tree.bytes()
        for kernel, system in (("kerne", "parents/linux"),
                               ("kerne-checks", made.POISONED)):
            image = made.make_image(folder, tree, system=system)
            with made.Runs(image, kernel=kernel, deadline=DEADLINE) as runs:
                before = runs.accounts()
                made.tell_points(writer, f"kills.{kernel}", runs.run(
                    f"/t/kills {KILLS} {seed}", SIZES))
                writer.point(runs.accounts() == before,
                             f"kills.{kernel}.linux_leaves_nothing",
                             [str(before), str(runs.accounts())])
    writer.end()


if __name__ == "__main__":
    main()

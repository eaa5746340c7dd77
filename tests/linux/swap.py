#!/usr/bin/python3
"""Twice the storage that linux has, with a store on a disk."""
import os
import tempfile

import made

import disks  # found by way of made
import tap

SIZES = "size 8M buf 60 internal 60 tables 600 image"
DISK = 64 << 20 # bytes
REFUSALS = (("swap=1T", "after `swap=` it expected a size"),
            ("swap=4k4", "after `swap=` it expected a size"),
            ("swap=60G", "cannot be had of store"))


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(prefix="kerne-") as folder:
        tree = made.Tree()
        tree.add("t/swaps", made.compiled(folder, "swaps"))
        image = made.make_image(folder, tree.bytes(),
                                ("parents/store", "children/disk"))
        disk = os.path.join(folder, "disk")
        with open(disk, "wb") as file:
            file.truncate(DISK)
        for kernel in ("kerne", "kerne-checks"):
            with made.Runs(image, kernel=kernel, deadline=300,
                           more=disks.words(disk)) as runs:
                before = runs.accounts()
                made.tell_points(writer, f"swap.{kernel}",
                                 runs.run("swap=32M /t/swaps", SIZES))
                writer.point(runs.accounts() == before,
                             f"swap.{kernel}.all_comes_back",
                             [str(before), str(runs.accounts())])
                for words, refusal in REFUSALS:
                    said = " ".join(runs.operator.says(
                        f'new linux {SIZES} prog "linux {words}" run',
                        "wait linux gave up"))
                    writer.point(refusal in said,
                                 f"swap.{kernel}.refuses `{words}`", [said])
                    runs.operator.says("proc linux remove")
    writer.end()


if __name__ == "__main__":
    main()

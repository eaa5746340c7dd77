#!/usr/bin/python3
"""Twice the storage that linux has, with a store on a disk."""
import os
import tempfile

import made

import disks  # found by way of made
import machine
import tap

SIZES = "size 8M buf 60 internal 60 tables 600 image"
DISK = 64 << 20 # bytes
REFUSALS = (("swap=1T", "after `swap=` it expected a size"),
            ("swap=4k4", "after `swap=` it expected a size"),
            ("swap=60G", "cannot be had of store"))


def told_on_the_way(runs):
    """The store stands still while the program touches what is on its way."""
    typist = runs.operator.typist
    before = len(runs.operator.lines)
    typist.line(f'new linux {SIZES} prog "linux swap=32M /t/swaps met" run')
    for word in ("stop", "start"):
        typist.until(lambda: word in typist.since, word)
        typist.line(f"proc store {word}")
    typist.until(lambda: any(line.startswith("linux finished")
                             for line in typist.since), "its end")
    typist.until_ready()
    return runs.operator.lines[before + 1:]


def shares(writer, image, disk):
    with made.Runs(image, "kerne", icount=machine.EXACT, deadline=300,
                   more=disks.words(disk)) as runs:
        made.tell_points(writer, "swap", runs.run("swap=32M /t/beside", SIZES))


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(prefix="kerne-") as folder:
        tree = made.Tree()
        for name in ("swaps", "beside"):
            tree.add(f"t/{name}", made.compiled(folder, name))
        image = made.make_image(folder, tree.bytes(),
                                ("parents/store", "children/disk"))
        disk = os.path.join(folder, "disk")
        with open(disk, "wb") as file:
            file.truncate(DISK)
        # With few buffers, all are at the store when the clock is to be asked.
        for kernel, few in (("kerne", "buf 9"), ("kerne-checks", "buf 60")):
            with made.Runs(image, kernel=kernel, deadline=300,
                           more=disks.words(disk)) as runs:
                before = runs.accounts()
                made.tell_points(writer, f"swap.{kernel}",
                                 runs.run("swap=32M /t/swaps",
                                          SIZES.replace("buf 60", few)))
                writer.point(runs.accounts() == before,
                             f"swap.{kernel}.all_comes_back",
                             [str(before), str(runs.accounts())])
                made.tell_points(writer, f"swap.{kernel}",
                                 runs.run("swap=2M /t/swaps full", SIZES))
                made.tell_points(writer, f"swap.{kernel}",
                                 told_on_the_way(runs))
                for words, refusal in REFUSALS:
                    said = " ".join(runs.operator.says(
                        f'new linux {SIZES} prog "linux {words}" run',
                        "wait linux gave up"))
                    writer.point(refusal in said,
                                 f"swap.{kernel}.refuses `{words}`", [said])
                    runs.operator.says("proc linux remove")
        shares(writer, image, disk)
    writer.end()


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""What moving a KiB costs in nucleus, driver and client together: the times of
their accounts, where time is a count of instructions.

The client is the parent of the driver.  By a grant, what is moved is copied
from and to the driver's pages; in the run that it lends, the device works in
its own.
"""
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ.get("KERNE_BUILD", os.path.join(HERE, "build"))
sys.path[:0] = [os.path.join(HERE, "tests"), os.path.join(HERE, "tools")]

import dialogue  # noqa: E402 (found by the path above)
import disks  # noqa: E402
import image  # noqa: E402
import machine  # noqa: E402
import tap  # noqa: E402

KERNEL = os.path.join(BUILD, "arch", "riscv", "kerne")
PROGRAMS = ("parents/s", "children/console", "children/disk", "tests/depot")
FIGURES = 7
DEADLINE = 300 # seconds


def figures(folder):
    """The lines that begin with `bench`, and all that was said."""
    made = os.path.join(folder, "made.tar")
    image.make_image(made, [os.path.join(BUILD, f"{name}.elf")
                            for name in PROGRAMS], None, image.usual_loader())
    path = os.path.join(folder, "disk.img")
    with open(path, "wb") as file:
        file.truncate(16 << 20)
    lines = []
    with machine.Machine(machine.command(KERNEL, made, icount=machine.EXACT,
                                         more=disks.words(path)),
                         DEADLINE) as computer:
        typist = dialogue.Typist(computer, show=lines.append)
        typist.line("proc disk remove")
        typist.line("new depot size 24M buf 300 internal 20 image function all "
                    'prog "depot measure" create load include 8 start')
        typist.line("wait depot finished")
    return [line for line in lines if line.startswith("bench ")], lines


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        found, said = figures(folder)
    for line in found:
        print(line)
    writer.point(len(found) == FIGURES, "bench.disk", said)
    writer.end()


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""Children that always ask for more lines than there are places for: their
parent is typed to all the same, at every depth, and removes them."""
import os
import tempfile

from operated import BUILD, KERNEL, Operator

import image
import machine
import tap

DEADLINE = 60 # seconds, of each machine
PROGRAMS = ("parents/s", "children/console", "tests/hoarder")
SYSTEM = ("size 16M internal 160 buf 600 tables 800 image", "wait To begin")


def hoarders(writer, operator, name, count, buffers):
    """They fill what they can, and their parent is there."""
    for number in range(count):
        operator.says(f"new h{number} size 200k internal 0 "
                      f"buf {buffers} prog hoarder run")
    said = operator.says("max", "list short")
    writer.point(any(line.startswith("buffers") for line in said) and
                 sum(line.startswith("  h") for line in said) == count,
                 f"places.{name}.the_parent_is_heard", said)


def remove(writer, operator, name, count):
    said = operator.says(*[f"proc h{number} remove"
                           for number in range(count)], "list short")
    writer.point(not any(line.startswith("  h") for line in said),
                 f"places.{name}.the_parent_removes_them", said)


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        words = machine.command(KERNEL, image.make_of_built(
            os.path.join(folder, "places.tar"), PROGRAMS))
        with machine.Machine(words, DEADLINE) as computer:
            operator = Operator(computer)
            operator.says(f"new s2 {SYSTEM[0]} prog s run", SYSTEM[1],
                          "to s2", f"new s3 size 8M internal 60 buf 300 "
                          "tables 400 image prog s run", SYSTEM[1])
            for way, name, count, buffers in (
                    ("to s2/s3", "two_deep", 6, 30),
                    ("to s2", "one_deep", 6, 40), ("to s", "root", 12, 40)):
                operator.says(way)
                hoarders(writer, operator, name, count, buffers)
            for way, name, count in (
                    ("to s", "root", 12), ("to s2", "one_deep", 6),
                    ("to s2/s3", "two_deep", 6)): # who fills most goes first
                operator.says(way)
                remove(writer, operator, name, count)
    writer.end()


if __name__ == "__main__":
    main()

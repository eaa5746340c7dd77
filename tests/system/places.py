#!/usr/bin/python3
"""Children that always ask for more lines, or time, than there are places for,
of each server there is: their parent is typed to all the same, at every depth,
and removes them."""
import os
import tempfile

from operated import BUILD, KERNEL, Operator

import image
import machine
import tap

DEADLINE = 60 # seconds, of each machine
PROGRAMS = ("parents/s", "parents/tee", "parents/slow", "parents/jail",
            "parents/keeper", "children/console", "children/checkio",
            "tests/hoarder")
SYSTEM = ("size 16M internal 160 buf 600 tables 800 image", "wait To begin")

# Systems inside of which there is an s: whom one types to, to reach it, and of
# whom its children ask.
RELAYS = {
    "tee s": ("it", ""), "tee tee s": ("it", ""), "jail s": ("it", ""),
    "jail tee s": ("it", ""), "tee slow 3 s": ("it", "clock"),
    "slow 0 tee s": ("it/tee", "clock"), "slow 0 s": ("it/s", "clock"),
}


def hoarders(writer, operator, name, count, buffers, of=""):
    """They fill what they can, and their parent is there."""
    for number in range(count):
        operator.says(f"new h{number} size 200k internal 0 "
                      f'buf {buffers} prog "hoarder {of}" run')
    said = operator.says("max", "list short")
    writer.point(any(line.startswith("buffers") for line in said) and
                 sum(line.startswith("  h") for line in said) == count,
                 f"places.{name}.the_parent_is_heard", said)


def remove(writer, operator, name, count):
    said = operator.says(*[f"proc h{number} remove"
                           for number in range(count)], "list short")
    writer.point(any(line.startswith("name ") for line in said) and
                 not any(line.startswith("  h") for line in said),
                 f"places.{name}.the_parent_removes_them", said)


def halt(writer, operator, name, end):
    """The parent of hoarders may also just go, with them."""
    said = operator.says("halt", f"wait {end}")
    writer.point(any(end in line for line in said), f"places.{name}.halts",
                 said)


def in_each_other(writer, operator):
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
    hoarders(writer, operator, "two_deep_again", 6, 30)
    halt(writer, operator, "two_deep", "lines go to s2")
    operator.says("to s", "proc s2 remove")


def behind_relays(writer, operator):
    for command, (way, of) in RELAYS.items():
        name = command.replace(" ", "_")
        operator.says(f'new it {SYSTEM[0]} prog "{command}" run', SYSTEM[1],
                      f"to {way}")
        hoarders(writer, operator, name, 6, 20, of)
        remove(writer, operator, name, 6)
        hoarders(writer, operator, name + ".again", 6, 20, of)
        halt(writer, operator, name, "it finished")
        operator.says("to s", "proc it remove")


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        # The checks of the other nucleus walk through what is full here, with
        # each call.
        words = machine.command(KERNEL.replace("-checks", ""),
                                image.make_of_built(
            os.path.join(folder, "places.tar"), PROGRAMS))
        for part in in_each_other, behind_relays:
            with machine.Machine(words, DEADLINE) as computer:
                part(writer, Operator(computer))
    writer.end()


if __name__ == "__main__":
    main()

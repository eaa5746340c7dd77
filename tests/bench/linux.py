#!/usr/bin/python3
"""What calls of Linux's cost under parents/linux, by a program without a
library (tests/linux/bare/speed.c): instructions, at the least of some rounds.
So deep in a tower they cost the same.
"""
import os
import re
import sys
import tempfile

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(HERE, "tests", "linux")]

import made  # noqa: E402 (found by the path above)

import machine  # noqa: E402 (found by way of made)
import tap  # noqa: E402

FIGURE = re.compile(r"bench (linux\.[a-z_0-9]+) ([0-9]+) instructions")
DEPTH, TOLERANCE = 3, 0.02
SIZES = "size 16M buf 40 internal 20 tables 120 image"
DEADLINE = 30 # seconds of a machine's clock


def figures(image, depth):
    """The figures, and all that was said."""
    with made.Runs(image, "kerne", DEADLINE, machine.EXACT, "1G") as runs:
        for level in range(2, depth + 1):
            runs.operator.says(
                f"new s{level} size {900 // level}M buf 150 internal "
                f"{200 // level} tables {2400 // level} image prog s run",
                f"to s{level}")
        said = runs.run("/t/speed", SIZES)
    found = [FIGURE.fullmatch(line) for line in said]
    return {line[1]: int(line[2]) for line in found if line}, said


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(prefix="kerne-") as folder:
        tree = made.Tree()
        for name in ("speed", "tiny"):
            tree.add(f"t/{name}", made.compiled(folder, name))
        image = made.make_image(folder, tree.bytes())
        found, said = figures(image, 1)
        deeper, _ = figures(image, DEPTH)
    for name, value in found.items():
        print(f"# bench {name} {value} instructions")
    writer.point("linux finished, status 0" in said and found != {},
                 "linux.comes_to_its_end", said)
    for name, value in found.items():
        other = deeper.get(name, 0)
        writer.point(abs(other - value) <= TOLERANCE * value,
                     f"{name} is the same at depth {DEPTH}",
                     [f"{value} at depth 1, {other} there"])
    writer.end()


if __name__ == "__main__":
    main()

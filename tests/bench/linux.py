#!/usr/bin/python3
"""What calls of Linux's cost under parents/linux: instructions.

A program without a library (tests/linux/bare/speed.c) has calls of its own, at
the least of some rounds; another (launch.c) starts programs of Debian's, at the
median, where these can be had.  So deep in a tower they cost the same.
"""
import os
import re
import sys
import tempfile

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(HERE, "tests", "linux")]

import made  # noqa: E402 (found by the path above)

import debian  # noqa: E402 (found by way of made)
import linux  # noqa: E402
import machine  # noqa: E402
import tap  # noqa: E402

FIGURE = re.compile(r"bench (linux\.[a-z_0-9]+) ([0-9]+) instructions")
DEPTH, TOLERANCE = 3, 0.02
SIZES = "size 16M buf 40 internal 20 tables 120 image"
DEADLINE = 30 # seconds of a machine's clock
TIMES = 15
OF_DEBIAN = {
    "linux.busybox_true": "/bin/busybox true",
    "linux.bash_true": "/bin/bash-static -c true",
}
PACKAGES = ["bash-static"] # beside those that are always there


def figures(image, depth, programs):
    """The figures, and all that was said."""
    said = []
    with made.Runs(image, "kerne", DEADLINE, machine.EXACT, "1G") as runs:
        for level in range(2, depth + 1):
            runs.operator.says(
                f"new s{level} size {900 // level}M buf 150 internal "
                f"{200 // level} tables {2400 // level} image prog s run",
                f"to s{level}")
        for program in programs:
            said += runs.run(program, SIZES)
    found = [FIGURE.fullmatch(line) for line in said]
    return {line[1]: int(line[2]) for line in found if line}, said


def own_tree(folder):
    tree = made.Tree()
    for name in ("speed", "tiny"):
        tree.add(f"t/{name}", made.compiled(folder, name))
    return tree.bytes()


def image_of_debian(folder):
    """Whose files lie so that their pages can be lent, as ./run makes it."""
    path = linux.make(PACKAGES, {
        "t/launch": (0o755, made.compiled(folder, "launch"))})
    return linux.add_tree(os.path.join(made.BUILD, "image.tar"), path)[0]


def measure(writer, image, programs):
    """The figures of programs, at both depths."""
    found, said = figures(image, 1, programs)
    deeper, said_there = figures(image, DEPTH, programs)
    for name, value in found.items():
        print(f"# bench {name} {value} instructions")
    writer.point(found != {} and len(programs) ==
                 said.count("linux finished, status 0") ==
                 said_there.count("linux finished, status 0"),
                 f"{programs[0].split()[0][3:]}.comes_to_its_end",
                 said + said_there)
    for name, value in found.items():
        other = deeper.get(name, 0)
        writer.point(abs(other - value) <= TOLERANCE * value,
                     f"{name} is the same at depth {DEPTH}",
                     [f"{value} at depth 1, {other} there"])


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(prefix="kerne-") as folder:
        measure(writer, made.make_image(folder, own_tree(folder)),
                ["/t/speed"])
        try:
            image = image_of_debian(folder)
        except debian.Refused as refusal:
            for name in OF_DEBIAN:
                writer.skip(name, "Debian's packages are not to be had: "
                            f"{refusal}")
        else:
            with image:
                measure(writer, image.name, [
                    f"/t/launch {name} {TIMES} {words}"
                    for name, words in OF_DEBIAN.items()])
    writer.end()


if __name__ == "__main__":
    main()

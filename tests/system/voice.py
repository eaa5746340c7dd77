#!/usr/bin/python3
"""No program speaks with the voice of the console, or of another program."""
import os
import tempfile

import operated
from operated import BUILD, KERNEL

import image  # found by way of operated
import machine
import tap

DEADLINE = 300 # seconds
PROGRAMS = ("parents/s", "children/console", "tests/forge")
# All that `forge` writes, as it is shown.
SHOWN = r"""from forge
\x1b[1A\x1b[2Kfrom s
forge is removed
from\x20s
>\x20halt
s/s2>\x20halt
to\x20s
console:\x20lines go to forge
\u202edrawkcab \xc0\x9b \u009b2J\x0d
Grüße 世
cut \xe4\xb8""".splitlines()


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        paths = [os.path.join(BUILD, f"{name}.elf") for name in PROGRAMS]
        made = os.path.join(folder, "made.tar")
        image.make_image(made, paths, None, image.usual_loader())
        words = machine.command(KERNEL, made)
        with machine.Machine(words, DEADLINE) as computer:
            operator = operated.Operator(computer)
            said = operator.says("new forge run", "wait cut")
            said += operator.says("date")
            first = said.index(SHOWN[0]) if SHOWN[0] in said else 0
            writer.point(said[first:first + len(SHOWN)] == SHOWN and
                         "from s" in said[first + len(SHOWN):],
                         "voice.is_not_forged", said)
            writer.point(said.count("from s") == 2, "voice.of_s_is_told", said)
            operator.typist.line("halt")
    writer.end()


if __name__ == "__main__":
    main()

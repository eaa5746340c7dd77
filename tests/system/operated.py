"""For the tests of this folder that type at a console: paths, the operator."""
import os
import sys

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ.get("KERNE_BUILD", os.path.join(HERE, "build"))
KERNEL = os.path.join(BUILD, "arch", "riscv", "kerne-checks")
HALTS = "The machine halts; see README.md on boot images."
sys.path[:0] = [os.path.join(HERE, "tests"), os.path.join(HERE, "tools")]

import dialogue  # noqa: E402 (found by the path above)
import machine  # noqa: E402


def said_by(command, deadline):
    """What this machine says by itself, and its exit status; None: it goes
    on."""
    screen = machine.Screen()
    said = []
    with machine.Machine(command, deadline) as computer:
        try:
            while (text := computer.read()) is not None:
                said += screen.feed(text)
            return said, computer.status()
        except TimeoutError:
            return said + [screen.line()], None


def refused(command, deadline, words):
    """Whether this machine halts in these words; and why not."""
    said, status = said_by(command, deadline)
    good = status == 1 and HALTS in said and \
        any(line.startswith("boot: ") and words in line for line in said)
    return good, [f"exit status {status}; wanted: {words}"] + said


class Operator:
    def __init__(self, computer):
        self.lines = [] # all that was said
        self.typist = dialogue.Typist(computer, show=self.lines.append)

    def says(self, *lines):
        """Types them, and returns what was said since."""
        before = len(self.lines)
        for line in lines:
            self.typist.line(line)
        self.typist.until_ready()
        return self.lines[before:]

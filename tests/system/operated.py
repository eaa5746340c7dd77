"""For the tests of this folder that type at a console: paths, the operator."""
import os
import sys

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ.get("KERNE_BUILD", os.path.join(HERE, "build"))
KERNEL = os.path.join(BUILD, "arch", "riscv", "kerne-checks")
sys.path[:0] = [os.path.join(HERE, "tests"), os.path.join(HERE, "tools")]

import dialogue  # noqa: E402 (found by the path above)


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

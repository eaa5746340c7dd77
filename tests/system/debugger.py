#!/usr/bin/python3
"""tools/gdb/kerne.py says in words what the machine is doing.

Once at the first instruction of a program, and once when two programs have
been started from the console and wait.
"""
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ.get("KERNE_BUILD", os.path.join(HERE, "build"))
sys.path[:0] = [os.path.join(HERE, "tests"), os.path.join(HERE, "tools")]

import cross  # noqa: E402 (found by the path above)
import dialogue  # noqa: E402
import machine  # noqa: E402
import tap  # noqa: E402

DEADLINE = 400 # seconds, of the machine
KERNEL = os.path.join(BUILD, "arch", "riscv", "kerne")


def debug(port, *steps):
    """What the debugger says; it comes, does these steps, and goes."""
    words = [cross.DEBUGGER, "-nx", "-batch",
             "-x", os.path.join(HERE, "tools", "gdb", "kerne.py"),
             "-ex", f"target remote 127.0.0.1:{port}"]
    for step in (*steps, "detach"):
        words += ["-ex", step]
    result = subprocess.run(words + [KERNEL], stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, check=False,
                            timeout=DEADLINE)
    return result.stdout


class Expectation:
    """Points, each of which wants an expression in what was said."""

    def __init__(self):
        self.writer = tap.Writer()

    def says(self, name, said, *expressions):
        missing = [e for e in expressions
                   if not re.search(e, said, re.MULTILINE)]
        self.writer.point(not missing, f"debugger.{name}",
                          [f"not found: {e}" for e in missing] +
                          said.splitlines())


def first_program(expectation, port):
    """The machine stands in a program, where the nucleus is out of sight."""
    said = debug(port, "hbreak *0x80400000", "continue", "kerne tree")
    expectation.says("tree.in_a_program", said, r"^#1 +s +running$")
    expectation.says("symbols.follow_the_program", said, r"symbols of .*s\.elf")


def at_rest(expectation, port):
    said = debug(port, "kerne help")
    expectation.says("help", said, r"^kerne tree ")
    said = debug(port, "kerne tree")
    expectation.says("tree", said, r"^#1 +s +waits for an event$",
                     r"^#\d+ +terminal +waits for an event$",
                     r"^#\d+ +console +stands for terminal",
                     r"^#\d+ +talk +waits for an answer of terminal")
    said = debug(port, "kerne process s/talk")
    expectation.says("process", said, r"^s/talk \(#\d+\): waits for an answer",
                     r"^buffers: \d+ received, \d+ free, 1 used",
                     r"symbols of .*talk\.elf", r"^pc 804\w+ \w+",
                     r"sent, and the answer not yet taken:\n.*message, input")
    said = debug(port, "kerne process terminal")
    expectation.says("process.program_of_another_name", said,
                     r"symbols of .*console\.elf")
    said = debug(port, "kerne queue echo")
    expectation.says("queue", said, r"event queue of echo.*:\n  none")
    said = debug(port, "kerne buffers")
    expectation.says("buffers", said, r"from talk .* to terminal",
                     r"from terminal .* to line10", r"^\d+ in use")
    said = debug(port, "kerne windows talk")
    expectation.says("windows", said, r" 0x80400000 -> +0x\w+ r-x +\d+ pages",
                     r" rw-  \d+ pages")
    said = debug(port, "kerne process nobody")
    expectation.says("process.unknown", said, "No process is called `nobody`")


def main():
    expectation = Expectation()
    port = machine.free_port(3333)
    words = machine.command(KERNEL, os.path.join(BUILD, "image.tar"), gdb=port)
    with machine.Machine(words, DEADLINE) as computer:
        first_program(expectation, port)
        typist = dialogue.Typist(computer, show=lambda line: None)
        for line in ("new echo run", "new talk run"):
            typist.line(line)
        typist.until_ready()
        at_rest(expectation, port)
    expectation.writer.end()


if __name__ == "__main__":
    main()

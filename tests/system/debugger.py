#!/usr/bin/python3
"""tools/gdb/kerne.py says in words what the machine is doing.

Once at the first instruction of a program, and once when two programs have
been started from the console and wait.
"""
import os
import re
import subprocess
import tempfile

from operated import BUILD, HERE

import cross  # found by way of operated
import dialogue
import machine
import tap
import with_program

DEADLINE = 400 # seconds, of the machine
MINE = """\
#include <stdio.h>

static __attribute__((noinline)) int twice(int number)
{
    return 2 * number;
}

int main(void)
{
    volatile int first = 1;
    int result = twice(first) + twice(21);
    printf("%d\\n", result);
    return 0;
}
"""
# Of the pages of the nucleus, as the machine's table has them.
NUCLEUS_RIGHTS = """python
entries = gdb.parse_and_eval("nucleus_leaf")
entries = [int(entries[i]) for i in range(512)]
print(sorted({"".join(sign for bit, sign in ((2, "r"), (4, "w"), (8, "x"))
                      if entry & bit) for entry in entries if entry & 1}))
"""
KERNEL = os.path.join(BUILD, "arch", "riscv", "kerne")


def start(port, *steps):
    """The debugger, which comes, does these steps, and goes."""
    words = [cross.DEBUGGER, "-nx", "-batch",
             "-x", os.path.join(HERE, "tools", "gdb", "kerne.py"),
             "-ex", f"target remote 127.0.0.1:{port}"]
    for step in (*steps, "detach"):
        words += ["-ex", step]
    return subprocess.Popen(words + [KERNEL], stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True)


def debug(port, *steps):
    """What it says."""
    return start(port, *steps).communicate(timeout=DEADLINE)[0]


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
                     r" rw-  \d+ pages", r"\A(?![\s\S]* rwx )")
    said = debug(port, NUCLEUS_RIGHTS)
    expectation.says("rights_of_the_nucleus", said, r"^\['r', 'rw', 'rx'\]$")
    said = debug(port, "kerne process nobody")
    expectation.says("process.unknown", said, "No process is called `nobody`")


def own_program(expectation, folder):
    """By its source, though s has code, and a main(), at the same addresses."""
    source = os.path.join(folder, "mine.c")
    with open(source, "w", encoding="utf-8") as file:
        file.write(MINE)
    made = with_program.add(BUILD, [("mine", [source])],
                            os.path.join(BUILD, "image.tar"), cross.STRIP,
                            ["-Og"])
    port = machine.free_port(3333)
    words = machine.command(KERNEL, made.name, gdb=port)
    with machine.Machine(words, DEADLINE) as computer:
        debugger = start(port, "kerne program mine", "break main",
                         "break twice if number == 21", "info breakpoints",
                         "continue", "kerne process s", "continue",
                         "backtrace", "finish", "print first",
                         "kerne program", "kerne process s")
        typist = dialogue.Typist(computer, show=lambda line: None)
        typist.line("new mine run")
        said, _ = debugger.communicate(timeout=DEADLINE)
        typist.until_ready()
        typist.line("halt")
    expectation.says(
        "own_program.is_met_alone", said, r"^\(symbols of .*mine\.elf\)$",
        r'stop only if \$kerne_runs\("mine"\)$',
        r'\$kerne_runs\("mine"\) && \(number == 21\)',
        r"Breakpoint 1, main \(.*\) at .*mine\.c:9")
    expectation.says("own_program.keeps_its_symbols", said,
                     r"^s \(#1\): (.*\n)*pc 804[0-9a-f]+$",
                     r"symbols of .*/s\.elf(.*\n)*pc 804[0-9a-f]+ \w+")
    expectation.says("own_program.by_source", said,
                     r"Breakpoint 2, twice \(.*=21\) at .*mine\.c:5",
                     r"#1 .* main \(.*mine\.c:11$",
                     r"Value returned is .* = 42$", r"^\$\d+ = 1$")


def main():
    expectation = Expectation()
    with tempfile.TemporaryDirectory() as folder:
        own_program(expectation, folder)
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

#!/usr/bin/python3
"""boot.instructions: from the nucleus's first instruction to that of the root's
program; the root loader's are among them.

Measured from outside, so that the nucleus has no code for it: QEMU writes a
line for each instruction between two breakpoints, the firmware's included.
"""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ.get("KERNE_BUILD", os.path.join(HERE, "build"))
sys.path[:0] = [os.path.join(HERE, "tests"), os.path.join(HERE, "tools")]

import cross  # noqa: E402 (found by the path above)
import machine  # noqa: E402
import tap  # noqa: E402
from elftools.elf.elffile import ELFFile  # noqa: E402

KERNEL = os.path.join(BUILD, "arch", "riscv", "kerne")
FIRST = 0x80200000 # where the firmware enters the nucleus
DEADLINE = 300      # seconds


def entry_of(path):
    with open(path, "rb") as file:
        return ELFFile(file)["e_entry"]


def trace(log, image, first, last, more=(), append=None):
    """Runs an image; the log has each instruction from `first` to `last`.
    What the debugger said."""
    port = machine.free_port(2345)
    words = machine.command(KERNEL, image, gdb=port, icount=machine.EXACT,
                            append=append, more=["-D", log, *more])
    steps = ["set pagination off", "set confirm off",
             f"target remote 127.0.0.1:{port}",
             f"hbreak *{first:#x}", "continue", "delete",
             "monitor singlestep on", "monitor log exec,nochain",
             f"hbreak *{last:#x}", "continue", "monitor log none",
             "printf \"stands at %#lx\\n\", $pc", "kill"]
    debugger = [cross.DEBUGGER, "-nx", "-batch"]
    for step in steps:
        debugger += ["-ex", step]
    with machine.Machine(words, DEADLINE) as computer:
        computer.process.stdin.close()
        try:
            result = subprocess.run(
                debugger + [KERNEL], stdout=subprocess.PIPE, text=True,
                stderr=subprocess.STDOUT, timeout=DEADLINE, check=False)
        except subprocess.TimeoutExpired:
            return f"{last:#x} was not reached within {DEADLINE} s"
    return result.stdout


def count(log):
    with open(log, encoding="ascii", errors="replace") as file:
        return sum(1 for line in file if line.startswith("Trace "))


def main():
    writer = tap.Writer()
    root_entry = entry_of(os.path.join(BUILD, "parents", "s.elf"))
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        log = os.path.join(folder, "trace.log")
        said = trace(log, os.path.join(BUILD, "image.tar"), FIRST, root_entry)
        instructions = count(log) if os.path.exists(log) else 0
    arrived = f"stands at {root_entry:#x}" in said
    if arrived:
        print(f"bench boot.instructions {instructions} instructions")
    writer.point(arrived and instructions > 0,
                 "boot.reaches_the_root", said.splitlines()[-10:])
    writer.end()


if __name__ == "__main__":
    main()

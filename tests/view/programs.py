#!/usr/bin/python3
"""The same random programs on QEMU and on the machine of view/machine: all
registers and all that they have written are compared at each trap, and how many
instructions it took; millions of instructions of each class.  And what a
supervisor does at random: a program of such a class is some things of a kind.

`programs.py CLASS PROGRAM` shows one program's traps on both.
"""
import struct
import subprocess
import sys
import tempfile

import view

import tap  # found by way of view

CLASSES = ["integer", "memory", "atomic", "compressed", "floats", "any",
           "control", "tables", "lines", "alarms"]
SEED = 7
PROGRAMS = {"integer": 6000, "memory": 6000, "atomic": 6000,
            "compressed": 6000, "floats": 12000, "any": 4000,
            "control": 1000, "tables": 1000, "lines": 1000, "alarms": 500}
EACH = 100 # programs for each line that is compared
NAMES = [f"x{i}" for i in range(1, 32)] + [f"f{i}" for i in range(32)] + [
    "fcsr", "sepc", "scause", "stval", "sstatus", "instructions"]
PAYLOAD = view.built("tests", "view", "random.kernel")
# What this machine has not; a program could meet it.
PLAIN = "rv64,zba=off,zbb=off,zbc=off,zbs=off,h=off"
QEMU = ["qemu-system-riscv64", "-cpu", PLAIN, "-serial", "stdio"]


def lines(words, kind, first, count, each, shows=0):
    """What it prints, without the firmware's lines."""
    with tempfile.NamedTemporaryFile(prefix="kerne-") as order:
        order.write(struct.pack("<6Q", SEED, CLASSES.index(kind), first, count,
                                each, shows))
        order.flush()
        said = subprocess.run(
            [*words, "-M", "virt", "-m", "128M", "-display", "none",
             "-monitor", "none", "-icount", "shift=0,sleep=off",
             "-kernel", PAYLOAD, "-initrd", order.name],
            stdin=subprocess.DEVNULL, capture_output=True, check=False,
            timeout=300)
    text = said.stdout.decode("latin-1").splitlines()
    return [line.split() for line in text
            if line.strip() and not line.strip("0123456789abcdef ")]


def first_different(kind, first, count, each):
    """The number of the first line that differs; None."""
    theirs = lines(QEMU, kind, first, count, each)
    ours = lines([view.MACHINE], kind, first, count, each)
    for number in range(count // each):
        if theirs[number:number + 1] != ours[number:number + 1] or \
                number >= len(theirs):
            return number
    return None


def difference(kind, program):
    """In words, of one program's traps."""
    theirs = lines(QEMU, kind, program, 1, 1, 1)
    ours = lines([view.MACHINE], kind, program, 1, 1, 1)
    for trap, (their, our) in enumerate(zip(theirs, ours)):
        for number, (wanted, has) in enumerate(zip(their, our)):
            if wanted == has:
                continue
            if len(their) < len(NAMES): # of a supervisor
                yield (f"line {trap}, {' '.join(their)}: word {number} is "
                       f"{has}, and on QEMU {wanted}")
            else:
                yield (f"trap {trap}, at {their[64]}, cause {their[65]}, value "
                       f"{their[66]}: {NAMES[number]} is {has}, and on QEMU "
                       f"{wanted}")
        if their != our:
            return
    yield f"{len(theirs)} lines on QEMU, {len(ours)} here"


def compare(writer, kind, count):
    name = f"programs.{kind} {count} programs"
    found = first_different(kind, 0, count, EACH)
    if found is None:
        writer.point(True, name)
        return
    program = first_different(kind, found * EACH, EACH, 1)
    program = found * EACH + (program or 0)
    writer.point(False, name, [f"program {program} differs:",
                               *difference(kind, program)])


def main():
    if len(sys.argv) > 2:
        print("\n".join(difference(sys.argv[1], int(sys.argv[2]))))
        return
    writer = tap.Writer()
    for kind, count in PROGRAMS.items():
        compare(writer, kind, count)
    writer.end()


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""interrupt.longest_off: the longest stretch with interrupts off.

The nucleus runs with interrupts off; it lets them in when it returns to a
process, and where it looks for them itself (machine_poll).  Measured from
outside, on the nucleus as it is released: stretches.c, in QEMU, adds up the
blocks of instructions that run in the nucleus, and writes down each stretch
that is worth a look.  Nothing is added to the nucleus.

    tests/bench/longest_off.py IMAGE [ARGUMENTS]   one image by hand

With --scale, a process with 1 GiB of storage is among what is removed.
"""
import os
import re
import subprocess
import sys
import tempfile

from boot import BUILD, HERE, KERNEL # which finds the others
import machine
import origin
import tap

WORTH_A_LOOK = 1500 # instructions
ENDS = ("trap_entry", "machine_poll") # before these a stretch ends
FUNCTION = re.compile(r"^KERNE_FUNCTION\(\d+, \w+, (\w+)\)", re.M)


class Nucleus(origin.Program):
    def __init__(self, path):
        super().__init__(path)
        with open(os.path.join(HERE, "nucleus", "abi", "functions.def"),
                  encoding="utf-8") as file:
            self.calls = {self.address[name]: name for name
                          in FUNCTION.findall(file.read())
                          if name in self.address}


class Stretches:
    """Of those that are told, the longest, and whose they are."""

    def __init__(self, nucleus):
        self.nucleus = nucleus
        self.longest = 0
        self.where = ""
        self.by_function = {} # the longest of those spent mostly in it

    def read(self, lines):
        """As stretches.c writes them."""
        for line in lines:
            words = line.split()
            self.take([(int(pc, 16), int(count)) for pc, count in
                       zip(words[::2], words[1::2])])

    def take(self, blocks):
        """One: its blocks, each its first instruction and how many it has."""
        counts = {} # instructions, by function
        call = "nothing" # the function of the nucleus that was called
        for pc, count in blocks:
            name = self.nucleus.symbol[pc]
            counts[name] = counts.get(name, 0) + count
            call = self.nucleus.calls.get(pc, call)
        length = sum(counts.values())
        name = max(counts, key=counts.get)
        if length > self.by_function.get(name, (0, ""))[0]:
            parts = sorted(counts.items(), key=lambda part: -part[1])
            self.by_function[name] = length, ", ".join(
                f"{count} in {function}" for function, count in parts[:8])
        if length > self.longest:
            self.longest = length
            self.where = f"{name}, for {call}"


def measure(image, arguments=None, memory="128M"):
    """Runs the image to its end; the stretches, and QEMU's exit status."""
    nucleus = Nucleus(KERNEL)
    stretches = Stretches(nucleus)
    with tempfile.NamedTemporaryFile(mode="r", encoding="ascii") as log:
        plugin = ",".join([
            os.path.join(BUILD, "view", "qemu-stretches.so"),
            f"text={min(nucleus.text):#x}..{max(nucleus.text):#x}",
            *(f"end={nucleus.address[name]:#x}" for name in ENDS),
            f"worth={WORTH_A_LOOK}", f"out={log.name}"])
        status = subprocess.run(machine.command(
            KERNEL, image, append=arguments, memory=memory,
            icount=machine.EXACT_ALONE, more=["-plugin", plugin]),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            check=False).returncode
        stretches.read(log)
    return stretches, status


def remarks(stretches):
    longest = sorted(stretches.by_function.values(), reverse=True)
    return [f"{count:6}: {parts}" for count, parts in longest]


def main():
    scale = sys.argv[1:] == ["--scale"]
    if len(sys.argv) > 1 and not scale:
        found, _ = measure(sys.argv[1], " ".join(sys.argv[2:]))
        print(found.longest, found.where)
        print(*remarks(found), sep="\n")
        return
    writer = tap.Writer()
    for name, image, arguments, memory in (
            ("interrupt.longest_off", "hostile.attacks", "slice=250 short",
             "128M"),
            ("interrupt.longest_off.loads", "bench.loads", "slice=250",
             "512M"),
            ("interrupt.longest_off.remove", "bench.removal", None,
             "3G" if scale else "512M")):
        found, status = measure(
            os.path.join(BUILD, "tests", f"{image}.tar"), arguments, memory)
        print(f"bench {name} {found.longest} instructions, most in "
              f"{found.where}")
        writer.point(status == 0 and found.longest > 0, f"{name}.is_measured",
                     remarks(found))
    writer.end()


if __name__ == "__main__":
    main()

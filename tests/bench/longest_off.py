#!/usr/bin/python3
"""interrupt.longest_off: the longest stretch with interrupts off.

The nucleus runs with interrupts off; it lets them in when it returns to a
process, and where it looks for them itself (machine_poll).  Measured from
outside, on the nucleus as it is released: QEMU writes a line for each block of
instructions that it executes in the nucleus, and the lines are counted here,
with the lengths of the blocks.  Nothing is added to the nucleus.

    tests/bench/longest_off.py IMAGE [ARGUMENTS]   one image by hand

With --scale, a process with 1 GiB of storage is among what is removed.
"""
import os
import re
import subprocess
import sys

from boot import BUILD, HERE, KERNEL # which finds the others
import machine
import origin
import tap

WORTH_A_LOOK = 1500 # instructions
COUNT_MASK = 0x1ff # of a block's flags: instructions, if it is cut short
FUNCTION = re.compile(r"^KERNE_FUNCTION\(\d+, \w+, (\w+)\)", re.M)
INSTRUCTION = re.compile(rb"^0x([0-9a-f]+):")


class Nucleus(origin.Program):
    def __init__(self, path):
        super().__init__(path)
        with open(os.path.join(HERE, "nucleus", "abi", "functions.def"),
                  encoding="utf-8") as file:
            self.calls = {self.address[name]: name for name
                          in FUNCTION.findall(file.read())
                          if name in self.address}


class Stretches:
    """Adds up instructions, from each place that ends a stretch to the next."""

    def __init__(self, nucleus):
        self.nucleus = nucleus
        self.ends = {nucleus.address["trap_entry"],
                     nucleus.address["machine_poll"]}
        self.length = {} # of a block, by its first instruction
        self.longest = 0
        self.where = ""
        self.by_function = {} # the longest of those spent mostly in it

    def block(self, line):
        """Where it begins, and how many instructions it has."""
        fields = line[line.index(b"[") + 1:line.index(b"]")].split(b"/")
        pc, cut = int(fields[1], 16), int(fields[3], 16) & COUNT_MASK
        count = self.length.get(pc, 0)
        return pc, min(cut, count) if cut else count

    def end(self, length, blocks):
        """Of a stretch that is worth a look."""
        counts = {} # instructions, by function
        call = "nothing" # the function of the nucleus that was called
        for pc, count in blocks:
            name = self.nucleus.symbol[pc]
            counts[name] = counts.get(name, 0) + count
            call = self.nucleus.calls.get(pc, call)
        name = max(counts, key=counts.get)
        if length > self.by_function.get(name, (0, ""))[0]:
            parts = sorted(counts.items(), key=lambda part: -part[1])
            self.by_function[name] = length, ", ".join(
                f"{count} in {function}" for function, count in parts[:8])
        if length > self.longest:
            self.longest = length
            self.where = f"{name}, for {call}"

    def read(self, lines):
        """QEMU's log: blocks as they are translated, and as they run.  There
        are millions of lines, and few that differ."""
        first, at = None, 0 # of the block that is translated
        known = {} # by line: the block that runs
        length, blocks = None, [] # so far; none before the first trap
        for line in lines:
            block = known.get(line)
            if block is None and line.startswith(b"Trace"):
                block = known[line] = self.block(line)
            if block is not None:
                if block[0] in self.ends:
                    if length is not None and length >= WORTH_A_LOOK:
                        self.end(length, blocks)
                    length, blocks = 0, []
                if length is not None:
                    length += block[1]
                    blocks.append(block)
            elif line.startswith(b"0x"):
                pc = int(INSTRUCTION.match(line).group(1), 16)
                if first is None:
                    first, at = pc, 0
                at += 1
                if at > self.length.get(first, 0):
                    self.length[first] = at
                    known.clear()
            else:
                first = None
        if length is not None and length >= WORTH_A_LOOK:
            self.end(length, blocks)


def measure(image, arguments=None, memory="128M"):
    """Runs the image to its end; the stretches, and QEMU's exit status."""
    nucleus = Nucleus(KERNEL)
    stretches = Stretches(nucleus)
    read, write = os.pipe()
    words = machine.command(
        KERNEL, image, append=arguments, memory=memory,
        icount=machine.EXACT_ALONE, more=[
            "-d", "exec,nochain,in_asm", "-D", f"/dev/fd/{write}",
            "-dfilter", f"{min(nucleus.text):#x}..{max(nucleus.text):#x}"])
    with subprocess.Popen(words, pass_fds=[write], stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL) as computer:
        os.close(write)
        with os.fdopen(read, "rb") as log:
            stretches.read(log)
    return stretches, computer.returncode


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

#!/usr/bin/python3
"""The fast path, way by way through its instructions as they were linked.

A way that ends in the general way has changed nothing: it has stored into its
own process's registers only, and the call's arguments are as they were.  What a
program keeps over a call is written by a load from the record of the process
that goes on, and by nothing else; the words of a message by a load from a
buffer.  A way that ends in user mode leaves zero in the registers that belong
to no call.
"""
import os
import re
import subprocess

import sources

import cross  # found by way of sources
import tap

KERNEL = os.path.join(sources.BUILD, "arch", "riscv", "kerne")
ENTRIES = ("fast_calls", "fast_foreign", "fast_break")
GENERAL = ("trap_general", "trap_general_late")
LABEL = re.compile(r"^([0-9a-f]{16}) <(\w+)>:$")
LINE = re.compile(r"^([0-9a-f]{16}):\t(\S+)\t?([^ #]*)")
PLACE = re.compile(r"(-?\d+)\((\w+)\)$")

WORDS = {"a1", "a2", "a3", "a4", "a5", "a6", "t0", "t1"}
ARGUMENTS = WORDS | {"a0", "a7", "t2"}
KEPT = {"gp", "sp", "tp", *(f"s{i}" for i in range(12))}
LOST = {"ra", "t3", "t4", "t5", "t6"}
REGISTERS = 256 # bytes, at the beginning of a process's record
STORES = ("sb", "sh", "sw", "sd", "csrw")


def disassemble():
    """address -> [operation, operands ...]; name -> address."""
    text = subprocess.run(
        [cross.DISASSEMBLER, "-d", "--no-show-raw-insn", KERNEL],
        capture_output=True, text=True, check=True).stdout
    code, labels = {}, {}
    for line in text.splitlines():
        label, found = LABEL.match(line), LINE.match(line)
        if label:
            labels[label.group(2)] = int(label.group(1), 16)
        elif found:
            code[int(found.group(1), 16)] = \
                [found.group(2), *found.group(3).split(",")]
    return code, labels


def written(words):
    """The register that an instruction writes, or none."""
    operation = words[0]
    jumps = operation.startswith("b") or operation in ("j", "jr", "sret")
    return "" if jumps or operation in STORES else words[1]


def changes(words):
    """Does anybody but the process that calls see it?"""
    place = PLACE.match(words[-1])
    own = place and place.group(2) == "t6" and \
        int(place.group(1)) < REGISTERS
    return words[0] in STORES and not own


def wrong_write(words):
    """Of a register that only certain loads may write."""
    register = written(words)
    base = PLACE.match(words[-1])
    base = base.group(2) if words[0] == "ld" and base else ""
    if register == "tp":
        return base not in ("t5", "t6")
    return (register in KEPT and base != "t5") or \
        (register in WORDS and base != "t3")


class Ways:
    def __init__(self, code, labels):
        self.code = code
        self.names = {address: name for name, address in labels.items()}
        self.places = sorted(code)
        self.following = dict(zip(self.places, self.places[1:]))
        self.seen = set()
        self.ends = set() # where ways have ended
        self.wrong = []

    def say(self, address, what):
        self.wrong.append(f"{address:x} {' '.join(self.code[address])}: {what}")

    def go(self, address, changed, zero):
        """From there on; `changed` or not, these registers known as zero."""
        while (address, changed, zero) not in self.seen:
            self.seen.add((address, changed, zero))
            words = self.code[address]
            operation, register = words[0], written(words)
            if wrong_write(words):
                self.say(address, "is no load of what it may be")
            changed = changed or changes(words) or register in ARGUMENTS
            zero = zero - {register} if words[-1] != "0" or operation != "li" \
                else zero | {register}
            if operation == "sret":
                self.ends.add("sret")
                if not LOST <= zero:
                    self.say(address, "a register that is lost is not zero")
                return
            if operation == "jal": # what few processes need
                address = self.following[address]
                continue
            target = int(words[-1], 16) if operation == "j" or \
                operation.startswith("b") else None
            name = self.names.get(target)
            if name in GENERAL and changed:
                self.say(address, "the general way, after a change")
            if name and name.startswith("trap_"):
                self.ends.add(name)
            elif target is not None:
                self.go(target, changed, zero)
            if operation == "j":
                return
            address = self.following[address]


def main():
    writer = tap.Writer()
    code, labels = disassemble()
    ways = Ways(code, labels)
    for name in ENTRIES:
        if name in labels:
            ways.go(labels[name], name == "fast_break", frozenset())
    expected = {"sret", "trap_return", *GENERAL}
    writer.point(ways.ends == expected, "fast.ways_are_found",
                 [f"they end in {', '.join(sorted(ways.ends))}"])
    writer.point(not ways.wrong, "fast.ways_are_right",
                 list(dict.fromkeys(ways.wrong)))
    writer.end()


if __name__ == "__main__":
    main()

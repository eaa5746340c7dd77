#!/usr/bin/python3
"""nesting.level_memory.depthN: what a system at depth N costs the nucleus;
nesting.lent_memory.depthN: what its storage costs beside that.

A tower of real systems is built by `nest 32`, and each asked by `max` what it
uses itself: window tables, and the names that it presents.  With its own record
that is all that the nucleus keeps of a level.  The sizes of the records come
from the nucleus's debug information.

A level may cost 32 KiB, tables of an ordinary small process included.  Each
further 2 MiB that it is lent in small pages cost a table of 8 KiB beside that.
"""
import os
import re
import sys

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ.get("KERNE_BUILD", os.path.join(HERE, "build"))
sys.path[:0] = [os.path.join(HERE, "tests"), os.path.join(HERE, "tools")]

import dialogue  # noqa: E402 (found by the path above)
import machine  # noqa: E402
import tap  # noqa: E402
from elftools.elf.elffile import ELFFile  # noqa: E402

DEPTHS = (1, 2, 4, 8, 16, 32)
DEADLINE = 60 # seconds
MOST = 32 * 1024
SMALL = 3 # tables of a process that lies within one stretch of 2 MiB
KERNEL = os.path.join(BUILD, "arch", "riscv", "kerne")


def sizes_of_records():
    """Bytes of each structure of the nucleus, by name."""
    sizes = {}
    with open(KERNEL, "rb") as file:
        for unit in ELFFile(file).get_dwarf_info().iter_CUs():
            for entry in unit.iter_DIEs():
                if entry.tag == "DW_TAG_structure_type" and \
                        {"DW_AT_name", "DW_AT_byte_size"} <= \
                        entry.attributes.keys():
                    name = entry.attributes["DW_AT_name"].value.decode()
                    sizes[name] = entry.attributes["DW_AT_byte_size"].value
    return sizes


def used(lines):
    """From what `max` says: what the system uses itself, by account."""
    rows = [re.match(r"(buffers|processes|tables) +\d+ +(\d+) ", line)
            for line in lines]
    return {row.group(1): int(row.group(2)) for row in rows if row}


def build_and_ask():
    """What the system at each depth uses."""
    lines, found = [], {}
    words = machine.command(KERNEL, os.path.join(BUILD, "image.tar"))
    with machine.Machine(words, DEADLINE) as computer:
        typist = dialogue.Typist(computer, show=lines.append)
        typist.line(f"nest {max(DEPTHS)}")
        typist.wait("To begin") # only the innermost says so
        for depth in DEPTHS:
            typist.line(f"to s{depth + 1}")
            typist.until_ready()
            lines.clear()
            typist.line("max")
            typist.until_ready()
            found[depth] = used(lines)
    return found


def main():
    writer = tap.Writer()
    sizes = sizes_of_records()
    table = sizes["node"] + sizes["node_info"]
    record = sizes["process"] + sizes["buffer"] + 8 # a break; its place in
    for depth, own in build_and_ask().items():      # the heap of the clock
        names = own["processes"] - (depth < max(DEPTHS)) # but the next system
        records = (1 + names) * record
        memory = records + SMALL * table
        further = own["tables"] - SMALL
        print(f"bench nesting.level_memory.depth{depth} {memory} bytes")
        print(f"bench nesting.lent_memory.depth{depth} {further * table} bytes")
        writer.point(memory <= MOST and further >= 0,
                     f"nesting.level_memory.depth{depth} is within bounds",
                     [f"{records} bytes of records, {own['tables']} tables"])
    writer.end()


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""nesting.level_memory.depthN: what a system at depth N costs the nucleus;
nesting.lent_memory.depthN: what its storage costs beside that.

A tower of real systems is built by `nest 32`, and each asked by `max` what it
uses itself: window tables, and the names that it presents.  With its own record
that is all that the nucleus keeps of a level.  The sizes of the records come
from the nucleus's debug information.

A level may cost 32 KiB, tables of an ordinary small process included, and
beside that 8 KiB for each 2 MiB that it is lent in small pages: storage, and
the image.

How long the tower takes to be made is read from `list`, whose column of time
adds up.
"""
import os
import re

from boot import BUILD, KERNEL # which finds the others
import dialogue
import machine
import size
import tap

IMAGE = os.path.join(BUILD, "image.tar")
DEPTHS = (1, 2, 4, 8, 16, 32)
DEADLINE = 300 # seconds
MOST = 32 * 1024
FOR_LENT = 8 * 1024 / (2 << 20) # bytes for each byte that is lent
SOON = 0.3 # seconds of a thousand million instructions, for all systems
SMALL = 3 # tables of a process that lies within one stretch of 2 MiB


def used(lines):
    """From what `max` says: what the system uses itself, by account; and what
    storage it has received, in bytes."""
    rows = [re.match(r"(buffers|processes|tables) +\d+ +(\d+) ", line)
            for line in lines]
    own = {row.group(1): int(row.group(2)) for row in rows if row}
    storage = re.search(r"^storage +([0-9.]+) M ", "\n".join(lines), re.M)
    own["storage"] = float(storage.group(1)) * (1 << 20)
    return own


def time_of(lines):
    """From what `list` says: all seconds that processes were charged."""
    return sum(float(row.group(1)) for row in (
        re.search(r"^(?!idle|firmware).* (\d+\.\d{3})$", line)
        for line in lines) if row)


def build_and_ask():
    """What the system at each depth uses, and the time that all took."""
    lines, found = [], {}
    words = machine.command(KERNEL, IMAGE, icount=machine.EXACT)
    with machine.Machine(words, DEADLINE) as computer:
        typist = dialogue.Typist(computer, show=lines.append)
        typist.line(f"nest {max(DEPTHS)}")
        typist.wait("To begin") # only the innermost says so
        typist.line("to s")
        typist.line("list")
        typist.until_ready()
        seconds = time_of(lines)
        for depth in DEPTHS:
            typist.line(f"to s{depth + 1}")
            typist.until_ready()
            lines.clear()
            typist.line("max")
            typist.until_ready()
            found[depth] = used(lines)
    return found, seconds


def main():
    writer = tap.Writer()
    sizes = size.structures(KERNEL)
    table = sizes["node"] + sizes["node_info"]
    record = size.process_bytes(sizes)
    levels, seconds = build_and_ask()
    writer.point(0 < seconds < SOON, "nesting.the_tower_is_made_soon",
                 [f"{seconds:.3f} s for {max(DEPTHS)} levels"])
    print(f"# {max(DEPTHS)} levels: {seconds:.3f} s")
    for depth, own in levels.items():
        names = own["processes"] - (depth < max(DEPTHS)) # but the next system
        records = (1 + names) * record
        memory = records + SMALL * table
        further = own["tables"] - SMALL
        print(f"bench nesting.level_memory.depth{depth} {memory} bytes")
        print(f"bench nesting.lent_memory.depth{depth} {further * table} bytes")
        lent = own["storage"] + os.path.getsize(IMAGE)
        most = MOST + FOR_LENT * lent
        writer.point(memory <= MOST and 0 <= further and
                     memory + further * table <= most,
                     f"nesting.level_memory.depth{depth} is within bounds",
                     [f"{records} bytes of records, {own['tables']} tables; "
                      f"at most {MOST}, and {most:.0f} with what is lent"])
    writer.end()


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""linux.page_out, linux.page_in: what it costs that linux has less storage than
its programs, in instructions for a page, and whose they are.

A program (tests/linux/bare/paging.c) touches fresh pages, for which others go
to the store; and pages that come from the disk, for which such go as the store
has already.  What is executed between its marks is counted by a trace; so the
time that the disk takes does not count.
"""
import os
import sys
import tempfile

import boot
import disk # which finds the others
import origin

sys.path.append(os.path.join(boot.HERE, "tests", "linux"))
import made  # noqa: E402 (found by the path above)
import tap  # noqa: E402

PAGES = 256 # as in paging.c
TURNS = 2
WAYS = {"page_out": "out", "page_in": "in"}
PROGRAMS = {"linux": "parents/linux", "store": "parents/store",
            "driver": "children/disk"}
COMMAND = ('new linux size 8M buf 60 internal 60 tables 600 image '
           'prog "linux swap=32M /t/paging" run')


def counted(folder, image, program, way):
    """Instructions for a page, by whose they are; and what the debugger
    said."""
    path = os.path.join(folder, "disk")
    with open(path, "wb") as file:
        file.truncate(disk.DISK_BYTES)
    log = os.path.join(folder, "log")
    said = boot.trace(log, image, program.address[way + "_begins"],
                      program.address[way + "_ends"], disk.disks.words(path),
                      "-- " + COMMAND)
    programs = {name: origin.Program(disk.elf(elf))
                for name, elf in PROGRAMS.items()}
    return {name: count // PAGES
            for name, count in disk.parts(log, programs).items()}, said


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(dir=boot.BUILD) as folder:
        tree = made.Tree()
        tree.add("t/paging", made.compiled(folder, "paging"))
        program = origin.Program(os.path.join(folder, "paging"))
        image = made.make_image(folder, tree.bytes(),
                                ("parents/store", "children/disk"))
        for name, way in WAYS.items():
            turns = [counted(folder, image, program, way)
                     for _ in range(TURNS)]
            parts, said = min(turns, key=lambda turn: sum(turn[0].values()))
            all_parts = sum(parts.values())
            print(f"bench linux.{name} {all_parts} instructions")
            print(f"# of which {parts}")
            writer.point(parts["nucleus"] > parts["linux"] > 0 and
                         parts["store"] > parts["driver"] and
                         parts["another"] < all_parts // 10,
                         f"bench.linux.{name}", [str(turns), said])
    writer.end()


if __name__ == "__main__":
    main()

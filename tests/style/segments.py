#!/usr/bin/python3
"""What the linker made: no segment is both writable and executable, and all
programs lie where any parent can load them."""
import os

import sources

import tap  # found by way of sources
from elftools.elf.constants import P_FLAGS
from elftools.elf.elffile import ELFFile

PAGE = 4096
BASE = 0x80400000
TOP = 0x80600000 # a program that is larger needs more tables than usual


def programs():
    for folder, _, names in os.walk(sources.BUILD):
        for name in sorted(names):
            if name.endswith(".elf"):
                yield os.path.join(folder, name)


def loaded(path):
    with open(path, "rb") as file:
        return [(segment["p_vaddr"], segment["p_memsz"], segment["p_flags"])
                for segment in ELFFile(file).iter_segments()
                if segment["p_type"] == "PT_LOAD" and segment["p_memsz"]]


def both(segments):
    return [f"{address:#x}: both writable and executable"
            for address, _, flags in segments
            if flags & P_FLAGS.PF_W and flags & P_FLAGS.PF_X]


def out_of_place(segments):
    """What is wrong with a program's segments, in words."""
    wrong = [f"{address:#x}: not at a page" for address, _, _ in segments
             if address % PAGE]
    if not segments or min(segments)[0] != BASE:
        wrong.append(f"the program does not begin at {BASE:#x}")
    end = max((address + size for address, size, _ in segments), default=0)
    if end > TOP:
        wrong.append(f"it ends at {end:#x}, behind {TOP:#x}")
    return wrong


def same_anywhere(writer):
    """The root loader runs where it lies in the image, at any address."""
    images = []
    for name in ("root-loader.bin", "root-loader-elsewhere.bin"):
        path = os.path.join(sources.BUILD, "parents", name)
        if os.path.isfile(path):
            with open(path, "rb") as file:
                images.append(file.read())
    writer.point(len(images) == 2 and images[0] == images[1] != b"",
                 "segments.root_loader_is_the_same_at_any_place",
                 ["linked to two places, its bytes differ, or are not built"])


def main():
    writer = tap.Writer()
    kernels = [os.path.join(sources.BUILD, "arch", "riscv", name)
               for name in ("kerne", "kerne-checks")]
    found = list(programs())
    writer.point(bool(found), "segments.there_are_programs")
    for path in kernels + found:
        name = os.path.relpath(path, sources.BUILD)
        if not os.path.isfile(path):
            writer.point(False, f"segments.write_or_execute {name}",
                         ["not built"])
            continue
        segments = loaded(path)
        writer.point(not both(segments), f"segments.write_or_execute {name}",
                     both(segments))
        if path not in kernels:
            wrong = out_of_place(segments)
            writer.point(not wrong, f"segments.place {name}", wrong)
    same_anywhere(writer)
    writer.end()


if __name__ == "__main__":
    main()

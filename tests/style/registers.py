#!/usr/bin/python3
"""What the compiler and the linker made of the files that are to leave the
message in the registers: none is written but by nucleus/arch.h's machine_live.

The linker has a part in it: the jump at the end of a function goes by way of
t1, unless that is near, and shortened.
"""
import os
import re
import subprocess

import sources

import tap  # found by way of sources
from elftools.elf.elffile import ELFFile

WITHHELD = re.compile(r"\b(a[1-7]|t[0-2])\b")
BEGIN = re.compile(r"^[0-9a-f]+ <([\w.]+)>:$")
FREE = r"(a0|s\d+|t[3-6])"
LIVE = re.compile(rf"[ls]d (a[1-7]|t[01]),-?\d+\({FREE}\)|"
                  rf"mv (a7|t2),{FREE}|mv {FREE},(a[17]|t2)")


def functions(library):
    """Those that its object files define."""
    folder = os.path.join(sources.BUILD, "arch", "riscv", f"{library}.a.p")
    names = set()
    for name in os.listdir(folder) if os.path.isdir(folder) else []:
        with open(os.path.join(folder, name), "rb") as file:
            table = ELFFile(file).get_section_by_name(".symtab")
            names |= {symbol.name for symbol in table.iter_symbols()
                      if symbol["st_info"]["type"] == "STT_FUNC"}
    return names


def instructions(path):
    """(function, instruction), in order."""
    text = subprocess.run(
        ["riscv64-unknown-elf-objdump", "-d", "--no-show-raw-insn", path],
        capture_output=True, text=True, check=True).stdout
    name = ""
    for line in text.splitlines():
        begin = BEGIN.match(line)
        name = begin.group(1) if begin else name
        if line.startswith("ffff") and "\t" in line:
            yield name, " ".join(line.split("\t")[1:]).split(" #")[0].strip()


def main():
    writer = tap.Writer()
    for kernel in ("kerne", "kerne-checks"):
        path = os.path.join(sources.BUILD, "arch", "riscv", kernel)
        live = functions(f"lib{kernel}-fast")
        none = functions(f"lib{kernel}-live") | {"fp_store", "fp_load"}
        found = list(instructions(path)) if os.path.isfile(path) else []
        lost = sorted((live | none) - {name for name, _ in found})
        writer.point("fast_serve" in live and "machine_switch" in none and
                     not lost, f"registers.functions_are_found {kernel}",
                     [f"not built, or without {', '.join(lost)}"])
        wrong = [f"{name}: {text}" for name, text in found
                 if name in live | none and WITHHELD.search(text) and
                 not (name in live and LIVE.fullmatch(text))]
        writer.point(not wrong, f"registers.left_alone {kernel}", wrong)
    writer.end()


if __name__ == "__main__":
    main()

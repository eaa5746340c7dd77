#!/usr/bin/python3
"""The root loader on the machine: what it leaves to the root's program, and
its last words about images that it cannot use.

Its checks themselves are tested natively, in tests/unit/loader.
"""
import os
import re
import shutil
import subprocess
import tarfile
import tempfile

from elftools.elf.elffile import ELFFile

from operated import BUILD, KERNEL, Operator, refused, said_by

import cross  # found by way of operated
import image
import machine
import tap

DEADLINE = 300 # seconds
LOADER = os.path.join(BUILD, "parents", "root-loader.bin")
ROOT = os.path.join(BUILD, "parents", "s.elf")
PAGE = 4096


# ---- bad images -------------------------------------------------------------

def refuse_both(writer):
    """An image that the nucleus cannot use, and one that the loader cannot."""
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        text = os.path.join(folder, "s")
        with open(text, "wb") as file:
            file.write(b"I am a text.\n" * 100)
        made = os.path.join(folder, "made.tar")
        image.make_image(made, [text], None, LOADER)
        for path, words in (
                (text, "there is no boot image, or it is no tar archive"),
                (made, "the root's program is no program")):
            good, why = refused(machine.command(KERNEL, path), DEADLINE, words)
            writer.point(good, f"root_loader.refuses.{words}", why)


# ---- damaged behind the root's program ---------------------------------------

def damaged_at(folder, name):
    """The usual image, but for one byte in the header of this file."""
    archive = os.path.join(BUILD, "image.tar")
    with tarfile.open(archive) as tar:
        offset = tar.getmember(name).offset + 300
    path = os.path.join(folder, "damaged.tar")
    shutil.copyfile(archive, path)
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(b"#")
    return path


def say_it_is_damaged(writer):
    """Who does not find a file says that the image is damaged, if it is."""
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        said, status = said_by(machine.command(
            KERNEL, damaged_at(folder, "console")), DEADLINE)
        good = status == 2 and any(
            line.startswith("s cannot go on: name unknown: the boot image has "
                            "no file `console`, and is damaged")
            for line in said)
        writer.point(good, "damaged.s_says_so", said)
        with machine.Machine(machine.command(
                KERNEL, damaged_at(folder, "edf")), DEADLINE) as computer:
            lines = Operator(computer).says(
                "new edf run", "new tee image prog \"tee edf\" run",
                "wait tee finished")
        for words in ("the boot image has no file `edf`, and is damaged",
                      "edf is not run: name unknown: the boot image has no "
                      "file `edf`, and is damaged"):
            writer.point(any(words in line for line in lines),
                         f"damaged.{words}", lines)


def no_console(writer):
    """Which s cannot do without, and says so."""
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        path = image.make_of_built(os.path.join(folder, "image.tar"),
                                   ["parents/s", "children/hello"])
        said, status = said_by(machine.command(KERNEL, path), DEADLINE)
        good = status == 2 and \
            ("s cannot go on: name unknown: the boot image has no file "
             "`console`") in said
        writer.point(good, "no_console.s_says_so", said)


# ---- a good one -------------------------------------------------------------

def program_of(path):
    """Entry, and the page behind the last segment."""
    with open(path, "rb") as file:
        elf = ELFFile(file)
        last = max(segment["p_vaddr"] + segment["p_memsz"]
                   for segment in elf.iter_segments()
                   if segment["p_type"] == "PT_LOAD")
        return elf["e_entry"], (last + PAGE - 1) // PAGE * PAGE


def registers_at(entry):
    """All of them when the root's program begins; and what gdb said."""
    port = machine.free_port(3500)
    words = machine.command(KERNEL, os.path.join(BUILD, "image.tar"), gdb=port)
    debugger = [cross.DEBUGGER, "-nx", "-batch"]
    for step in (f"target remote 127.0.0.1:{port}", f"hbreak *{entry:#x}",
                 "continue", "info registers", "kill"):
        debugger += ["-ex", step]
    with machine.Machine(words, DEADLINE):
        result = subprocess.run(
            debugger + [KERNEL], stdout=subprocess.PIPE, text=True,
            stderr=subprocess.STDOUT, timeout=DEADLINE, check=False)
    found = re.findall(r"^(\w+)\s+(0x[0-9a-f]+)\b", result.stdout, re.MULTILINE)
    return {name: int(value, 16) for name, value in found}, result.stdout


def program_begins(writer):
    entry, record = program_of(ROOT)
    registers, said = registers_at(entry)
    registers.pop("zero", None)
    expected = dict.fromkeys(registers, 0)
    expected.update(pc=entry, ra=entry, a0=record)
    wrong = [f"{name} is {value:#x}, not {expected[name]:#x}"
             for name, value in registers.items() if value != expected[name]]
    writer.point(len(registers) == 32 and not wrong,
                 "root_loader.registers_of_the_program",
                 wrong + said.splitlines())


def main():
    writer = tap.Writer()
    program_begins(writer)
    refuse_both(writer)
    say_it_is_damaged(writer)
    no_console(writer)
    writer.end()


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""The root loader on the machine: what it leaves to the root's program, and
its last words about images that it cannot use.

Its checks themselves are tested natively, in tests/unit/loader.
"""
import io
import os
import re
import subprocess
import sys
import tarfile
import tempfile

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ.get("KERNE_BUILD", os.path.join(HERE, "build"))
sys.path[:0] = [os.path.join(HERE, "tests"), os.path.join(HERE, "tools")]

import cross  # noqa: E402 (found by the path above)
import dialogue  # noqa: E402
import image  # noqa: E402
import machine  # noqa: E402
import tap  # noqa: E402
from elftools.elf.elffile import ELFFile  # noqa: E402

DEADLINE = 300 # seconds
KERNEL = os.path.join(BUILD, "arch", "riscv", "kerne-checks")
LOADER = os.path.join(BUILD, "parents", "root-loader.bin")
ROOT = os.path.join(BUILD, "parents", "s.elf")
PAGE = 4096
BLOCK = 512
HALTS = "The machine halts; see README.md on boot images."
PROGRAM = "boot: the root's program "


def contents(path):
    with open(path, "rb") as file:
        return file.read()


# ---- bad images -------------------------------------------------------------

def patched(data, offset, value):
    return data[:offset] + value + data[offset + len(value):]


def moved(program, address):
    """Its segment with the instructions, and with it the entry, moved."""
    place = address.to_bytes(8, "little")
    elf = ELFFile(io.BytesIO(program))
    for i, segment in enumerate(elf.iter_segments()):
        if segment["p_type"] == "PT_LOAD" and segment["p_flags"] & 1:
            header = elf["e_phoff"] + i * elf["e_phentsize"]
            program = patched(program, header + 16, place)
    return patched(program, 24, place)


def bad_files(program):
    """Name, bytes of the root's program, and what is said of it."""
    yield "no_program", b"I am a text.\n", PROGRAM + "is no program"
    yield "empty", b"", PROGRAM + "is no program"
    yield ("other_machine", patched(program, 18, b"\x3e\0"),
           PROGRAM + "is a program for another machine, not for 64-bit RISC-V")
    yield ("cut_short", program[:PAGE],
           PROGRAM + "is cut short, or damaged")
    yield ("no_instructions", patched(program, 24, bytes(8)),
           PROGRAM + "begins at an address where it has no instructions")
    yield ("onto_the_nucleus", moved(program, 0x80200000),
           PROGRAM + "does not fit into storage")


def second_header(archive):
    """Where it begins; the loader is the first file."""
    loader = int(archive[124:135], 8)
    return BLOCK + (loader + BLOCK - 1) // BLOCK * BLOCK


def bad_images(archive):
    """Name, bytes of the image, and what is said of it."""
    second = second_header(archive)
    yield ("damaged", patched(archive, second, b"x"),
           PROGRAM + "is cut short, or the boot image is damaged")
    yield ("ends_early", archive[:second + BLOCK + 1000],
           PROGRAM + "is cut short, or the boot image is damaged")
    yield ("no_second_file", archive[:second],
           PROGRAM + "is missing: it is the second file of the boot image")
    yield ("no_archive", b"#" * 2000,
           "boot: there is no boot image, or it is no tar archive (-initrd)")
    yield ("size_not_octal", patched(archive, 124, b"00000009000"),
           "boot: the first file of the boot image is empty or cut short, or "
           "its size is not octal")
    yield ("loader_cut_short", archive[:BLOCK + 1000],
           "boot: the first file of the boot image is empty or cut short")


def boot(path):
    """What the machine says, and its exit status; None: it goes on."""
    screen = machine.Screen()
    said = []
    with machine.Machine(machine.command(KERNEL, path), DEADLINE) as computer:
        try:
            while (text := computer.read()) is not None:
                said += screen.feed(text)
            return said, computer.status()
        except TimeoutError:
            return said + [screen.line()], None


def refused(writer, folder, name, data, words):
    path = os.path.join(folder, "bad.tar")
    with open(path, "wb") as file:
        file.write(data)
    said, status = boot(path)
    good = status == 1 and HALTS in said and \
        any(line.startswith(words) for line in said)
    writer.point(good, f"root_loader.refuses.{name}",
                 [f"exit status {status}; wanted: {words}"] + said)


def refuse_all(writer):
    program = contents(ROOT)
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        path = os.path.join(folder, "s")
        made = os.path.join(folder, "made.tar")
        for name, data, words in bad_files(program):
            with open(path, "wb") as file:
                file.write(data)
            image.make_image(made, [path], None, LOADER)
            refused(writer, folder, name, contents(made), words)
        archive = contents(os.path.join(BUILD, "image.tar"))
        for name, data, words in bad_images(archive):
            refused(writer, folder, name, data, words)


# ---- damaged behind the root's program ---------------------------------------

def damaged_at(folder, name):
    """The usual image, but for one byte in the header of this file."""
    archive = os.path.join(BUILD, "image.tar")
    with tarfile.open(archive) as tar:
        offset = tar.getmember(name).offset + 300
    path = os.path.join(folder, "damaged.tar")
    with open(path, "wb") as file:
        file.write(patched(contents(archive), offset, b"#"))
    return path


def say_it_is_damaged(writer):
    """Who does not find a file says that the image is damaged, if it is."""
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        said, status = boot(damaged_at(folder, "console"))
        good = status == 2 and any(
            line.startswith("s cannot go on: name unknown: the boot image "
                            "has no "
                            "file `console`, and is damaged")
            for line in said)
        writer.point(good, "damaged.s_says_so", said)
        lines = []
        with machine.Machine(machine.command(
                KERNEL, damaged_at(folder, "edf")), DEADLINE) as computer:
            typist = dialogue.Typist(computer, show=lines.append)
            for line in ("new edf run", "new tee image prog \"tee edf\" run",
                         "wait tee finished"):
                typist.line(line)
            typist.until_ready()
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
        said, status = boot(path)
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
    refuse_all(writer)
    say_it_is_damaged(writer)
    no_console(writer)
    writer.end()


if __name__ == "__main__":
    main()

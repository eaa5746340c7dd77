"""Which program a process runs, and its symbols.

A process need not be called as its program is, so programs are told apart by
their first page.
"""
import os
import struct

import gdb

from tables import HERE, PAGE, Physical

BUILD = os.environ.get("KERNE_BUILD", os.path.join(HERE, "build"))
BASE = 0x80400000 # where all programs begin
LOAD = 1          # of a program header: a segment to load

loaded = [] # the file whose symbols are in


def files():
    for folder in ("parents", "children", "tests"):
        path = os.path.join(BUILD, folder)
        for name in sorted(os.listdir(path)) if os.path.isdir(path) else []:
            if name.endswith(".elf"):
                yield os.path.join(path, name)


def first_page(path):
    """The beginning of an ELF file's first segment."""
    with open(path, "rb") as file:
        header = file.read(64)
        table, = struct.unpack_from("<Q", header, 32)
        size, count = struct.unpack_from("<HH", header, 54)
        for number in range(count):
            file.seek(table + number * size)
            kind, _, offset, address, _, bytes_ = struct.unpack(
                "<IIQQQQ", file.read(40))
            if kind == LOAD and address == BASE:
                file.seek(offset)
                return file.read(min(bytes_, PAGE))
    return None


def file_of(n, index):
    """The file of the program that a process runs; None: unknown."""
    frame = n.frame(index, BASE // PAGE)
    if frame is None:
        return None
    page = bytes(gdb.selected_inferior().read_memory(frame * PAGE, PAGE))
    for path in files():
        first = first_page(path)
        if first and page.startswith(first):
            return path
    return None


def named(name):
    for path in files():
        if os.path.basename(path) == name + ".elf":
            return path
    raise gdb.GdbError(f"No program is called `{name}`; there are " +
                       ", ".join(os.path.basename(path)[:-len(".elf")]
                                 for path in files()))


def load(path):
    """The symbols of a program, in place of the last one's."""
    if loaded == [path]:
        return
    forget()
    gdb.execute(f"add-symbol-file {path}", to_string=True)
    loaded.append(path)
    print(f"(symbols of {os.path.relpath(path, HERE)})")


def forget():
    if loaded:
        gdb.execute(f"remove-symbol-file {loaded.pop()}", to_string=True)


def place(pc):
    """Where in the program that is, in words."""
    words = gdb.execute(f"info symbol {pc:#x}", to_string=True)
    where = "" if words.startswith("No symbol") else \
        " " + words.split(" in section")[0]
    line = gdb.find_pc_line(pc)
    if line.symtab:
        where += f" ({os.path.basename(line.symtab.filename)}:{line.line})"
    return where


def follow(event):
    """When the machine stops in a program, its symbols are wanted."""
    if not isinstance(event, gdb.StopEvent):
        return
    try:
        if int(gdb.parse_and_eval("$pc")) >> 38:
            return # in the nucleus
        from tables import Nucleus
        with Physical():
            n = Nucleus()
            running = n.running()
            path = file_of(n, running) if running else None
        if path:
            load(path)
    except (gdb.error, gdb.GdbError):
        pass # before the nucleus is there

"""Which program a process runs, and its symbols.

A process need not be called as its program is, so programs are told apart by
their first page.
"""
import os
import struct

import gdb

from tables import HERE, PAGE, Physical

BASE = 0x80400000 # where all programs begin
LOAD = 1          # of a program header: a segment to load

loaded = [] # the file whose symbols are in
kept = []   # the one that was asked for by name, and stays


def files():
    nucleus = os.path.abspath(gdb.current_progspace().filename)
    build = os.path.join(os.path.dirname(nucleus), "..", "..")
    for folder in ("with", "parents", "children", "tests"):
        path = os.path.normpath(os.path.join(build, folder))
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
    return next((path for path in files() if runs(n, index, path)), None)


def runs(n, index, path):
    """Whether a process runs the program of this file."""
    frame = n.frame(index, BASE // PAGE)
    first = first_page(path)
    if frame is None or not first:
        return False
    page = gdb.selected_inferior().read_memory(frame * PAGE, len(first))
    return bytes(page) == first


def name_of(path):
    return os.path.basename(path)[:-len(".elf")]


def named(name):
    for path in files():
        if name_of(path) == name:
            return path
    raise gdb.GdbError(f"No program is called `{name}`; there are " +
                       ", ".join(map(name_of, files())))


def load(path):
    """The symbols of a program, in place of the last one's, unless that is to
    stay; whether they are in."""
    if loaded != [path] and not kept:
        forget()
        gdb.execute(f"add-symbol-file {path}", to_string=True)
        loaded.append(path)
        print(f"(symbols of {os.path.relpath(path, HERE)})")
    return loaded == [path]


def forget():
    if loaded and not kept:
        gdb.execute(f"remove-symbol-file {loaded.pop()}", to_string=True)


def keep_to(name):
    """To the symbols of this program; empty: they follow the machine again."""
    path = named(name) if name else None
    kept.clear()
    if path:
        load(path)
        kept.append(path)


class Runs(gdb.Function):
    """$kerne_runs("mine"): whether the running process runs this program."""

    def __init__(self):
        super().__init__("kerne_runs")

    def invoke(self, name):
        from tables import Nucleus
        try:
            with Physical():
                n = Nucleus()
                return bool(n.running()) and \
                    runs(n, n.running(), named(name.string()))
        except gdb.GdbError:
            return False # before there are processes


def confine(breakpoint_):
    """All programs lie at the same addresses; a breakpoint in the one that was
    asked for is for that one."""
    is_inside = any(location.address >> 38 == 0
                    for location in breakpoint_.locations)
    if kept and is_inside and breakpoint_.type in (
            gdb.BP_BREAKPOINT, gdb.BP_HARDWARE_BREAKPOINT):
        condition = f'$kerne_runs("{name_of(kept[0])}")'
        if breakpoint_.condition:
            condition += f" && ({breakpoint_.condition})"
        breakpoint_.condition = condition


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
            process = n.name(running) if running else ""
        if path and not load(path):
            print(f"({process} runs {name_of(path)}; the symbols are "
                  f"those of {name_of(kept[0])}: `kerne program` without a "
                  "name lets them follow)")
    except (gdb.error, gdb.GdbError):
        pass # before the nucleus is there

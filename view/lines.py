#!/usr/bin/python3
"""The source line of each instruction of programs:
lines.py OUTPUT PROGRAM... [--elsewhere FILE...]

Writes JSON, for the page: `sources` has the text of each file, by its path
here; `programs` has for each program a list of addresses, files and lines,
each file a place among `files`, and each number the difference to the one
before it.  They come from the programs' own debugging information.  Files of
no interest are those that are not in this folder, nor among those that are
elsewhere.
"""
import argparse
import json
import os

from elftools.elf.elffile import ELFFile

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def paths(unit, program):
    """The path of each file of a line program, by its number there."""
    where = unit.get_top_DIE().attributes["DW_AT_comp_dir"].value.decode()
    before5 = program["version"] < 5 # then 0 is no file, and no folder
    folders = [name.decode() for name in program["include_directory"]]
    if before5:
        folders.insert(0, "")
    found = [os.path.normpath(os.path.join(where, folders[entry["dir_index"]],
                                           entry["name"].decode()))
             for entry in program["file_entry"]]
    return [None, *found] if before5 else found


def lines(elf):
    """(address, path, line), in the order of addresses."""
    info = elf.get_dwarf_info()
    rows = {}
    for unit in info.iter_CUs():
        program = info.line_program_for_CU(unit)
        if program is None:
            continue
        names = paths(unit, program)
        before = None
        for entry in program.get_entries():
            state = entry.state
            if state is None:
                continue
            if state.end_sequence:
                rows.setdefault(state.address, (None, 0))
                before = None
                continue
            now = names[state.file], state.line
            if now != before and state.address > 0:
                rows[state.address] = now
                before = now
    return [(address, *rows[address]) for address in sorted(rows)]


class Table:
    """What is written, as it grows."""

    def __init__(self, elsewhere):
        self.files, self.sources, self.programs = [], {}, {}
        self.elsewhere = [os.path.realpath(path) for path in elsewhere]

    def number(self, path):
        """Of a file; 0: it is of no interest."""
        inside = os.path.relpath(path, HERE) if path else "../"
        if inside.startswith("../"):
            if not path or os.path.realpath(path) not in self.elsewhere:
                return 0
            inside = path
        if inside not in self.files:
            self.files.append(inside)
            with open(path, encoding="utf-8", errors="replace") as file:
                self.sources[inside] = file.read()
        return self.files.index(inside) + 1

    def add(self, path):
        with open(path, "rb") as file:
            rows = lines(ELFFile(file))
        flat, before = [], (0, 0, 0)
        for address, source, line in rows:
            now = address, self.number(source), line
            if now[1:] == before[1:]:
                continue
            flat += [new - old for new, old in zip(now, before)]
            before = now
        name = os.path.basename(path).removesuffix(".elf")
        self.programs[name] = flat


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("output")
    parser.add_argument("programs", nargs="+")
    parser.add_argument("--elsewhere", nargs="*", default=[])
    chosen = parser.parse_args()
    table = Table(chosen.elsewhere)
    for path in chosen.programs:
        table.add(path)
    with open(chosen.output, "w", encoding="utf-8") as file:
        json.dump({"files": table.files, "sources": table.sources,
                   "programs": table.programs}, file, separators=(",", ":"))


if __name__ == "__main__":
    main()

"""From which line of the sources each instruction of an ELF file is.

By the debug information, which is read here and not by addr2line: that of
Debian 12 takes a header for the file that includes it, where a function of the
header has instructions of its own.
"""
import bisect
import functools
import os
import re
import subprocess

import cross # found by whoever imports this
from elftools.elf.elffile import ELFFile


class Program:
    """The instructions of one ELF file, and the source lines they are of."""

    def __init__(self, path):
        self.text = {} # by address: the instruction
        self.symbol = {} # by address: what it belongs to
        self.address = {} # by name
        self.line = {} # by address: (file, line), where a line begins
        self.functions = [] # (first, last, depth, name, place of the call)
        symbol = ""
        printed = subprocess.run(
            [cross.DISASSEMBLER, "-d", "--no-show-raw-insn", path],
            check=True, capture_output=True, text=True).stdout
        for line in printed.splitlines():
            head = re.match(r"([0-9a-f]+) <(\w\S*)>:$", line)
            found = re.match(r" *([0-9a-f]+):\t(.*)", line)
            if head:
                symbol = head.group(2)
                self.address[symbol] = int(head.group(1), 16)
            elif found:
                address = int(found.group(1), 16)
                self.symbol[address] = symbol
                self.text[address] = found.group(2).split(" #")[0].strip()
        self.path = path

    @functools.cached_property
    def begins(self):
        """Where lines begin; read when first asked, which takes its time."""
        with open(self.path, "rb") as file:
            dwarf = ELFFile(file).get_dwarf_info()
            for unit in dwarf.iter_CUs():
                self.read_unit(dwarf, unit)
        return sorted(self.line)

    def read_unit(self, dwarf, unit):
        table = dwarf.line_program_for_CU(unit)
        top = unit.get_top_DIE()
        if table is None or table["version"] < 5: # a library's
            return
        folder = top.attributes["DW_AT_comp_dir"].value
        files = [os.path.realpath(os.path.join(
            folder, table["include_directory"][entry.dir_index],
            entry.name).decode()) for entry in table["file_entry"]]
        for state in (entry.state for entry in table.get_entries()):
            if state and not state.end_sequence:
                self.line[state.address] = files[state.file], state.line
        self.read_functions(dwarf, top, files, 0)

    def read_functions(self, dwarf, entry, files, depth):
        """All below an entry, those that were inlined too."""
        for child in entry.iter_children():
            called = child.attributes.get("DW_AT_call_line")
            place = called and (files[
                child.attributes["DW_AT_call_file"].value], called.value)
            if child.tag in ("DW_TAG_subprogram",
                             "DW_TAG_inlined_subroutine"):
                for first, last in ranges(dwarf, child):
                    self.functions.append(
                        (first, last, depth, name_of(child), place))
            self.read_functions(dwarf, child, files, depth + 1)

    def frames(self, address):
        """[function, file, line], outermost first; the others were inlined.
        The line is that of the next one's call."""
        begin = self.begins[bisect.bisect(self.begins, address) - 1]
        around = sorted(
            ((depth, name, place) for first, last, depth, name, place
             in self.functions if first <= address < last),
            key=lambda part: part[0])
        places = [place for _, _, place in around[1:]] + [self.line[begin]]
        return [(name, *place) for (_, name, _), place in
                zip(around or [(0, self.symbol[address], None)], places)]


def ranges(dwarf, entry):
    """Where a function's instructions are: pairs of addresses."""
    attributes = entry.attributes
    if "DW_AT_low_pc" in attributes:
        first = attributes["DW_AT_low_pc"].value
        yield first, first + attributes["DW_AT_high_pc"].value
    elif "DW_AT_ranges" in attributes:
        base = entry.cu.get_top_DIE().attributes["DW_AT_low_pc"].value
        for part in dwarf.range_lists().get_range_list_at_offset(
                attributes["DW_AT_ranges"].value, entry.cu):
            if hasattr(part, "base_address"):
                base = part.base_address
            else:
                more = 0 if part.is_absolute else base
                yield part.begin_offset + more, part.end_offset + more


def name_of(entry):
    while "DW_AT_abstract_origin" in entry.attributes:
        entry = entry.get_DIE_from_attribute("DW_AT_abstract_origin")
    return entry.attributes["DW_AT_name"].value.decode()

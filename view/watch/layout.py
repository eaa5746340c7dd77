#!/usr/bin/python3
"""Where the records of a nucleus are: layout.py NUCLEUS OUTPUT.

Each line of layout.def becomes a word of 64 bits, in that order: a symbol its
address, a record its size, a field its offset and, from bit 32 on, its size, or
that of its elements.  They come from the nucleus's own debugging information,
so what the view reads cannot differ from what runs.
"""
import os
import re
import struct
import sys

from elftools.elf.elffile import ELFFile

LIST = os.path.join(os.path.dirname(os.path.abspath(__file__)), "layout.def")
WANTED = re.compile(r"^(SYMBOL|RECORD|FIELD)\((\w+)(?:, (\w+))?\)$", re.M)
NAMELESS = ("DW_TAG_typedef", "DW_TAG_const_type", "DW_TAG_volatile_type",
            "DW_TAG_array_type")


def wanted():
    """(kind, name, member) of each line."""
    with open(LIST, encoding="utf-8") as file:
        return WANTED.findall(file.read())


def attribute(entry, name, otherwise=None):
    found = entry.attributes.get(name)
    return otherwise if found is None else found.value


def size_of(entry):
    """In bytes; of an array, that of an element."""
    while entry.tag in NAMELESS:
        entry = entry.get_DIE_from_attribute("DW_AT_type")
    return attribute(entry, "DW_AT_byte_size", 0)


def members(structure, before=0):
    """(name, offset, size), also of what stands in a part without a name."""
    for member in structure.iter_children():
        if member.tag == "DW_TAG_member":
            at = before + attribute(member, "DW_AT_data_member_location", 0)
            kind = member.get_DIE_from_attribute("DW_AT_type")
            name = attribute(member, "DW_AT_name")
            if name:
                yield name.decode(), at, size_of(kind)
            else:
                yield from members(kind, at)


def structures(elf, names):
    """name -> the entry that defines it."""
    found = {}
    for unit in elf.get_dwarf_info().iter_CUs():
        for entry in unit.get_top_DIE().iter_children():
            name = attribute(entry, "DW_AT_name", b"").decode()
            if entry.tag == "DW_TAG_structure_type" and name in names and \
                    attribute(entry, "DW_AT_byte_size"):
                found.setdefault(name, entry)
    return found


def words(elf):
    """The number of each line of the list."""
    lines = wanted()
    records = structures(elf, {name for kind, name, _ in lines
                               if kind != "SYMBOL"})
    fields = {(name, member): offset | size << 32
              for name, entry in records.items()
              for member, offset, size in members(entry)}
    symbols = elf.get_section_by_name(".symtab")
    for kind, name, member in lines:
        if kind == "SYMBOL":
            yield symbols.get_symbol_by_name(name)[0]["st_value"]
        elif kind == "RECORD":
            yield attribute(records[name], "DW_AT_byte_size")
        else:
            yield fields[name, member]


def main():
    with open(sys.argv[1], "rb") as file:
        found = list(words(ELFFile(file)))
    with open(sys.argv[2], "wb") as file:
        file.write(struct.pack(f"<{len(found)}Q", *found))


if __name__ == "__main__":
    main()

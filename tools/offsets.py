#!/usr/bin/python3
"""What assembly reaches in the nucleus's records: offsets, sizes and numbers.

    tools/offsets.py OBJECT HEADER

They are read from the debug information of an object file that includes the
nucleus's headers; so there is no second list of them.  `struct buffer` gives
BUFFER_BYTES and, for each member, BUFFER_SENDER and the like; an enumeration
gives its constants by their own names.
"""
import sys

from elftools.elf.elffile import ELFFile


def value(entry, name):
    return entry.attributes[name].value


def text(entry, name="DW_AT_name"):
    return value(entry, name).decode() if name in entry.attributes else ""


def members(structure, before=0):
    """(name, offset), also of what stands in a part without a name."""
    for member in structure.iter_children():
        if member.tag != "DW_TAG_member":
            continue
        at = before + member.attributes["DW_AT_data_member_location"].value \
            if "DW_AT_data_member_location" in member.attributes else before
        if text(member):
            yield text(member), at
        else:
            yield from members(member.get_DIE_from_attribute("DW_AT_type"), at)


def definitions(entry):
    """(name, number) of a type."""
    if entry.tag == "DW_TAG_enumeration_type":
        for constant in entry.iter_children():
            yield text(constant), value(constant, "DW_AT_const_value")
    if entry.tag == "DW_TAG_structure_type" and text(entry) and \
            "DW_AT_byte_size" in entry.attributes:
        noun = text(entry).upper()
        yield noun + "_BYTES", value(entry, "DW_AT_byte_size")
        for name, offset in members(entry):
            yield f"{noun}_{name.upper()}", offset


def main():
    found = {}
    with open(sys.argv[1], "rb") as file:
        for unit in ELFFile(file).get_dwarf_info().iter_CUs():
            for entry in unit.get_top_DIE().iter_children():
                found.update(definitions(entry))
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write("/* Made by tools/offsets.py. */\n")
        file.writelines(f".equ {name}, {number}\n"
                        for name, number in found.items())


if __name__ == "__main__":
    main()

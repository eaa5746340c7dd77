#!/usr/bin/python3
"""The size of the nucleus: lines of code, bytes that stay in storage, and those
of a process.

    tools/size.py [build/arch/riscv/kerne]
"""
import os
import re
import sys

FOLDERS = ("nucleus", "arch", "boot")
LEFT_OUT = ("nucleus/abi", "nucleus/check")
KINDS = (".c", ".h", ".S", ".def")

# Comments, and strings, which may hold what looks like one.
TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'
                   r"'(?:\\.|[^'\\\n])*'", re.DOTALL)


def without_comments(text):
    def keep(found):
        token = found.group()
        if token[0] != "/":
            return token
        return "\n" * token.count("\n")
    return TOKEN.sub(keep, text)


def lines_of_code(text):
    return sum(1 for line in without_comments(text).splitlines()
               if line.strip())


def sources(root):
    """The files that count, relative to the root."""
    for folder in FOLDERS:
        for path, _, names in sorted(os.walk(os.path.join(root, folder))):
            relative = os.path.relpath(path, root)
            if relative.startswith(LEFT_OUT):
                continue
            for name in sorted(names):
                if name.endswith(KINDS):
                    yield os.path.join(relative, name)


def count_lines(root):
    """Lines of code of each file that counts."""
    counts = {}
    for path in sources(root):
        with open(os.path.join(root, path), encoding="utf-8") as file:
            counts[path] = lines_of_code(file.read())
    return counts


def count_bytes(kernel):
    """Resident text and read-only data, and what only boot needs."""
    from elftools.elf.constants import SH_FLAGS
    from elftools.elf.elffile import ELFFile
    text = boot = 0
    with open(kernel, "rb") as file:
        for section in ELFFile(file).iter_sections():
            flags = section["sh_flags"]
            if not flags & SH_FLAGS.SHF_ALLOC:
                continue
            if section.name.startswith(".boot"):
                boot += section["sh_size"]
            elif not flags & SH_FLAGS.SHF_WRITE:
                text += section["sh_size"]
    return text, boot


def structures(kernel):
    """Bytes of each structure of the nucleus, by name: its debug information
    says so."""
    from elftools.elf.elffile import ELFFile
    sizes = {}
    with open(kernel, "rb") as file:
        for unit in ELFFile(file).get_dwarf_info().iter_CUs():
            for entry in unit.iter_DIEs():
                if entry.tag == "DW_TAG_structure_type" and \
                        {"DW_AT_name", "DW_AT_byte_size"} <= \
                        entry.attributes.keys():
                    name = entry.attributes["DW_AT_name"].value.decode()
                    sizes[name] = entry.attributes["DW_AT_byte_size"].value
    return sizes


def process_bytes(sizes):
    """What the nucleus keeps of a process beside its window tables: the record,
    floating-point registers included; the buffer for its breaks; and that
    buffer's place in the heap of the clock."""
    return sizes["process"] + sizes["buffer"] + 8


def figures(root, kernel):
    """As the suite bench wants them."""
    text, boot = count_bytes(kernel)
    return [
        {"name": "nucleus.text_bytes", "value": text, "unit": "bytes"},
        {"name": "nucleus.boot_bytes", "value": boot, "unit": "bytes"},
        {"name": "process.bytes", "value": process_bytes(structures(kernel)),
         "unit": "bytes"},
        {"name": "nucleus.lines", "value": sum(count_lines(root).values()),
         "unit": "lines"},
    ]


def main():
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for path, count in count_lines(root).items():
        print(f"{count:6} {path}")
    kernel = sys.argv[1] if len(sys.argv) > 1 else \
        os.path.join(root, "build", "arch", "riscv", "kerne")
    for figure in figures(root, kernel):
        print(f"{figure['value']:6} {figure['name']} ({figure['unit']})")


if __name__ == "__main__":
    main()

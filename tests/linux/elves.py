"""ELF files that no linker makes."""
import struct

PAGE = 4096
EXECUTE, WRITE, READ = 1, 2, 4
HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
SEGMENT = struct.Struct("<IIQQQQQQ")
CODE, DATA = 0x10000, 0x20000
LATER = 0x800 # in the page of DATA
LOADS = [0x000202b7, # lui t0, 0x20
         0x00028313, # mv t1, t0
         0x7ff28293, # addi t0, t0, 0x7ff
         0x0012c503] # lbu a0, 1(t0)
STORES = [0x000280a3] # sb zero, 1(t0)
BEFORE = [0x00034383, # lbu t2, 0(t1)
          0x00750533] # add a0, a0, t2
ENDS = [0x05e00893, # li a7, 94 (exit_group)
        0x00000073] # ecall


def elf(code, segments, data):
    """`segments`: of each the flags, the address, bytes in the file, and all of
    them; what they have of the file lies in `data`, page by page as they do."""
    text = b"".join(struct.pack("<I", word) for word in code)
    begin = HEADER.size + SEGMENT.size * (len(segments) + 1)
    header = HEADER.pack(b"\x7fELF\2\1\1" + bytes(9), 2, 243, 1, CODE + begin,
                         HEADER.size, 0, 5, HEADER.size, SEGMENT.size,
                         len(segments) + 1, 0, 0, 0)
    loads = [(READ | EXECUTE, 0, CODE, begin + len(text), begin + len(text))]
    loads += [(flags, (page + 1) * PAGE + address % PAGE, address, size, whole)
              for page, (flags, address, size, whole) in enumerate(segments)]
    headers = b"".join(
        SEGMENT.pack(1, flags, offset, address, address, size, whole, PAGE)
        for flags, offset, address, size, whole in loads)
    first = header + headers + text
    return first + bytes(PAGE - len(first)) + data


def overlapping(stores):
    """Of two segments in one page the first has zeros where the second has
    bytes: those count, and its rights.  Ends with the sum of two bytes of the
    page; or stores there before."""
    code = LOADS + BEFORE + (STORES if stores else []) + ENDS
    first = b"\1" * 0x100 + bytes(PAGE - 0x100)
    second = b"\3" * LATER + b"\4" * (PAGE - LATER)
    return elf(code, [(READ | WRITE, DATA, 0x100, LATER),
                      (READ, DATA + LATER, 0x100, 0x100)], first + second)

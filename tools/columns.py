#!/usr/bin/python3
"""Writes children/drivers/console/columns.def: which characters take no column
of a terminal, and which take two.

    tools/columns.py > children/drivers/console/columns.def

Unassigned characters go with either neighbour, which saves rows.
"""
import sys
import unicodedata

LAST = 0x10ffff
HIDDEN = {"Cc", "Cs", "Zl", "Zp"} # shown as escapes, so they do not matter
JOINED_JAMO = (range(0x1160, 0x1200), range(0xd7b0, 0xd7fc))


def columns(code):
    """0, 1, 2; None: it does not matter."""
    sign = chr(code)
    category = unicodedata.category(sign)
    if any(code in jamo for jamo in JOINED_JAMO):
        return 0
    if category == "Cn" or category in HIDDEN:
        return None
    if unicodedata.east_asian_width(sign) in "WF":
        return 2
    return 0 if category in ("Mn", "Me", "Cf") and code != 0xad else 1


def ranges(wanted):
    first = last = None
    for code in range(0x80, LAST + 1):
        found = columns(code)
        if found == wanted:
            first, last = code if first is None else first, code
        elif found is not None and first is not None:
            yield first, last
            first = None


def main():
    print("/* Written by tools/columns.py, from Unicode "
          f"{unicodedata.unidata_version}: RANGE(columns,\n"
          " * first, last), in order; what is in none takes one column. */")
    found = sorted((first, last, wanted) for wanted in (0, 2)
                   for first, last in ranges(wanted))
    row = ""
    for first, last, wanted in found:
        text = f"RANGE({wanted}, 0x{first:04x}, 0x{last:04x})"
        if len(row) + 1 + len(text) > 80:
            print(row)
            row = ""
        row += (" " if row else "") + text
    print(row)


if __name__ == "__main__":
    sys.exit(main())

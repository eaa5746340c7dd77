#!/usr/bin/python3
"""The budget of lines: what everyone must read stays short.

What runs once, and is thrown away then, is a room of its own: boot/.  Of all
parents the C counts; the list of commands counts with s.
"""
import sources

import size  # found by way of sources
import tap

BUDGET = {"nucleus": 2450, "arch/riscv": 620, "arch/riscv/fast": 330,
          "boot": 380, "nucleus/check": 420, "meson.build": 119,
          "parents": 6200, "parents/s": 1675, "parents/lib": 3150,
          "parents/keeper": 680, "parents/lib/pager": 1100,
          "parents/lib/catalog": 965,
          "parents/paged": 200, "parents/swapped": 200,
          "parents/store": 3350, "parents/linux": 18000}
# Rooms with all that is in them, but what has a budget apart.
APART = ("parents/lib/pager", "parents/lib/catalog", "parents/paged",
         "parents/swapped", "parents/store", "parents/linux")
WHOLE = ("nucleus/check", "parents", "parents/s", "parents/lib",
         "parents/keeper", *APART)


def room_of(path):
    """The room that a file counts for: the longest that fits."""
    return max((room for room in BUDGET if path.startswith(room + "/")),
               key=len)


def main():
    writer = tap.Writer()
    lines = {room: {} for room in BUDGET}
    for path, count in size.count_lines(sources.HERE).items():
        lines[room_of(path)][path] = count
    for room in WHOLE:
        kinds = (".c", ".h") if room == "parents" else size.KINDS
        lines[room] = {path: size.lines_of_code(sources.read(path))
                       for path in sources.files(kinds, (room,))
                       if room in APART or not path.startswith(APART)}
    lines["meson.build"] = {
        "meson.build": len(sources.read("meson.build").splitlines())}
    for room, counts in lines.items():
        total = sum(counts.values())
        writer.point(0 < total <= BUDGET[room],
                     f"budget.{room} {total} lines, budget {BUDGET[room]}",
                     [f"{count:5} {path}" for path, count in counts.items()])
    writer.end()


if __name__ == "__main__":
    main()

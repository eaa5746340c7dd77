#!/usr/bin/python3
"""The budget of lines: what everyone must read stays short."""
import sources

import size  # found by way of sources
import tap

LIMITS = {"nucleus and arch": 3400, "nucleus/check": 420, "meson.build": 119}


def main():
    writer = tap.Writer()
    counts = size.count_lines(sources.HERE)
    checks = {path: size.lines_of_code(sources.read(path))
              for path in sources.files(size.KINDS, ("nucleus/check",))}
    build = {"meson.build": len(sources.read("meson.build").splitlines())}
    for what, lines in (("nucleus and arch", counts),
                        ("nucleus/check", checks), ("meson.build", build)):
        total = sum(lines.values())
        writer.point(total <= LIMITS[what],
                     f"budget.{what.replace(' ', '_')} {total} of "
                     f"{LIMITS[what]} lines",
                     [f"{count:5} {path}" for path, count in lines.items()])
    writer.end()


if __name__ == "__main__":
    main()

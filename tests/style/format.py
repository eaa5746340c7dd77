#!/usr/bin/python3
"""The sources look as .clang-format says, or nearly so.

Nearly: a table is sometimes laid out by hand, and better so.  A file may
differ from what clang-format makes of it in one line of four, all files
together in one of twenty.
"""
import difflib
import os
import shutil
import subprocess
import tempfile

import sources

import tap  # found by way of sources

VERSION = " 14." # others lay out some lines differently
IN_A_FILE = 0.25
IN_ALL = 0.05
FEW = 4 # lines, in however short a file


def tool():
    """Whether the right clang-format is there."""
    try:
        result = subprocess.run(["clang-format", "--version"], text=True,
                                capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return VERSION in result.stdout


def laid_out(paths):
    """What clang-format makes of the files: lines by path."""
    with tempfile.TemporaryDirectory() as folder:
        rules = sources.files((".clang-format",), (".",))
        for path in [*rules, *paths]:
            copy = os.path.join(folder, path)
            os.makedirs(os.path.dirname(copy), exist_ok=True)
            shutil.copy(os.path.join(sources.HERE, path), copy)
        subprocess.run(["clang-format", "-i", *paths], cwd=folder, check=True)
        result = {}
        for path in paths:
            with open(os.path.join(folder, path), encoding="utf-8") as file:
                result[path] = file.read().splitlines()
        return result


def changed(before, after):
    """How many lines of `before` are not as in `after`."""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return sum(last - first for kind, first, last, _, _
               in matcher.get_opcodes() if kind in ("replace", "delete"))


def main():
    writer = tap.Writer()
    if not tool():
        writer.skip("format", "clang-format 14 is not installed")
        writer.end()
    lines = differ = 0
    for path, after in laid_out(sources.files((".c", ".h"))).items():
        before = sources.read(path).splitlines()
        count, total = changed(before, after), len(before)
        lines += total
        differ += count
        if count > FEW and count > IN_A_FILE * total:
            writer.point(False, f"format.{path}", [
                f"clang-format would change {count} of its {total} lines",
                f"see: clang-format {path} | diff {path} -"])
    writer.point(lines > 0 and differ <= IN_ALL * lines,
                 "format.nineteen_lines_of_twenty",
                 [f"clang-format would change {differ} of {lines} lines"])
    writer.end()


if __name__ == "__main__":
    main()

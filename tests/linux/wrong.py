#!/usr/bin/python3
"""What each call answers when an argument is wrong, as Linux has it.

The program bare/wrong.c calls whatever bare/wrong.def lists, with each argument
wrong in each way of its kind.  What comes is to be as in recorded/wrong, which
record.py has from Linux itself; where this system differs knowingly, it is to
be as in wrong.apart, which says why.  A point stands for an argument.
"""
import os
import re
import tempfile

import made

import tap  # found by way of made

LINE = re.compile(r"([a-z0-9_.]+)\.([0-6]) (?:[a-z]+ )?([A-Za-z0-9_]+):(.*)")
LISTED = re.compile(r"^WRONG\(([a-z0-9_]+),", re.MULTILINE)
CALLS = re.compile(r"^LINUX_(?:CALL|SAME)\([0-9]+, ([a-z0-9_]+),", re.MULTILINE)
FOLDER = os.path.dirname(os.path.abspath(__file__))
DEADLINE = 550 # seconds


def read(*path):
    with open(os.path.join(FOLDER, *path), encoding="utf-8") as file:
        return file.read()


def results(lines):
    """By argument, for each way of being wrong what came of it."""
    found = {}
    for line in filter(None, map(LINE.fullmatch, lines)):
        argument = found.setdefault(f"{line[1]}.{line[2]}", {})
        for word in line[4].split() or ["right"]:
            argument[word] = line[3]
    return found


def differences(got, linux, apart):
    """In words; `apart` is what this system has in Linux's place."""
    for word in sorted({*got, *linux, *apart}):
        wanted = apart.get(word, linux.get(word))
        if got.get(word) != wanted:
            yield f"{word}: {got.get(word)}, wanted {wanted}"
        elif word in apart and wanted == linux.get(word):
            yield f"{word}: stands in wrong.apart, and is as on Linux"


def main():
    writer = tap.Writer()
    linux = results(read("recorded", "wrong").splitlines())
    apart = results(read("wrong.apart").splitlines())
    with tempfile.TemporaryDirectory(prefix="kerne-") as folder:
        tree = made.Tree()
        tree.add("t/wrong", made.compiled(folder, "wrong"))
        image = made.make_image(folder, tree.bytes(), system=made.POISONED)
        with made.Runs(image, deadline=DEADLINE) as runs:
            before = runs.accounts()
            said = runs.run("/t/wrong")
            after = runs.accounts()
    got = results(said)
    for name in {**linux, **got, **apart}:
        wrong = list(differences(got.get(name, {}), linux.get(name, {}),
                                 apart.get(name, {})))
        writer.point(not wrong, f"wrong.{name}", wrong)
    missing = set(CALLS.findall(read("..", "..", "parents", "linux", "calls",
                                     "table.def"))) - \
        set(LISTED.findall(read("bare", "wrong.def")))
    writer.point(not missing, "wrong.all_calls_are_listed", sorted(missing))
    writer.point(said[-1] == "linux finished, status 0", "comes_to_its_end",
                 said[-5:])
    writer.point(before == after, "all_comes_back", before + after)
    writer.end()


if __name__ == "__main__":
    main()

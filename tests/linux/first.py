#!/usr/bin/python3
"""The first process says of bare/first.c what that of a namespace of Linux's
says: recorded/first, by record.py; and it ends as that does.
"""
import os
import re
import tempfile

import made

import tap  # found by way of made


# What the console and s say themselves.
OF_CONSOLE = re.compile(r"from (linux|s)|ready")


def recorded(name):
    """What Linux printed, and its status as linux tells it, in lines."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                           "recorded", name), encoding="utf-8") as file:
        first, *lines = file.read().splitlines()
    return [*lines, f"linux finished, {first}"]


def of_program(lines):
    return [line for line in lines if not OF_CONSOLE.fullmatch(line)]


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(prefix="kerne-") as folder:
        tree = made.Tree()
        tree.add("t/first", made.compiled(folder, "first"))
        image = made.make_image(folder, tree.bytes(), system=made.POISONED)
        with made.Runs(image) as runs:
            before = runs.accounts()
            said = runs.run("/t/first")
            made.tell_points(writer, "first", said)
            writer.point(of_program(said) == recorded("first"),
                         "first.says_what_it_says_on_linux", said)
            said = runs.run("/t/first ends")
            writer.point(of_program(said) == recorded("first-ends"),
                         "first.ends_in_an_end", said)
            writer.point(runs.accounts() == before, "all_comes_back",
                         [str(before), str(runs.accounts())])
    writer.end()


if __name__ == "__main__":
    main()

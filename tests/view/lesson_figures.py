#!/usr/bin/python3
"""The drawings docs/figures/lesson-*.svg are those of the lessons as they are
now; and each chapter names its lessons, and no other.

    tests/view/lesson_figures.py --write

draws them anew.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

import view

import page  # found by way of view
import tap

FOLDER = os.path.join(view.HERE, "docs", "figures")
BOOK = os.path.join(view.HERE, "docs", "book")
NAME = re.compile(r"lesson-[\w-]+\.svg")
LINK = re.compile(r"#lesson=(\w+)(?:&step=(\d+))?`")
DEADLINE = 300 # seconds


def draw():
    """Name of the file -> text, of all drawings as they are now; and the
    lessons."""
    files = page.machine_files(view.BUILD)
    modules = page.libraries(view.BUILD)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["node", os.path.join(page.SOURCES, "figures.mjs"),
                        modules, folder, *files], check=True, timeout=DEADLINE)
        return drawings(folder), json.loads(read(folder, "lessons.json"))


def read(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return file.read()


def drawings(folder):
    return {name: read(folder, name) for name in os.listdir(folder)
            if NAME.fullmatch(name)}


def named(lessons):
    """What is wrong with the lessons that the chapters name."""
    steps = {lesson["name"]: lesson["steps"] for lesson in lessons}
    missing = {(lesson["chapter"], lesson["name"]) for lesson in lessons}
    for page_name in sorted(os.listdir(BOOK)):
        for name, step in LINK.findall(read(BOOK, page_name)):
            missing.discard((int(page_name[:2]), name))
            if not 1 <= int(step or 1) <= steps.get(name, 0):
                yield f"{page_name}: there is no step {step} of `{name}`"
    for chapter, name in sorted(missing):
        yield f"chapter {chapter} does not name its lesson `{name}`"


def main():
    view.wants_page()
    drawn, lessons = draw()
    if sys.argv[1:] == ["--write"]:
        for name in drawings(FOLDER):
            os.remove(os.path.join(FOLDER, name))
        for name, text in drawn.items():
            with open(os.path.join(FOLDER, name), "w",
                      encoding="utf-8") as file:
                file.write(text)
        return
    writer = tap.Writer()
    there = drawings(FOLDER)
    for name in sorted(drawn.keys() | there.keys()):
        writer.point(drawn.get(name) == there.get(name), f"figures.{name}", [
            "it is drawn otherwise now; tests/view/lesson_figures.py --write"])
    wrong = list(named(lessons))
    writer.point(not wrong, "figures.lessons_are_named_in_the_book", wrong)
    writer.end()


if __name__ == "__main__":
    main()

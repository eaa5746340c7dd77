#!/usr/bin/python3
"""The drawings docs/figures/lesson-*.svg are those of the lessons as they are
now; and each chapter names its lessons, and no other.

    tests/view/lesson_figures.py --write

draws them anew.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ.get("KERNE_BUILD", os.path.join(HERE, "build"))
sys.path[:0] = [os.path.join(HERE, folder) for folder in ("tests", "tools")]

import page  # noqa: E402 (found by the path above)
import tap  # noqa: E402

FOLDER = os.path.join(HERE, "docs", "figures")
BOOK = os.path.join(HERE, "docs", "book")
NAME = re.compile(r"lesson-[\w-]+\.svg")
LINK = re.compile(r"#lesson=(\w+)(?:&step=(\d+))?`")
DEADLINE = 300 # seconds
WANTED = ("node", "npm", "clang", "wasm-ld")


def draw():
    """Name of the file -> text, of all drawings as they are now; and the
    lessons."""
    files = page.machine_files(BUILD)
    modules = page.libraries(BUILD)
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
    missing = [name for name in WANTED if not shutil.which(name)]
    if missing:
        print(f"TAP version 13\n1..0 # SKIP no {', '.join(missing)} here")
        return
    try:
        drawn, lessons = draw()
    except SystemExit:
        print("TAP version 13\n1..0 # SKIP the page's libraries cannot be had")
        return
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

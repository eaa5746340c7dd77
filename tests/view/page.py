#!/usr/bin/python3
"""The page does in a browser what it says; what drives it is page*.mjs.

What it looked like is in page-shots/ of the build folder.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zlib

import view

import page  # found by way of view
import tap

DEADLINE = 400 # seconds
MOST = 500000 # bytes of the whole page, deflated,
LATER = {"lines.json": 600000} # but for what is loaded only when it is wanted


def drive(writer, name, address, shots, *more):
    """What a script says that uses the page in a browser."""
    done = subprocess.run(
        ["node", os.path.join(view.HERE, "tests", "view", f"{name}.mjs"),
         view.built("npm"), shutil.which("chromium"), address, shots, *more],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        timeout=DEADLINE, check=False)
    for line in done.stdout.splitlines():
        told = json.loads(line)
        writer.point(told["good"], f"page.{told['name']}",
                     told["why"].splitlines())
    writer.point(done.returncode == 0, f"page.{name} comes to its end",
                 done.stderr.splitlines()[-20:])


def drive_own(writer, own, shots):
    """A page with a program of one's own, which is hello but for its text."""
    path = os.path.join(own, "mine.c")
    with open(os.path.join(view.HERE, "children", "hello.c"),
              encoding="utf-8") as file:
        text = file.read().replace("Hello", "Mine")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    server = page.Server(page.make(view.BUILD, os.path.join(own, "page"),
                                   [("mine", [path])])).begin()
    drive(writer, "page_own", server.address(), shots, path)
    server.shutdown()
    refused = subprocess.run(
        [sys.executable, os.path.join(view.HERE, "tools", "run.py"), "--page",
         "-m", "1G"], capture_output=True, text=True, check=False)
    writer.point(refused.returncode == 1 and "-m do not go together" in
                 refused.stderr, "page.says_what_it_takes",
                 refused.stderr.splitlines())


def main():
    view.wants_page("chromium")
    folder = page.make(view.BUILD)
    writer = tap.Writer()
    sizes = {}
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), "rb") as file:
            sizes[name] = len(zlib.compress(file.read(), 9))
    for name, most in LATER.items():
        size = sizes.pop(name)
        writer.point(size <= most, f"page.size of {name} is {size}",
                     [f"at most {most}"])
    size = sum(sizes.values())
    writer.point(size <= MOST, f"page.size is {size} bytes, deflated",
                 [f"at most {MOST}"])
    shots = view.built("page-shots")
    shutil.rmtree(shots, ignore_errors=True)
    os.makedirs(shots)
    with tempfile.TemporaryDirectory() as own:
        drive_own(writer, own, shots)
    server = page.Server(folder).begin()
    for name in ("page", "page_many", "page_terminal", "page_way"):
        drive(writer, name, server.address(), shots)
    writer.end()


if __name__ == "__main__":
    main()

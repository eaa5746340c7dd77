#!/usr/bin/python3
"""Each step of each lesson of the page comes, and what it says is so then."""
import json
import os
import subprocess

import view

import page  # found by way of view
import tap

DEADLINE = 300 # seconds


def main():
    view.wants("node", "clang", "wasm-ld")
    writer = tap.Writer()
    done = subprocess.run(
        ["node", os.path.join(view.HERE, "tests", "view", "lessons.mjs"),
         *page.machine_files(view.BUILD)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        timeout=DEADLINE, check=False)
    for line in done.stdout.splitlines():
        told = json.loads(line)
        writer.point(told["good"], f"lessons.{told['name']}", told["why"])
    writer.point(done.returncode == 0, "lessons.come_to_their_end",
                 done.stderr.splitlines()[-20:])
    writer.end()


if __name__ == "__main__":
    main()

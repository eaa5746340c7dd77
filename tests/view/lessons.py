#!/usr/bin/python3
"""Each step of each lesson of the page comes, and what it says is so then."""
import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ.get("KERNE_BUILD", os.path.join(HERE, "build"))
sys.path[:0] = [os.path.join(HERE, folder) for folder in ("tests", "tools")]

import page  # noqa: E402 (found by the path above)
import tap  # noqa: E402

DEADLINE = 300 # seconds
WANTED = ("node", "clang", "wasm-ld")


def main():
    missing = [name for name in WANTED if not shutil.which(name)]
    if missing:
        print(f"TAP version 13\n1..0 # SKIP no {', '.join(missing)} here")
        return
    writer = tap.Writer()
    done = subprocess.run(
        ["node", os.path.join(HERE, "tests", "view", "lessons.mjs"),
         *page.machine_files(BUILD)],
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

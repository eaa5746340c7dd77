#!/usr/bin/python3
"""The grader of a lab fails the skeleton, passes the solution, and fails the
plausible wrong answers; it breaks at none of them.

    tests/labs/graders.py FOLDER    of labs/
"""
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(HERE, folder) for folder in ("tests", "tools")]

import tap  # noqa: E402 (found by the path above)

LABS = os.path.join(HERE, "labs")
FEWEST_WRONG, FEWEST_POINTS = 3, 3
LONGEST = 60 # seconds, for one grading
LINES = 4 # of the console, for a missed point


def graded(number, path):
    """What ./lab says of that file, and how it ended; None: it has not graded,
    since it or the machine broke."""
    done = subprocess.run(
        [sys.executable, os.path.join(HERE, "tools", "lab.py"), str(number),
         path, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, check=False, timeout=LONGEST)
    return json.loads(done.stdout) if done.returncode in (0, 1) else None, done


def check(writer, name, number, path, wants_all):
    said, done = graded(number, path)
    if said is None:
        writer.point(False, name, [f"not graded: status {done.returncode}",
                                   *done.stderr.splitlines()[-20:]])
        return
    missed = [point["point"] for point in said["points"]
              if not point["earned"]]
    mute = [point["point"] for point in said["points"]
            if not (point["console"] is None if point["earned"] else
                    0 < len(point["console"]) <= LINES)]
    writer.point(not mute, f"{name}.console", mute)
    writer.point(bool(missed) != wants_all and said["of"] >= FEWEST_POINTS and
                 done.returncode == bool(missed), name,
                 [f"exit status {done.returncode}; missed: {missed}",
                  *done.stderr.splitlines()])


@contextlib.contextmanager
def wrong_answer(solutions, patch):
    """The solution with that mistake in it: a path."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(os.path.join(solutions, "solution.c"), folder)
        subprocess.run(["git", "apply", os.path.join(solutions, "wrong",
                                                     patch)],
                       cwd=folder, check=True)
        yield os.path.join(folder, "solution.c")


def check_lab(writer, folder):
    number = int(folder[:2])
    own = os.path.join(LABS, folder)
    solutions = os.path.join(LABS, "solutions", folder)
    wrong = os.path.join(solutions, "wrong")
    check(writer, f"labs.{number}.skeleton_fails", number,
          os.path.join(own, "lab.c"), False)
    check(writer, f"labs.{number}.solution_passes", number,
          os.path.join(solutions, "solution.c"), True)
    names = sorted(os.listdir(wrong))
    for name in names:
        with wrong_answer(solutions, name) as path:
            check(writer,
                  f"labs.{number}.wrong.{name.removesuffix('.patch')}_fails",
                  number, path, False)
    with open(os.path.join(own, "README.md"), encoding="utf-8") as file:
        page = file.read()
    lacking = [heading for heading in ("**Goal.**", "**It teaches**",
                                       "**Read**", "**Minutes:**", "## Steps",
                                       "## Questions", "## Hints")
               if heading not in page]
    writer.point(len(names) >= FEWEST_WRONG and not lacking and
                 "solutions" not in page and
                 os.path.isfile(os.path.join(solutions, "notes.md")),
                 f"labs.{number}.is_whole",
                 [f"{len(names)} wrong answers; its page lacks {lacking}"])


def main():
    writer = tap.Writer()
    check_lab(writer, sys.argv[1])
    writer.end()


if __name__ == "__main__":
    main()

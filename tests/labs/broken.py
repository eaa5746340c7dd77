#!/usr/bin/python3
"""What could not be graded is not counted as points, earned or missed: ./lab
says why, and ends with a status of its own."""
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(HERE, folder)
                for folder in ("tests", "tools", "labs/lib")]

import grading  # noqa: E402 (found by the path above)
import tap  # noqa: E402

def refused(writer, name, says, *words, path="tools/lab.py"):
    done = subprocess.run(
        [sys.executable, os.path.join(HERE, path), words[0], "--json",
         *words[1:]],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        timeout=60)
    writer.point(done.returncode == 2 and not done.stdout and
                 says in done.stderr, f"labs.not_graded.{name}",
                 [f"status {done.returncode}", done.stdout,
                  *done.stderr.splitlines()[-5:]])


def machine_breaks(writer, folder):
    """It ends by a signal when it has begun."""
    path = os.path.join(folder, "view", "machine", "machine")
    os.makedirs(os.path.dirname(path))
    with open(path, "w", encoding="utf-8") as file:
        file.write('#!/bin/sh\nwhile [ "$1" != --events ]; do shift; done\n'
                   ': >"$2"\nkill -SEGV $$\n')
    os.chmod(path, 0o755)
    lab = grading.Lab(folder, folder, [], lambda point: None)
    lab.image_with = lambda programs: "image.tar"
    try:
        said = str(lab.run("halt", programs={}, end=1).events)
    except grading.Broken as broken:
        said = str(broken)
    writer.point("the machine broke" in said,
                 "labs.not_graded.the_machine_breaks", [said])


def grader_that_breaks(folder):
    """A checkout whose first lab has one that earns a point before."""
    checkout = os.path.join(folder, "checkout")
    lab = os.path.join(checkout, "labs", "01-it")
    os.makedirs(lab)
    shutil.copytree(os.path.join(HERE, "tools"),
                    os.path.join(checkout, "tools"))
    shutil.copytree(os.path.join(HERE, "labs", "lib"),
                    os.path.join(checkout, "labs", "lib"))
    for name, text in (("README.md", "# It\n"), ("lab.c", ""),
                       ("grader.py", 'def grade(lab):\n'
                        '    lab.point(True, "one", "it", "not")\n'
                        '    raise KeyError("two")\n')):
        with open(os.path.join(lab, name), "w", encoding="utf-8") as file:
            file.write(text)
    return os.path.join(checkout, "tools", "lab.py")


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory() as folder:
        wrong = os.path.join(folder, "wrong.c")
        with open(wrong, "w", encoding="utf-8") as file:
            file.write("int main(void) { return nothing; }\n")
        refused(writer, "does_not_compile", "is not compiled", "1", wrong)
        refused(writer, "no_such_lab", "there is no lab 99", "99")
        refused(writer, "no_such_file", "there is no file", "1",
                os.path.join(folder, "none.c"))
        refused(writer, "no_file_of_c", "does not end in .c", "1", __file__)
        machine_breaks(writer, folder)
        refused(writer, "the_grader_breaks", "the grader itself has broken",
                "1", path=grader_that_breaks(folder))
    writer.end()


if __name__ == "__main__":
    main()

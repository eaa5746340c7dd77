#!/usr/bin/python3
"""Grades a lab.  See ./lab --help."""
import argparse
import importlib.util
import json
import os
import sys
import traceback

import builder
import manners
from manners import HERE, shown, tell

LABS = os.path.join(HERE, "labs")
TARGETS = ["arch/riscv/kerne", "arch/riscv/kerne-checks", "image.tar",
           "parents/s.elf", "view/machine/machine", "view/kerne.layout",
           "view/kerne-checks.layout"]
NOT_GRADED = 2 # exit status
EPILOGUE = """\
examples:
  ./lab                  what labs there are
  ./lab 3                grade labs/03-.../lab.c, which you have changed
  ./lab 3 my/own.c       grade another file
  ./lab 3 --json         the points as JSON, for scripts

The exit status is 0 if all points are earned, 1 if not, and 2 if it could not
be graded, since it does not compile, say.
"""


def labs():
    """number -> folder."""
    return {int(name[:2]): os.path.join(LABS, name)
            for name in sorted(os.listdir(LABS)) if name[:2].isdigit()}


def title_of(folder):
    with open(os.path.join(folder, "README.md"), encoding="utf-8") as file:
        return file.readline().lstrip("# ").rstrip()


def grader_of(folder):
    path = os.path.join(folder, "grader.py")
    sys.path.insert(0, os.path.join(LABS, "lib"))
    spec = importlib.util.spec_from_file_location("grader", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def show(point):
    if point["earned"]:
        print(f"  earned   {point['point']}", flush=True)
        return
    print(f"  MISSED   {point['point']}\n"
          f"           expected: {point['expected']}\n"
          f"           happened: {point['happened']}")
    if point["at"] is not None:
        print(f"           at {point['at'] / 1e6:.3f} ms of the machine's "
              "clock")
    sys.stdout.flush()


def options():
    parser = argparse.ArgumentParser(
        prog="./lab", description="Grade a lab: run a program in the machine, "
        "and look at what happened.", epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("number", type=int, nargs="?", metavar="NUMBER",
                        help="of the lab, 1 to 12; none: they are listed")
    parser.add_argument("files", nargs="*", metavar="FILE.c",
                        help="your program (default: lab.c in the lab's "
                        "folder)")
    parser.add_argument("--json", action="store_true",
                        help="print the points as one object of JSON")
    parser.add_argument("--build", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def grade(build, folder, files, quiet):
    """The points, as dictionaries."""
    import grading # pylint: disable=import-outside-toplevel
    lab = grading.Lab(build, folder, files, (lambda point: None) if quiet
                      else show)
    grader_of(folder).grade(lab)
    return lab.points


def main():
    chosen = options()
    known = labs()
    if chosen.number is None:
        for number, folder in known.items():
            manners.say(f"{number:3}  {title_of(folder)}  "
                        f"({shown(folder)}/README.md)")
        return 0
    if chosen.number not in known:
        manners.give_up(f"there is no lab {chosen.number}; ./lab lists them")
    folder = known[chosen.number]
    files = chosen.files or [os.path.join(folder, "lab.c")]
    for path in files:
        if not os.path.isfile(path):
            manners.give_up(f"there is no file `{path}`")
    build = builder.folder()
    if chosen.build and not builder.make(build, TARGETS):
        return NOT_GRADED
    sys.path.insert(0, os.path.join(LABS, "lib"))
    if not chosen.json:
        tell(f"Lab {chosen.number}, {title_of(folder)}: "
             f"{', '.join(map(shown, files))}")
    points = grade(build, folder, files, chosen.json)
    earned = sum(point["earned"] for point in points)
    if chosen.json:
        manners.say(json.dumps({"lab": chosen.number, "files": files,
                                "earned": earned, "of": len(points),
                                "points": points}, indent=1))
    else:
        manners.say(f"{earned} of {len(points)} points")
    return 0 if earned == len(points) else 1


def graded():
    """main(), with a status of its own for what nobody has missed."""
    try:
        return main()
    except SystemExit as end:
        if isinstance(end.code, str):
            tell(end.code)
            return NOT_GRADED
        raise
    except Exception: # pylint: disable=broad-except # it is shown
        traceback.print_exc()
        tell("./lab: the grader itself has broken")
        return NOT_GRADED


if __name__ == "__main__":
    manners.run(graded)

#!/usr/bin/python3
"""Grades a lab.  See ./lab --help."""
import argparse
import importlib.util
import json
import os
import shlex
import signal
import sys
import tempfile
import traceback

import browser
import builder
import lab_page
import manners
import page
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
  ./lab 3 --view         see in a page what happened, at the moment that counts

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


def show(point, see, said):
    """`see`: how to see it; `said`: lines of the console."""
    if point["earned"]:
        print(f"  earned   {point['point']}", flush=True)
        return
    print(f"  MISSED   {point['point']}\n"
          f"           expected: {point['expected']}\n"
          f"           happened: {point['happened']}")
    if point["at"] is not None:
        print(f"           at {point['at'] / 1e6:.3f} ms of the machine's "
              "clock")
    for line in said:
        print(f"           console:  {line}")
    print(f"           to see it: {see}", flush=True)


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
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true",
                     help="print the points as one object of JSON")
    how.add_argument("--view", action="store_true",
                     help="serve a page, to this computer only, that shows "
                     "each point's moment of the run")
    parser.add_argument("--build", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_intermixed_args() # --json before FILE.c, too


def grade(build, folder, chosen, files, address):
    """A grading.Lab that has its points; `address`: of the page, or None."""
    import grading # pylint: disable=import-outside-toplevel

    shown_before = [] # what the console had said at points before

    def told(point):
        if not chosen.json:
            see = f"{address}{lab_page.link(point, lab.runs)}" if address \
                else shlex.join(["./lab", str(chosen.number), *chosen.files,
                                 "--view"])
            said = point["console"] or []
            show(point, see, said if said not in shown_before else [])
            shown_before.append(said)
    lab = grading.Lab(build, folder, files, told)
    grader_of(folder).grade(lab)
    return lab


def seen(build, folder, chosen, files):
    """Grades, and serves the page with all runs, until the person ends it."""
    with tempfile.TemporaryDirectory(prefix="kerne-lab-") as work:
        pages = page.make(build, os.path.join(work, "page"))
        server = page.Server(pages).begin()
        lab = grade(build, folder, chosen, files, server.address())
        lab_page.add(build, pages, lab)
        missed = [point for point in lab.points if not point["earned"]]
        first = lab_page.link((missed + lab.points)[0], lab.runs)
        manners.say(f"{len(lab.points) - len(missed)} of {len(lab.points)} "
                    "points")
        browser.offer(server.address() + first, "ctrl-c ends this.")
        while True:
            signal.pause()


def main():
    manners.end_by_signals()
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
        if not path.endswith(".c"):
            manners.give_up(f"a lab is a file of C; `{path}` does not end in "
                            ".c")
    build = builder.folder()
    if chosen.build and not builder.make(build, TARGETS):
        return NOT_GRADED
    sys.path.insert(0, os.path.join(LABS, "lib"))
    if not chosen.json:
        tell(f"Lab {chosen.number}, {title_of(folder)}: "
             f"{', '.join(map(shown, files))}")
    if chosen.view:
        return seen(build, folder, chosen, files)
    points = grade(build, folder, chosen, files, None).points
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
    except BrokenPipeError: # who has read it has gone
        raise
    except Exception: # pylint: disable=broad-except # it is shown
        traceback.print_exc()
        tell("./lab: the grader itself has broken")
        return NOT_GRADED


if __name__ == "__main__":
    manners.run(graded)

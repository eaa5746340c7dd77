#!/usr/bin/python3
"""./lab NUMBER --view: each point that is missed has a link, and this opens the
page at that moment of the very run that was graded, with the lines of the
student's program."""
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile

import view

import tap  # found by way of view

LINK = re.compile(r"to see it: (http://127\.0\.0\.1:\d+/#lab=(\d+)&at=(\d+))")
LAB = "3" # whose skeleton misses points with a moment, and others, in more runs
SKELETON = os.path.join(view.HERE, "labs", "03-a-page-at-each-break", "lab.c")
READY = "ctrl-c ends this"
DEADLINE = 400 # seconds
TRAP = 10000 # nanoseconds: more than one takes


def told_by(process):
    """All that it says until it serves the page."""
    said = b""
    while READY.encode() not in said:
        if not select.select([process.stdout], [], [], DEADLINE)[0]:
            break
        data = os.read(process.stdout.fileno(), 4096)
        if not data:
            break
        said += data
    return said.decode("utf-8", "replace")


def opened(links):
    """What the page shows at each link; and what went wrong."""
    done = subprocess.run(
        ["node", os.path.join(view.HERE, "tests", "view", "lab.mjs"),
         view.built("npm"), shutil.which("chromium"), *links],
        capture_output=True, text=True, timeout=DEADLINE, check=False)
    return [json.loads(line) for line in done.stdout.splitlines()], \
        done.stderr.splitlines()[-20:]


def look(writer, process, path):
    said = told_by(process)
    found = LINK.findall(said)
    writer.point(len(found) == said.count("MISSED") > 0 and
                 f"Open {found[0][0]} in a browser" in said,
                 "lab.each_missed_point_has_a_link", said.splitlines())
    chosen = {run: (link, int(at)) for link, run, at in reversed(found)}
    shown, why = opened([link for link, _ in chosen.values()])
    writer.point(len(shown) == len(chosen) > 1, "lab.links_can_be_opened", why)
    lines = [there["source"] for there in shown if there["source"]]
    writer.point(lines and all(line.startswith(f"{path}, line ")
                               for line in lines),
                 "lab.has_the_lines_of_the_program", lines)
    for (link, at), there in zip(chosen.values(), shown):
        writer.point(at <= there["at"] < at + TRAP and there["last"] == at and
                     "student" in there["names"] and not there["wrong"],
                     f"lab.is_at_the_moment.{link.split('=', 1)[1]}",
                     [str(there)])


def main():
    view.wants_page("chromium")
    writer = tap.Writer()
    with tempfile.TemporaryDirectory() as folder, subprocess.Popen(
            [sys.executable, os.path.join(view.HERE, "tools", "lab.py"), LAB,
             shutil.copy(SKELETON, os.path.join(folder, "mine.c")), "--view"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, bufsize=0) as process:
        try:
            look(writer, process, os.path.join(folder, "mine.c"))
        finally:
            process.terminate() # a shell may have it ignore ctrl-c
    writer.point(process.returncode == 128 + signal.SIGTERM,
                 "lab.ends_when_told", [str(process.returncode)])
    writer.end()


if __name__ == "__main__":
    main()

"""./run --linux where no person sits: piped.py NUCLEUS.

Commands come through a pipe or from a file, go to the shell as they are, and
with their end the shell ends, and the machine.
"""
import os
import re
import subprocess
import sys
import time

import tree

import tap # found by way of tree

RUN = os.path.join(tree.HERE, "tools", "run.py")
DEADLINE = 120 # seconds
COMMANDS = """\
echo one; wait
to() { echo "three $1"; }
to be
# no word of a dialogue's
date +%s
sh -c 'exit 3'; echo "status $?"
cat
this is read
"""


def run(nucleus, *words, **streams):
    checks = ["--checks"] if nucleus == "kerne-checks" else []
    return subprocess.run([sys.executable, RUN, *checks, "--linux", *words],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, errors="replace", timeout=DEADLINE,
                          check=False, **streams)


def said(done):
    return [f"status {done.returncode}", *done.stdout.splitlines(),
            *done.stderr.splitlines()]


def main():
    nucleus, = sys.argv[1:]
    writer = tap.Writer()
    done = run(nucleus, input=COMMANDS)
    lines = done.stdout.splitlines()
    told = [int(line) for line in lines if line.isdecimal()]
    writer.point(len(told) == 1 and abs(told[0] - time.time()) < DEADLINE,
                 "piped.date", [str(told), *said(done)])
    writer.point("\\x1b" not in done.stdout and
                 done.stdout.count("echo one; wait") == 1,
                 "piped.shown_once", said(done))
    writer.point(done.returncode == 0 and
                 {"one", "three be", "status 3"} <= set(lines) and
                 lines.count("this is read") == 1 and
                 any(line.endswith("> this is read") for line in lines) and
                 any("linux finished, status 0" in line for line in lines),
                 "piped.commands", said(done))
    done = run(nucleus, "-m", "512M", input="grep MemTotal /proc/meminfo\n")
    given = re.search(r"MemTotal: +(\d+) kB", done.stdout)
    writer.point(given and 120000 < int(given[1]) < 131072,
                 "piped.a_quarter_of_the_storage", said(done))
    done = run(nucleus, input="exit 4")
    writer.point(done.returncode == 0 and
                 "linux finished, status 4" in done.stdout, "piped.exit",
                 said(done))
    done = run(nucleus, stdin=subprocess.DEVNULL)
    writer.point(done.returncode == 0 and
                 "linux finished, status 0" in done.stdout, "piped.nothing",
                 said(done))
    writer.end()


if __name__ == "__main__":
    main()

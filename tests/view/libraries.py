#!/usr/bin/python3
"""The page's libraries are fetched once, also when several ask at the same
time; and who cannot have them is told so in words."""
import os
import subprocess
import sys
import tempfile

import view

import tap  # found by way of view

ASKS = "import sys, page; page.libraries(sys.argv[1])"
# In the place of npm: it notes that it ran, and takes its time.
NPM = """#!/bin/sh
echo run >>"$0.said"
mkdir node_modules || exit 1
sleep 1
[ ! -e "$0.fails" ] || { echo no network; exit 1; }
echo "{}" >node_modules/.package-lock.json
"""
MANY = 4
DEADLINE = 60 # seconds


def ask(folder):
    return subprocess.Popen(
        [sys.executable, "-c", ASKS, os.path.join(folder, "build")],
        cwd=os.path.join(view.HERE, "tools"), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=dict(os.environ, PATH=folder + os.pathsep + os.environ["PATH"]))


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory() as folder:
        npm = os.path.join(folder, "npm")
        with open(npm, "w", encoding="utf-8") as file:
            file.write(NPM)
        os.chmod(npm, 0o755)

        def runs():
            with open(npm + ".said", encoding="utf-8") as file:
                return len(file.readlines())

        with open(npm + ".fails", "wb"):
            failing = ask(folder)
            said = failing.communicate(timeout=DEADLINE)[0]
        writer.point(failing.returncode == 1 and "no network" in said and
                     "fetching the page's libraries failed" in said,
                     "libraries.a_failure_is_told", said.splitlines())
        os.remove(npm + ".fails")
        asking = [ask(folder) for _ in range(MANY)]
        texts = [one.communicate(timeout=DEADLINE)[0] for one in asking]
        writer.point(not any(one.returncode for one in asking),
                     "libraries.all_have_them", "".join(texts).splitlines())
        writer.point(runs() == 2, "libraries.are_fetched_once",
                     [f"{runs() - 1} times"])
    writer.end()


if __name__ == "__main__":
    main()

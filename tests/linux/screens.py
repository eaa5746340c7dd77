"""Debian's programs at a person's terminal, through ./run --linux: screens.py
NUCLEUS [SCREEN...].

What screens/SCREEN types is typed at a terminal of this computer, and at each
`look` of it the terminal shows what it showed under Linux, as record.py has it
in recorded/.
"""
import os
import sys

import person
import tree

import linux  # found by way of tree
import tap

RUN = os.path.join(tree.HERE, "tools", "run.py")
NOT_YET = {name: "the console's raw stream" for name in person.scripts()}
NAME = "w"


def recorded(name):
    """What the screen showed at each look."""
    path = os.path.join(tree.FOLDER, "recorded", name)
    looks = []
    with open(path, encoding="utf-8") as file:
        for line in file.read().splitlines():
            if line == f"look {len(looks) + 1}":
                looks.append([])
            else:
                looks[-1].append(line)
    return looks


def command(nucleus, words):
    checks = ["--checks"] if nucleus == "kerne-checks" else []
    return [sys.executable, RUN, *checks, "--linux", *linux.PINNED, "--append",
            f'new {NAME} {linux.CLAIMS} image prog "linux {words}" run']


def play(nucleus, name):
    """What went wrong, in lines; empty: nothing."""
    columns, rows, words = person.run_of(name)
    steps = person.script(name)
    next(steps)
    looks = iter(recorded(name))
    terminal = person.Terminal(command(nucleus, words), columns, rows,
                               dict(os.environ, KERNE_DISK="none"))

    def look():
        wanted = next(looks)
        try:
            terminal.until(lambda: terminal.rows() == wanted, "such a screen")
        except person.Late as error:
            raise person.Late("\n".join(
                f"{row!r}\non Linux: {other!r}" for row, other in
                zip(terminal.rows(), wanted) if row != other)) from error

    def end(status):
        said = f"{NAME} finished, status {status}"
        terminal.wait(said)
        terminal.type("halt\\r")
        terminal.until(lambda: terminal.process.poll() is not None,
                       "end of the machine")
    try:
        terminal.do(steps, look, end)
    except person.Late as error:
        return [*str(error).splitlines(), "The screen:", *terminal.rows()]
    finally:
        terminal.close()
    return [] if terminal.process.returncode == 0 else \
        [f"./run ended with {terminal.process.returncode}"]


def main():
    nucleus, *names = sys.argv[1:]
    writer = tap.Writer()
    for name in names or person.scripts():
        if name in NOT_YET and not names:
            writer.skip(name, f"not yet: {NOT_YET[name]}")
            continue
        wrong = play(nucleus, name)
        writer.point(not wrong, name, wrong)
    writer.end()


if __name__ == "__main__":
    main()

"""Debian's programs at a person's terminal, through ./run --linux: screens.py
NUCLEUS [SCREEN...].

What screens/SCREEN types is typed at a terminal of this computer, and at each
`look` of it the terminal shows what it showed under Linux, as record.py has it
in recorded/.
"""
import os
import sys

import seat
import tree

import linux  # found by way of tree
import tap

RUN = os.path.join(tree.HERE, "tools", "run.py")
NOT_YET = {
    "bb-sh-i": "control C that now and then ends nothing while a program "
               "starts",
    "bash-i": "what bash's line shows after words were killed and brought back",
}
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
            f'new {NAME} {linux.CLAIMS} image prog "linux {words}" '
            "run enter"]


def play(nucleus, name):
    """What went wrong, in lines; empty: nothing."""
    columns, rows, words = seat.run_of(name)
    steps = seat.script(name)
    next(steps)
    looks = iter(recorded(name))
    terminal = seat.Terminal(command(nucleus, words), columns, rows,
                               dict(os.environ, KERNE_DISK="none"))

    def look():
        wanted = next(looks)
        try:
            terminal.until(lambda: terminal.rows() == wanted, "such a screen")
        except seat.Late as error:
            raise seat.Late("\n".join(
                f"{row!r}\non Linux: {other!r}" for row, other in
                zip(terminal.rows(), wanted) if row != other)) from error

    def end(status):
        terminal.wait(f"{NAME} finished, status {status}")
        terminal.type("halt\\r")
        try:
            terminal.until(lambda: False, "end of the machine")
        except seat.Late: # nobody has the terminal any more
            terminal.process.wait(seat.DEADLINE)
    try:
        terminal.until(lambda: b"leads back" in terminal.said, "answer")
        terminal.do(steps, look, end)
    except seat.Late as error:
        return [*str(error).splitlines(), "The screen:", *terminal.rows()]
    finally:
        terminal.close()
    return [] if terminal.process.returncode == 0 else \
        [f"./run ended with {terminal.process.returncode}"]


def main():
    nucleus, *names = sys.argv[1:]
    writer = tap.Writer()
    for name in names or seat.scripts():
        if name in NOT_YET and not names:
            writer.skip(name, f"not yet: {NOT_YET[name]}")
            continue
        wrong = play(nucleus, name)
        writer.point(not wrong, name, wrong)
    writer.end()


if __name__ == "__main__":
    main()

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


def begin(nucleus, words, columns, rows):
    return seat.Terminal(command(nucleus, words), columns, rows,
                         dict(os.environ, KERNE_DISK="none"))


def end_machine(terminal, status):
    terminal.wait(f"{NAME} finished, status {status}")
    if f"from {NAME}" in terminal.rows():
        raise seat.Late("its last words came as lines do")
    terminal.type("halt\\r")
    try:
        terminal.until(lambda: False, "end of the machine")
    except seat.Late: # nobody has the terminal any more
        terminal.process.wait(seat.DEADLINE)


def play(nucleus, name):
    """What went wrong, in lines; empty: nothing."""
    columns, rows, words = seat.run_of(name)
    steps = seat.script(name)
    next(steps)
    looks = iter(recorded(name))
    terminal = begin(nucleus, words, columns, rows)

    def look():
        wanted = next(looks)
        try:
            terminal.until(lambda: terminal.rows() == wanted, "such a screen")
        except seat.Late as error:
            raise seat.Late("\n".join(
                f"{row!r}\non Linux: {other!r}" for row, other in
                zip(terminal.rows(), wanted) if row != other)) from error

    try:
        terminal.until(lambda: b"leads back" in terminal.said, "answer")
        terminal.do(steps, look, lambda status: end_machine(terminal, status))
    except seat.Late as error:
        return [*str(error).splitlines(), "The screen:", *terminal.rows()]
    finally:
        terminal.close()
    return [] if terminal.process.returncode == 0 else \
        [f"./run ended with {terminal.process.returncode}"]


def resized(nucleus):
    """vi draws anew when its window changes; the same lines as play().  If that
    changes again while it draws, it writes beyond its own storage: so all is
    erased first, and the next change comes when the cursor is back."""
    terminal = begin(nucleus, "/bin/busybox vi /etc/passwd", 80, 24)

    def until_drawn(rows):
        cursor = terminal.screen.cursor
        terminal.until(lambda: (cursor.y, cursor.x) == (0, 0) and
                       terminal.rows()[rows - 1].startswith("- /etc/passwd"),
                       f"last line of {rows}")
    try:
        until_drawn(24)
        for columns, rows in ((100, 30), (40, 12), (80, 24)):
            terminal.screen.erase_in_display(2)
            terminal.resize(columns, rows)
            until_drawn(rows)
        terminal.type(":q\\r")
        end_machine(terminal, 0)
    except seat.Late as error:
        return [str(error), "The screen:", *terminal.rows()]
    finally:
        terminal.close()
    return []


def main():
    nucleus, *names = sys.argv[1:]
    writer = tap.Writer()
    for name in names or seat.scripts():
        wrong = play(nucleus, name)
        writer.point(not wrong, name, wrong)
    if not names:
        wrong = resized(nucleus)
        writer.point(not wrong, "vi-resized", wrong)
    writer.end()


if __name__ == "__main__":
    main()

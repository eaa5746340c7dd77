#!/usr/bin/python3
"""A person's terminal: lines are edited, and voices told by their attributes.

The terminal is pyte's; it tells the console its size, as ./run does for a
person, and from then on the console's line editor is there.  What that does
with keys and lines is said natively, by tests/unit/console.
"""
import os
import pty
import select
import tempfile
import time
import tty

import pyte # a Debian package

from operated import BUILD, KERNEL
from person import SILENCE

import flow  # found by way of operated
import image
import machine
import tap

DEADLINE = 300 # seconds, for each step
PROGRAMS = ("parents/s", "children/console", "children/echo", "children/hello",
            "children/talk", "parents/tee", "parents/keeper",
            "tests/forge")
UP, DOWN, LEFT = "\x1b[A", "\x1b[B", "\x1b[D"
END, DELETE, ESCAPE = "\x1b[F", "\x1b[3~", "\x1b"


class Terminal:
    """The machine behind a terminal of 80 columns and 24 rows."""

    def __init__(self, made):
        self.screen = pyte.Screen(80, 24)
        self.signs = b""
        self.stream = pyte.ByteStream(self.screen)
        self.banner = machine.Banner()
        ours, theirs = pty.openpty()
        tty.setraw(theirs)
        self.end = ours
        self.process = machine.start(machine.command(KERNEL, made),
                                     stdin=theirs, stdout=theirs,
                                     stderr=theirs)
        os.close(theirs)

    def rows(self):
        return [row.rstrip() for row in self.screen.display]

    def row(self):
        """The row of the cursor, and the column where it stands."""
        return (self.screen.display[self.screen.cursor.y].rstrip(),
                self.screen.cursor.x)

    def until(self, condition):
        """Whether that became true in time."""
        end = time.monotonic() + DEADLINE
        while not condition():
            left = min(end - time.monotonic(), SILENCE)
            ready, _, _ = select.select([self.end], [], [], max(0, left))
            if not ready:
                return False
            try:
                data = os.read(self.end, 65536)
                self.signs += b"".join(flow.divide(data)[1])
                self.stream.feed(self.banner.feed(data))
            except OSError: # the machine has ended
                return condition()
        return True

    def press(self, keys):
        os.write(self.end, keys.encode())

    def size(self, rows, columns):
        self.screen.resize(rows, columns)
        self.press(f"\x1b[8;{rows};{columns}t")

    def attributes(self, text, last=True):
        """Of a row that is this text, the first or last: of its first cell."""
        numbers = [number for number, row in enumerate(self.rows())
                   if row == text]
        if not numbers:
            return None
        cell = self.screen.buffer[numbers[-1 if last else 0]][0]
        return (cell.bold, cell.fg)


class Place:
    def __init__(self, writer, terminal):
        self.writer = writer
        self.terminal = terminal

    def point(self, name, condition):
        good = self.terminal.until(condition)
        self.writer.point(good, f"terminal.{name}",
                          [*filter(None, self.terminal.rows()),
                           f"cursor {self.terminal.row()}"])

    def shows(self, name, keys, row, column=None):
        """After these keys the row is this, and the cursor at its end, or at
        that column."""
        self.terminal.press(keys)
        self.point(name, lambda: self.terminal.row() == (
            row.rstrip(), len(row) if column is None else column))

    def says(self, name, keys, *rows):
        """After these keys, these rows come last, and the prompt."""
        self.terminal.press(keys)

        def there():
            at = self.terminal.screen.cursor.y
            row = self.terminal.row()[0]
            return row.endswith(">") and \
                self.terminal.rows()[at - len(rows):at] == list(rows)
        self.point(name, there)


def edits(place):
    place.shows("is_there", "", "> ")
    place.writer.point(place.terminal.signs == flow.HERE, "terminal.here",
                       [place.terminal.signs])
    place.terminal.size(24, 80)
    place.shows("typed", "new helo rxn", "> new helo rxn")
    place.shows("left", LEFT * 2, "> new helo rxn", 12)
    place.shows("erases_and_inserts", DELETE + "u", "> new helo run", 13)
    place.shows("control_keys", "\x01" + "\x06" * 6 + "l", "> new hello run",
                9)
    place.says("return_in_the_middle", "\r", "> new hello run", "ready",
               "from hello", "Hello. I am a process; my parent started me.",
               "from s", "hello finished, status 0")


def talks(place):
    """Characters of several bytes, of none and of two columns."""
    place.says("talk_is_there", "new echo run new talk run\r", "from talk",
               "Each line goes to echo; an empty one ends this.")
    place.shows("attention", ESCAPE, "to ")
    place.shows("addressed", "talk\r", "s/talk> ")
    place.shows("utf8.typed", "Grüße 世界e\u0301!",
                "s/talk> Grüße 世界é!", 20) # pyte composes it
    place.shows("utf8.left", LEFT * 2, "s/talk> Grüße 世界é!", 18)
    place.shows("utf8.whole_characters", "\x7f" * 2 + DELETE,
                "s/talk> Grüße !", 14)
    place.says("utf8.passed_on", "世\r", "s/talk> Grüße 世!",
               "echo answers: Grüße 世!")
    place.shows("history_of_each", UP * 2, "s/talk> Grüße 世!", 17)
    place.shows("attention_keeps", LEFT + ESCAPE, "to ")
    place.shows("an_arrow_is_no_attention", "x" + LEFT, "to x", 3)
    place.shows("line_comes_back", "\x05\x15s\r", "> Grüße 世!", 10)
    place.shows("history_begins_anew", UP, "> new echo run "
                "new talk run")
    place.shows("is_back", DOWN, "> Grüße 世!", 11)
    place.shows("is_erased", END + "\x15", "> ")


def completes(place):
    """Commands, processes and programs, which s has left with its input."""
    place.shows("tab.command", "ne\t", "> ne")
    place.terminal.press("\t")
    place.point("tab.shows_which", lambda: place.terminal.row() == (
        "> ne", 4) and "new nest" in place.terminal.rows())
    place.shows("tab.what_they_share", "w he\t", "> new hel")
    place.shows("tab.program", "lo\t", "> new hello ")
    place.shows("tab.process", "proc ech\t", "> new hello proc echo ")
    place.shows("tab.nothing", "qq\t", "> new hello proc echo qq")
    place.shows("tab.names", "\x15" + ESCAPE + "ta\t", "to talk ")
    place.shows("tab.left", ESCAPE, "> ")


def ends_input(place):
    """Control D in an empty line; in another one it erases."""
    place.shows("end_of_input.addressed", ESCAPE + "talk\r", "s/talk> ")
    place.shows("end_of_input.not_in_a_line", "ab" + LEFT + "\x04",
                "s/talk> a")
    place.says("end_of_input.ends_talk", "\x7f\x04", "s/talk> ^D",
               "console: talk is gone; lines go to s", "from s",
               "talk finished, status 0")


def interrupted(place):
    """What a program writes hides the line, which comes back as it was."""
    place.terminal.press("new hello run\rab" + LEFT)
    place.point("interrupted", lambda: place.terminal.row() == ("> ab", 3) and
                place.terminal.rows()[place.terminal.screen.cursor.y - 1] ==
                "hello finished, status 0")
    place.shows("interrupted.erased", END + "\x15", "> ")


def voices(place):
    """What forge says is plain, whatever it says; s and the console are not."""
    place.shows("ready", "\x0c", "> ")
    place.terminal.press("new forge run\r")
    place.point("forge_is_there", lambda: any(
        row.startswith("cut ") for row in place.terminal.rows()))
    for row in ("from s", "> halt", "s/s2> halt", "to s",
                "console: lines go to forge", "forge is removed"):
        seen = place.terminal.attributes(row, last=False)
        place.writer.point(seen == (False, "default"),
                           f"terminal.plain.{row.replace(' ', '_')}", [seen])
    place.says("s_speaks", "nonsense\r", "> nonsense",
               "syntax error: `nonsense` is no command; `help` lists them")
    for row, wanted in (("from forge", (True, "default")),
                        ("from s", (True, "default")),
                        ("> new forge run", (True, "default")),
                        ("syntax error: `nonsense` is no command; `help` "
                         "lists them", (False, "cyan"))):
        seen = place.terminal.attributes(row)
        place.writer.point(seen == wanted,
                           f"terminal.real.{row.split(':')[0]}", [seen])


def folds(place):
    """What s says, at the width of the window."""
    place.terminal.size(24, 40)
    place.says("folds", "new hello size 1 run\r", "> new hello size 1 run",
               "program too big: hello needs 36 k,",
               "    hello has 4 k; say `size` before",
               "    `create`")
    place.terminal.size(24, 80)


def inside(place):
    """The words of an s inside another, of a keeper, and through a relay."""
    place.terminal.press("nest 1\r")
    place.point("nested.prompt", lambda: place.terminal.row() == (
        "s/s2>", len("s/s2> ")))
    place.shows("nested.tab", "remo\t", "s/s2> remove ")
    place.shows("nested.left", "\x15halt\r", "> ")
    place.terminal.press(
        'new keeper size 8M internal 40 buf 200 image prog "keeper keep echo '
        'at once run echo" run\r')
    place.point("keeper.is_there", lambda: any(
        row.startswith("keeper: keeps") for row in place.terminal.rows()))
    place.shows("keeper.attention", ESCAPE + "keeper\r", "s/keeper> ")
    place.shows("keeper.tab", "clai\tec\t", "s/keeper> claims echo ")
    place.says("keeper.left", "\x15end\r")
    place.terminal.press(
        'new tee size 16M internal 20 buf 90 tables 300 image prog "tee s" '
        "run\r")
    place.point("relayed.is_there", lambda: any(
        row == "s, console: input" for row in place.terminal.rows()))
    place.shows("relayed.attention", ESCAPE + "tee\r", "s/tee> ")
    place.shows("relayed.tab", "remo\t", "s/tee> remove ")
    place.terminal.size(24, 40)
    place.terminal.press("\x15new hello size 1 run\r")
    place.point("relayed.folds", lambda: (
        "    hello has 4 k; say `size` before" in place.terminal.rows()))


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        paths = [os.path.join(BUILD, f"{name}.elf") for name in PROGRAMS]
        made = os.path.join(folder, "made.tar")
        image.make_image(made, paths, None, image.usual_loader())
        terminal = Terminal(made)
        try:
            place = Place(writer, terminal)
            for step in (edits, talks, completes, ends_input, interrupted,
                         voices, folds, inside):
                step(place)
        finally:
            terminal.process.kill()
            terminal.process.wait()
    writer.end()


if __name__ == "__main__":
    main()

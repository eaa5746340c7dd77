"""Who sits at a terminal of this computer, behind which a machine's serial line
or ./run is, and does what a script of screens/ says:

    run COLUMNSxROWS COMMAND   comes first: the size, and what runs
    prompt TEXT                what the command shows when it waits for a line
    keys KEYS                  when that alone is in the cursor's row
    enter KEYS                 the same, and \\r
    type KEYS                  at once; \\r and \\x1b mean signs
    wait TEXT                  until it stands on the screen
    answer                     where the cursor is, when that has been asked
    look                       the screen is to be as it was under Linux
    end STATUS                 comes last: how the command ends

A line with `#` in front is a comment.
"""
import codecs
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import types

import tree

import machine  # found by way of tree
import pyte # a Debian package

DEADLINE = 20 # seconds of the machine's clock, for each step


def script(name):
    """What a script says: pairs of a word and the rest."""
    path = os.path.join(tree.FOLDER, "screens", name)
    with open(path, encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#"):
                word, _, rest = line.rstrip("\n").partition(" ")
                yield word, rest


def scripts():
    return sorted(os.listdir(os.path.join(tree.FOLDER, "screens")))


def run_of(name):
    """Its columns, rows, and command."""
    size, command = next(script(name))[1].split(" ", 1)
    columns, rows = map(int, size.split("x"))
    return columns, rows, command


class Late(Exception):
    """What is waited for does not come."""


class Terminal:
    """A screen and keys, for a process that has a terminal of this computer."""

    def __init__(self, words, columns, rows, environment=None):
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.screen.write_process_input = self.answer
        self.ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ,
                    struct.pack("4H", rows, columns, 0, 0))
        self.process = machine.start(words, stdin=theirs, stdout=theirs,
                                     stderr=theirs, start_new_session=True,
                                     env=environment)
        os.close(theirs)
        self.typed = b""
        self.said = b""
        self.answers = "" # not typed yet
        self.left = None # a row that is to change

    def answer(self, text):
        """The terminal is asked where its cursor is, and the like.  It does
        not say it by itself: what a shell asks at its prompt it would have
        behind the keys, and the next program as its input."""
        self.answers = text

    def rows(self):
        return [row.rstrip() for row in self.screen.display]

    def row(self):
        """That with the cursor."""
        return self.rows()[self.screen.cursor.y]

    def feed(self, data):
        """The row that is to change may do so for a moment only."""
        while data and self.left is not None:
            self.stream.feed(data[:1])
            data = data[1:]
            if self.row() != self.left:
                self.left = None
        self.stream.feed(data)

    def step(self, seconds):
        """Reads and types; whether anything came within so long."""
        ready, writable, _ = select.select(
            [self.ours], [self.ours] if self.typed else [], [], seconds)
        if writable:
            self.typed = self.typed[os.write(self.ours, self.typed[:256]):]
        if ready:
            try:
                data = os.read(self.ours, 65536)
            except OSError as error: # nobody has the other end
                raise Late("the machine has ended") from error
            self.said = (self.said + data)[-65536:]
            self.feed(data)
        return bool(ready or writable)

    def clock(self):
        """The machine's; it is ours, or ./run's, once that has begun it."""
        own = self.process.pid
        with open(f"/proc/{own}/task/{own}/children", encoding="ascii") as file:
            begun = file.read().split()
        return machine.Clock(types.SimpleNamespace(pid=int(begun[0]))
                             if begun else self.process)

    def until(self, condition, what):
        clock = self.clock()
        while not condition():
            if clock.now() >= DEADLINE:
                raise Late(f"no {what} within {DEADLINE} s")
            self.step(clock.STEP)

    def resize(self, columns, rows):
        """The window; who has no controlling terminal is told so, too."""
        self.screen.resize(rows, columns)
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ,
                    struct.pack("4H", rows, columns, 0, 0))
        self.process.send_signal(signal.SIGWINCH)

    def until_quiet(self, seconds):
        while self.step(seconds):
            pass

    def type(self, text):
        self.typed += codecs.decode(text, "unicode_escape").encode("latin-1")
        self.until(lambda: not self.typed, f"taker of `{text}`")

    def at_prompt(self, prompt, text):
        """Typed earlier, keys are the line discipline's, and mean other
        things; and the prompt stands until they are shown."""
        self.until(lambda: self.row() == prompt, f"prompt for `{text}`")
        self.left = prompt
        self.type(text)
        self.until(lambda: self.left is None, f"echo of `{text}`")

    def spell(self, text):
        for count, sign in enumerate(text, 1):
            shown = text[:count]
            self.type(sign)
            self.until(lambda: self.row().endswith(shown),
                       f"`{shown}` in the cursor's row")

    def wait(self, text):
        self.until(lambda: any(text in row for row in self.rows()),
                   f"`{text}` on the screen")

    def do(self, steps, look, end):
        """The steps of a script behind `run`; look() and end(status) do what is
        done otherwise under Linux."""
        prompt = ""
        for word, rest in steps:
            if word == "prompt":
                prompt = rest
            elif word in ("keys", "enter"):
                self.at_prompt(prompt, rest + "\\r" * (word == "enter"))
            elif word == "type":
                self.type(rest)
            elif word == "spell":
                self.spell(rest)
            elif word == "wait":
                self.wait(rest)
            elif word == "answer":
                self.until(lambda: self.answers, "question")
                self.type(self.answers)
                self.answers = ""
            elif word == "look":
                look()
            elif word == "end":
                end(int(rest))
            else:
                raise ValueError(f"{word} {rest}")

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.ours)

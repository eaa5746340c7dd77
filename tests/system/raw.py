#!/usr/bin/python3
"""Raw streams: a program has the keys as they are typed, and the screen; and
the operator always finds back."""
import fcntl
import os
import re
import select
import struct
import subprocess
import tempfile
import termios
import time

import terminal
from operated import BUILD, KERNEL
from person import SILENCE, Person

import flow  # found by way of operated
import image
import machine
import tap

DEADLINE = 300 # seconds, for each machine
TAKES = 0.2 # seconds
ATTEMPTS = 3
PROGRAMS = ("parents/s", "parents/tee", "parents/jail", "parents/paged",
            "children/console", "children/hello", "children/keys",
            "tests/player")
ESCAPE, LEAD_BACK = "\x1b", "\x1d"
ALL = bytes(byte for byte in range(256) if byte != ord(LEAD_BACK))
OF_A_PERSON = ALL.replace(b"\x01", b"") # ctrl-a, and then x, leaves
BACK = "console: all above is from %s; keys make lines again"


def told(data):
    """What player says of these keys."""
    total = 0
    for byte in data:
        total = (total * 31 + byte) & 0xffffffff
    return b"%d keys, sum %d" % (len(data), total)


def pasted(bytes_):
    return (OF_A_PERSON * (bytes_ // len(OF_A_PERSON) + 1))[:bytes_]


# ---- through a pipe ----------------------------------------------------------

class Pipe:
    """The machine's serial line, byte by byte."""

    def __init__(self, path, line=None):
        self.process = machine.start(
            machine.command(KERNEL, path, append=line), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, bufsize=0)
        self.said = b""

    def hears(self, text, typing=b""):
        """What comes up to that, while this is typed; None: it does not."""
        to, end = self.process.stdin.fileno(), time.monotonic() + DEADLINE
        self.said = b""
        os.set_blocking(to, False)
        while text not in self.said or typing:
            ready, writable, _ = select.select(
                [self.process.stdout], [to] if typing else [], [],
                max(0, min(end - time.monotonic(), SILENCE)))
            if writable:
                typing = typing[os.write(to, typing[:512]):]
            data = os.read(self.process.stdout.fileno(), 65536) \
                if ready else b""
            if not data and not writable:
                return None
            self.said += data
        return self.said[:self.said.index(text)]

    def meanwhile(self, seconds):
        """What comes within so long."""
        end, said = time.monotonic() + seconds, b""
        while select.select([self.process.stdout], [], [],
                            max(0, end - time.monotonic()))[0]:
            said += os.read(self.process.stdout.fileno(), 65536)
        return said

    def close(self):
        self.process.kill()
        self.process.wait()


def through_a_pipe(writer, path):
    """Every byte, both ways, and as many as no buffer holds."""
    pipe = Pipe(path)
    data = ALL * 100
    pipe.hears(b"> ")
    pipe.hears(b"ready", b'new player prog "player echo %d" run\n' % len(data))
    pipe.hears(b"leads back\r\n", b"\x1dplayer\n")
    end = b"\r\n" + BACK.encode() % b"player"
    came = pipe.hears(end, data)
    writer.point(came == data, "raw.pipe.bytes_as_they_are",
                 [f"{len(data)} bytes went, {came and len(came)} came"])
    pipe.close()


def size_comes_late(path):
    """What keys has said when it knows the size; who types takes his time."""
    pipe = Pipe(path, "new keys run enter")
    pipe.hears(flow.HERE)
    said = pipe.said + pipe.meanwhile(TAKES)
    known = pipe.hears(b"24 rows of 80 columns",
                       flow.XON + flow.CODE + b"s24;80" + flow.CODE)
    pipe.close()
    return said + (known or pipe.said)


def first_size(writer, path):
    """A program that has the keys from the start is not told that there is no
    terminal when that has not told its size yet; and told so, if there is
    none."""
    for _ in range(ATTEMPTS):
        said = size_comes_late(path)
        good = b"keys go to keys now" in said and b"no terminal" not in said
        if good: # this computer was fast enough
            break
    writer.point(good,
                 "raw.size.comes_late", [repr(said)])
    pipe = Pipe(path, "new keys run enter")
    said = pipe.hears(b"no terminal")
    writer.point(said is not None and b"keys go to keys now" in said,
                 "raw.size.never_comes", [repr(pipe.said)])
    pipe.close()


# ---- at a terminal -----------------------------------------------------------

class Failed(Exception):
    """What comes next would wait in vain."""


class Place(terminal.Place):
    """At the terminal; `path` is the system that the operator is at."""

    def __init__(self, writer, screen, path):
        super().__init__(writer, screen)
        self.path = path
        self.prompt = "> " if path == "s" else f"s/{path}> "

    def name(self, child):
        return child if self.path == "s" else f"{self.path}/{child}"

    def point(self, name, condition):
        good = self.terminal.until(condition)
        self.writer.point(good, f"raw.{self.path.replace('/', '.')}.{name}",
                          [*filter(None, self.terminal.rows()),
                           f"cursor {self.terminal.row()}",
                           str(self.terminal.screen.cursor.hidden),
                           str(self.terminal.screen.margins)])
        if not good:
            raise Failed

    def begin(self, what, whom="player"):
        """A program that has the keys."""
        self.says(f"{what}.begun".replace(" ", "_"), f"new {what} run\r" if
                  what == whom else f'new {whom} prog "{what}" run\r', "ready")
        self.terminal.press("max\r") # so it has asked for the keys by then
        self.point(f"{what}.asks".replace(" ", "_"), lambda: (
            self.terminal.row()[0] == self.prompt.rstrip() and "largest free"
            in self.terminal.rows()[self.terminal.screen.cursor.y - 1]))
        self.terminal.press(LEAD_BACK + self.name(whom) + "\r")

    def has(self, name, *rows, keys=""):
        """These keys bring these rows, one below the other."""
        self.terminal.press(keys)
        self.point(name, lambda: "\n".join(rows) in "\n".join(
            self.terminal.rows()))

    def back(self, name, child="player", row=None):
        """The key leads back: the console says so, and asks; or this row comes
        between the two."""
        self.terminal.press(LEAD_BACK)
        said = row or BACK % self.name(child)

        def there():
            at = self.terminal.screen.cursor.y
            screen = self.terminal.screen
            return self.terminal.row() == ("to", 3) and \
                said == self.terminal.rows()[at - 1] and \
                not screen.cursor.hidden and not screen.cursor.attrs.reverse \
                and screen.margins in (None, (0, 23))
        self.point(name, there)

    def system(self, name, line):
        """From the line `to ` on, a command of the system there."""
        self.shows(name, f"{self.path} {line}\r", self.prompt)


def keys_of_keys(place):
    begun = (f"console: keys go to {place.name('keys')} now; control ] leads "
             "back", "24 rows of 80 columns")
    place.shows("keys.cleared", "\x0c", place.prompt)
    place.begin("keys", "keys")
    place.has("keys.begin", *begun)
    place.has("keys.escape", "1b    ESC", keys=ESCAPE)
    place.has("keys.control_c", "03    ^C", keys="\x03")
    place.has("keys.return", "0d    ^M", keys="\r")
    place.back("keys.back", "keys")
    place.has("keys.closed", BACK % place.name("keys"), *begun, keys=LEAD_BACK)
    place.has("keys.ends", "71    q", BACK % place.name("keys"), keys="q")
    place.point("keys.is_gone", lambda: place.terminal.row()[0] ==
                place.prompt.rstrip())


def painted(place):
    """A whole screen, drawn anew when its turn comes again."""
    def drawn():
        rows = place.terminal.rows()
        return rows[0].startswith("top") and rows[23].endswith("E") and \
            len(rows[23]) == 80 and rows[1] == "24x80" and \
            place.terminal.screen.cursor.hidden
    place.shows("paint.cleared", "\x0c", place.prompt)
    place.begin("player paint")
    place.point("paint.drawn", drawn)
    place.back("paint.back")
    place.system("paint.system_answers", "new hello run")
    place.has("paint.others_speak", "Hello. I am a process; my parent started "
              "me.")
    place.terminal.press(ESCAPE + place.name("player") + "\r")
    place.point("paint.drawn_anew", drawn)
    place.terminal.press("q")
    place.has("paint.ends", "player ends")
    place.point("paint.is_gone", lambda: place.terminal.row()[0] ==
                place.prompt.rstrip() and
                not place.terminal.screen.cursor.hidden)


def lines_are_held(place):
    """What is said as ever is seen when the screen is the console's again."""
    place.begin("player says 150")
    place.has("says.nothing_yet", "player says nothing", "player has said one")
    place.back("says.back", row="player says line 150")
    place.has("says.all", *(f"player says line {number}"
                            for number in range(132, 151)))
    place.terminal.press(ESCAPE + "x")
    place.has("says.ends", "player ends")


def hostile(place, what):
    """It takes no key; and leads nobody to believe that it is the console."""
    place.begin(f"player {what}")
    place.terminal.press("nobody reads this" * 100)
    place.back(f"{what}.back")
    place.system(f"{what}.is_removed", "proc player remove")
    place.shows(f"{what}.is_gone", "\x0c", place.prompt)


def at_a_terminal(writer, path):
    screen = terminal.Terminal(path)
    try:
        place = Place(writer, screen, "s")
        place.shows("is_there", "", "> ")
        screen.size(24, 80)
        for depth in range(2):
            keys_of_keys(place)
            painted(place)
            lines_are_held(place)
            hostile(place, "deaf")
            hostile(place, "flood")
            if depth == 0:
                place = Place(writer, screen, "s2/s3/s4")
                place.shows("is_there", "nest 3\r", place.prompt)
    except Failed:
        pass
    finally:
        screen.process.kill()
        screen.process.wait()


# ---- at ./run ----------------------------------------------------------------

def person_at(path):
    return Person("--image", path, deadline=DEADLINE)


def addressed(person, name, text):
    """A command comes between: so it has asked for the keys by then."""
    person.hears_text(b"buffers", b"max\r")
    person.hears_text(b"> ")
    return person.hears_text(b"to ", LEAD_BACK.encode()) and \
        person.hears_text(text, name + b"\r")


def every_key(writer, path):
    """What else means something to ./run, or to the driver, and a window that
    changes."""
    person = person_at(path)
    data = OF_A_PERSON * 4
    person.hears_text(b"ready", b'new player prog "player echo %d" run\r' %
                      len(data))
    person.hears_text(b"> ")
    addressed(person, b"player", b"leads back\x1b[m\r\n")
    whole = person.hears_text(data, data)
    writer.point(whole, "raw.person.every_key", [repr(person.said[-2000:])])
    person.hears_text(b"status 0")
    person.hears_text(b"> ")
    person.hears_text(b"ready", b"new keys run\r")
    person.hears_text(b"> ")
    addressed(person, b"keys", b"24 rows of 80 columns")
    fcntl.ioctl(person.terminal, termios.TIOCSWINSZ,
                struct.pack("4H", 30, 100, 0, 0))
    writer.point(person.hears_text(b"30 rows of 100 columns"),
                 "raw.person.window_changes", [repr(person.said[-300:])])
    person.hears_text(b"5e", b"^")
    person.hears_text(b"\x1b[?1049l\x1b[m", b"\x01x")
    writer.point(person.status() == 0, "raw.person.ctrl_a_x",
                 [repr(person.said[-300:])])


WAYS = {
    "s": (b"", b"player", b'new player prog "player %s" run'),
    "s4": (b"nest 3\r", b"s2/s3/s4/player",
           b'new player prog "player %s" run'),
    "tee": (b"", b"tee", b"new tee size 8M image prog \"tee player %s\" run"),
    "paged": (b"", b"tee", b"new tee size 16M buf 60 internal 20 image prog "
              b"\"tee paged player %s\" run"),
}


def paste(writer, path, way):
    """64 KB arrive whole and in order; and are told of, if nobody reads."""
    first, name, command = WAYS[way]
    data = pasted(1 << 16)
    person = person_at(path)
    if first:
        person.hears_text(b"To begin", first)
        person.hears_text(b"> ")
    person.hears_text(b"ready", command % (b"sum %d" % len(data)) + b"\r")
    person.hears_text(b"> ")
    addressed(person, name, b"sum is here")
    whole = person.hears_text(told(data), data)
    writer.point(whole, f"raw.paste.{way}.arrives_whole",
                 [repr(told(data)), repr(person.said[-500:])])
    person.hears_text(b"status 0")
    person.hears_text(b"> ")
    person.hears_text(b"ready", command % b"deaf" + b"\r")
    person.hears_text(b"> ")
    begin = len(person.said)
    addressed(person, name, b"leads back")
    person.hears(lambda: True, data)
    here = name.rpartition(b"/")[0] or b"s"
    heard = person.hears_text(b"to ", LEAD_BACK.encode()) and \
        person.hears_text(b"are dropped", here + b"\r") and \
        person.hears_text(b"are dropped",
                          b"proc %s remove\r" % name.rpartition(b"/")[2])
    dropped = [int(number) for number in re.findall(
        rb"console: (\d+) (?:characters|keys) that", person.said[begin:])]
    kept_by_others = way in ("tee", "paged") # who asked, and is gone
    writer.point(heard and (sum(dropped) == len(data) or
                            kept_by_others and sum(dropped) < len(data)),
                 f"raw.paste.{way}.nobody_reads",
                 [str(dropped), repr(person.said[-500:])])
    os.kill(person.process, 9)
    os.waitpid(person.process, 0)


# ---- who does not pass it on -------------------------------------------------

def refused(writer, path):
    for name, command, wanted in (
            ("jail", b'"jail -x player deaf"',
             b"raw: the receiver does not know this"),
            ("second", b'"tee player deaf, player deaf"',
             b"raw: the receiver rejects the message")):
        person = person_at(path)
        good = person.hears_text(wanted, b"new p size 8M image prog " +
                                 command + b" run\r")
        writer.point(good, f"raw.refused.{name}", [repr(person.said[-500:])])
        os.kill(person.process, 9)
        os.waitpid(person.process, 0)


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        path = image.make_of_built(os.path.join(folder, "raw.tar"), PROGRAMS)
        through_a_pipe(writer, path)
        first_size(writer, path)
        at_a_terminal(writer, path)
        every_key(writer, path)
        for way in WAYS:
            paste(writer, path, way)
        refused(writer, path)
    writer.end()


if __name__ == "__main__":
    main()

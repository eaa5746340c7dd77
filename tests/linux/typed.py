#!/usr/bin/python3
"""A person at the terminal of Linux's programs: keys as they are typed, a
window that changes, lines, control C; outermost, and three systems deep."""
import fcntl
import os
import struct
import tempfile
import termios

import made

import person # found by way of made
import raw
import tap

import flow

DEADLINE = 600 # seconds
KEYS = bytes(byte for byte in range(1, 256) if byte not in b"\x01\x1dq")
PLACES = {"depth_1": (b"", b"linux"), "depth_4": (b"nest 3\r",
                                                  b"s2/s3/s4/linux")}
MAKE = b"new %s size 4M buf 30 internal 20 tables 100 image prog " \
    b"\"linux /t/screen\" run\r"
NEW = MAKE % b"linux"


def tree(folder):
    made_tree = made.Tree()
    made_tree.add("t/screen", made.compiled(folder, "screen"))
    return made_tree.bytes()


def hold(writer, path, name):
    first, linux = PLACES[name]
    one = person.Person("-m", "512M", "--image", path, deadline=DEADLINE)

    def point(what, good):
        writer.point(good, f"typed.{name}.{what}", [repr(one.said[-600:])])

    if first:
        one.hears_text(b"To begin", first)
        one.hears_text(b"> ")
    one.hears_text(b"24 rows of 80", NEW) # as lines: nobody has its keys yet
    one.hears_text(b"to ", b"\x1d")
    point("keys_go_there", one.hears_text(b"leads back", linux + b"\r"))
    wanted = b"".join(b"<%d>" % byte for byte in KEYS)
    point("every_key", one.hears_text(wanted, KEYS))
    fcntl.ioctl(one.terminal, termios.TIOCSWINSZ,
                struct.pack("4H", 30, 100, 0, 0))
    point("window_changes", one.hears_text(b"30 rows of 100"))
    one.hears_text(b"to ", b"\x1d")
    point("drawn_anew", one.hears_text(b"30 rows of 100", b"\x1d"))
    point("settings_are_back", one.hears_text(b"now a line", b"q"))
    point("a_line_is_edited", one.hears_text(b"abd\x08 \x08c\r\nof 4",
                                             b"abd\x7fc\r"))
    point("control_c_ends_it", one.hears_text(b"linux finished, status 130",
                                              b"\x03"))
    os.kill(one.process, 9)
    os.waitpid(one.process, 0)


def two_at_once(writer, path):
    """Each has a terminal of its own, and the key reaches both."""
    one = person.Person("-m", "512M", "--image", path, deadline=DEADLINE)

    def point(what, good):
        writer.point(good, f"typed.two.{what}", [repr(one.said[-600:])])

    def turn(name, key):
        return one.hears_text(b"to ", b"\x1d") and \
            one.hears_text(b"leads back", name + b"\r") and \
            one.hears_text(b"<%d>" % key[0], key)

    for name in (b"a", b"b"):
        one.hears_text(b"24 rows of 80", MAKE % name)
        one.hears_text(b"> ")
    point("each_has_keys", turn(b"a", b"x") and turn(b"b", b"y") and
          turn(b"a", b"z"))
    point("one_ends", one.hears_text(b"now a line", b"q") and
          one.hears_text(b"of 1", b"\r") and
          one.hears_text(b"a finished, status 130", b"\x03"))
    point("the_other_goes_on", turn(b"b", b"y"))
    os.kill(one.process, 9)
    os.waitpid(one.process, 0)


def size_comes_late(writer, path):
    """A terminal that tells its size when the console does not wait for it any
    more: lines become keys."""
    pipe = raw.Pipe(path)
    pipe.hears(b"> ")
    lines = pipe.hears(b"24 rows of 80", NEW.replace(b"\r", b"\n"))
    pipe.hears(b"s/linux> ", b"\x1dlinux\n")
    typed = flow.XON + flow.CODE + b"s30;100" + flow.CODE + b"line\n"
    keys = lines and pipe.hears(b"30 rows of 100", typed)
    writer.point(keys is not None and b"keys go to linux now" in keys,
                 "typed.size_comes_late", [repr(pipe.said)])
    pipe.close()


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(prefix="kerne-") as folder:
        path = made.make_image(folder, tree(folder))
        for name in PLACES:
            hold(writer, path, name)
        two_at_once(writer, path)
        size_comes_late(writer, path)
    writer.end()


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""What is pasted arrives whole and in order, and the keys that help are alive
throughout.  A megabyte, where nobody reads it; else an eighth of that, which is
more than all pipes and buffers on the way hold, and takes QEMU ten seconds."""
import os
import re
import tempfile

from operated import BUILD, Operator
from person import Person

import image
import machine
import tap

DEADLINE = 3000 # seconds, for each machine
KERNEL = os.path.join(BUILD, "arch", "riscv", "kerne")
PROGRAMS = ("parents/s", "children/console", "tests/reader")
ESCAPE, TAKE_BACK = b"\x1b", b"\x03"
BYTES = 1 << 20
PART = BYTES // 8


def pasted(end, bytes_):
    """Lines of all lengths, each another one, of so many bytes together."""
    lines = []
    while bytes_ > 0:
        number = len(lines)
        lines.append(f"{number} " + "abcdefghij " * (number % 20))
        bytes_ -= len(lines[-1]) + 1
    return "".join(line + end for line in lines).encode()


def told(data):
    """What reader says of it."""
    data = data.replace(b"\r", b"\n")
    total = 0
    for byte in data:
        total = (total * 31 + byte) & 0xffffffff
    return b"reader: %d lines, %d bytes, sum %d" % (
        data.count(b"\n"), len(data), total)


def begin(path, program, depth):
    """At a terminal, with a reader that lines go to."""
    person = Person("--image", path, deadline=DEADLINE, silence=DEADLINE)
    if depth > 0:
        person.hears_text(b"To begin", b"nest %d\r" % depth)
        person.hears_text(b"> ")
    person.hears_text(b"reader is here",
                      b'new reader prog "%s" run\r' % program)
    person.hears_text(b"> ")
    name = b"/".join([b"s%d" % (i + 2) for i in range(depth)] + [b"reader"])
    person.hears_text(b"to ", ESCAPE)
    person.hears_text(b"> ", name + b"\r")
    return person


def arrives(writer, path, depth):
    """Attention is pressed in the middle of it, and closed again."""
    data = pasted("\r", PART)
    person = begin(path, b"reader 0", depth)
    half = len(data) // 2
    person.hears_text(b"reader", data[:half])
    attention = person.hears_text(b"to ", ESCAPE)
    person.hears_text(b"> ", ESCAPE)
    whole = person.hears_text(told(data), data[half:] + b"end\r")
    writer.point(attention and whole, f"paste.arrives_whole.depth_{depth}",
                 [repr(told(data)), repr(person.said[-500:])])
    person.hears_text(b"off", b"\x01x")
    writer.point(person.status() == 0, f"paste.ctrl_a_x.depth_{depth}", [])


def taken_back(writer, path, depth):
    """To a process that never asks for a line again."""
    data, again = (b"halt\r" * (n // 5) for n in (BYTES, PART))
    person = begin(path, b"reader 1 deaf", depth)
    person.hears_text(b"reader: 1 lines", b"one\r")
    person.hears_text(b"halt", data)
    heard = person.hears_text(b"are dropped", TAKE_BACK)
    found = re.search(rb"(\d+) characters that nobody has read are dropped",
                      person.said)
    writer.point(heard and found and int(found[1]) == len(data),
                 f"paste.control_c_takes_all_back.depth_{depth}",
                 [f"of {len(data)}", repr(person.said[-300:])])
    person.hears_text(b"halt", again)
    here = b"/".join(b"s%d" % (i + 2) for i in range(depth)) or b"s"
    alive = person.hears_text(b"to ", ESCAPE) and \
        person.hears_text(b"are dropped", here + b"\r")
    removed = person.hears_text(b"unread by", b"proc reader remove\r") and \
        person.hears_text(b"buffers", b"max\r")
    writer.point(alive and removed and b"switches" not in person.said,
                 f"paste.attention_leaves_it_behind.depth_{depth}",
                 [repr(person.said[-500:])])
    person.hears_text(b"halt", again)
    person.hears_text(b"off", b"\x01x")
    writer.point(person.status() == 0,
                 f"paste.ctrl_a_x_when_nobody_reads.depth_{depth}", [])


def through_a_pipe(writer, path, way_in):
    data = pasted("\n", PART)
    with machine.Machine(machine.command(KERNEL, path), DEADLINE) as computer:
        operator = Operator(computer)
        within = "" if way_in == "max" else "s2/s3/s4/"
        operator.says(way_in, "new reader prog \"reader 0\" run",
                      "wait reader is here", f"to {within}reader")
        typist = operator.typist
        typist.since = []
        typist.typed = None
        computer.type(data.decode() + "end\n")
        typist.wait(told(data).decode())
        typist.typed = "end" # before the attention key, which would overtake it
        said = operator.says(f"to {within[:-1] or 's'}", "max")
        writer.point(any("buffers" in line for line in said),
                     f"paste.pipe.{way_in.replace(' ', '_')}", said)


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        path = image.make_of_built(os.path.join(folder, "paste.tar"), PROGRAMS)
        for depth in (0, 3):
            arrives(writer, path, depth)
            taken_back(writer, path, depth)
        through_a_pipe(writer, path, "nest 3")
    writer.end()


if __name__ == "__main__":
    main()

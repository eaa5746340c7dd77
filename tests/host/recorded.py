#!/usr/bin/python3
"""./run --record FILE and ./run --replay FILE: a session can be had again, to
the byte; and what is none, or was held on something else, is refused."""
import os
import subprocess
import sys
import tempfile

from script import DEADLINE, RUN, refused, run

import person # found by way of script
import tap

IMAGE = ("--image", "s,console,hello")
LEAVE = b"\x01x" # ctrl-a x
FIRST = b"Kerne "


def recorded(path, end, *typed):
    """What a person saw of it, from the nucleus's first line on.  `typed`: a
    text, and what is typed when it has come."""
    who = person.Person(*IMAGE, "--append", "slice=1000", "--record", path)
    for text, keys in typed:
        who.hears_text(text, keys)
    who.hears_text(b"> ")
    who.hears_text(b"off" if end == b"halt\r" else b"", end)
    status = who.status()
    said = bytes(who.said)
    if end == LEAVE: # ./run has ended the line
        said = said.removesuffix(b"\r\n")
    # Above it stands what ./run has said to the person.
    return said[said.rindex(b"\n" + FIRST) + 1:], status


def same(writer, name, path, end):
    said, status = recorded(path, end, (b"status 0", b"new hello run\r"))
    again = [subprocess.run([sys.executable, RUN, *IMAGE, "--replay", path],
                            stdin=subprocess.DEVNULL, capture_output=True,
                            timeout=DEADLINE, check=False) for _ in range(2)]
    writer.point(status == 0 and b"hello finished, status 0" in said and
                 all(ended.returncode == 0 and ended.stdout == said
                     for ended in again), f"recorded.{name}",
                 [repr(said), *map(repr, again)])


def refusals(writer, folder, path):
    with open(path, encoding="utf-8") as file:
        lines = file.readlines()
    for name, text in (("empty", ""), ("without_a_head", "".join(lines[1:])),
                       ("in_pieces", "".join(lines) + "12 6"),
                       ("binary", "\udcff\udcfe")):
        wrong = os.path.join(folder, name)
        with open(wrong, "w", encoding="utf-8",
                  errors="surrogateescape") as file:
            file.write(text)
        refused(writer, f"recorded.refused.{name}",
                run(*IMAGE, "--replay", wrong),
                "a line is a time" if name == "in_pieces" else
                "is no session that ./run --record has written")
    refused(writer, "recorded.refused.missing",
            run("--replay", os.path.join(folder, "none")),
            "No such file or directory")
    refused(writer, "recorded.refused.another_image",
            run("--image", "s,console", "--replay", path),
            "was recorded with another image")
    refused(writer, "recorded.refused.another_nucleus",
            run(*IMAGE, "--checks", "--replay", path),
            "was recorded with another nucleus")
    refused(writer, "recorded.refused.no_room",
            run(*IMAGE, "--record", "/proc/none"), "--record: /proc/none:")
    for words in (("-m", "64M"), ("--append", "slice=2000"),
                  ("--expect", path), ("--disk", "scratch"),
                  ("--qemu", "-smp 2"), ("--record", path)):
        ended = run(*IMAGE, "--replay", path, *words)
        writer.point(ended.status in (1, 2) and words[0] in ended.err and
                     not ended.out, f"recorded.refused.with_{words[0]}",
                     ended.why())


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "halted")
        same(writer, "halted", path, b"halt\r")
        same(writer, "left", os.path.join(folder, "left"), LEAVE)
        refusals(writer, folder, path)
    writer.end()


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""The store that s starts on the machine's disk, and what s does with it."""
import os
import tempfile

from operated import BUILD, KERNEL, Operator
from stored import tool

import disks  # found by way of operated
import image
import machine
import tap

DEADLINE = 120 # seconds, of each machine
PROGRAMS = ("parents/s", "parents/store", "children/console", "children/disk",
            "children/area", "children/crash")


class Machines:
    """Machines with the same image, each with a disk of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.image = os.path.join(folder, "made.tar")
        image.make_image(self.image, [os.path.join(BUILD, f"{name}.elf")
                                      for name in PROGRAMS],
                         None, image.usual_loader())

    def path(self, name, data=None):
        """Of a new disk with these bytes, or a store's of 8 MiB."""
        path = os.path.join(self.folder, name)
        if data is None:
            tool("make", path, "--size", "8M")
        else:
            with open(path, "wb") as file:
                file.write(data)
        return path

    def runs(self, words, *lines, memory="128M"):
        """What is said, long lines in one; the machine is then cut off."""
        with machine.Machine(machine.command(KERNEL, self.image, more=words,
                                             memory=memory),
                             DEADLINE) as computer:
            return joined(Operator(computer).says(*lines))


def joined(said):
    """Lines of which the console made several are one again."""
    lines = []
    for line in said:
        if line.startswith("    ") and lines:
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
    return lines


def one_with(said, *words):
    """Whether there is one line in which all these stand."""
    return any(all(word in line for word in words) for line in said)


# ---- the store of s --------------------------------------------------------

SEARCH = ('new area prog "area search" run', "wait area finished")


def started(writer, machines):
    """On a blank disk it makes a store; when it breaks, it comes again."""
    path = machines.path("blank", bytes(8 << 20))
    said = machines.runs(disks.words(path), *SEARCH, "devices")
    writer.point(one_with(said, "free: ", "512 of 512 entries") and
                 "   8  disk    0x10008000  store" in said,
                 "catalog.store.is_made_on_a_blank_disk", said)
    done = tool("check", path)
    writer.point(done.returncode == 0, "catalog.store.is_sound",
                 [done.stdout, done.stderr])
    said = machines.runs(
        disks.words(path), "proc store remove",
        'prog "store shared commit=1" init include 8 start', *SEARCH)
    writer.point("store has disk: registers at 0x10008000, interrupt line 8" in
                 said and one_with(said, "512 of 512 entries"),
                 "catalog.store.is_made_anew_by_its_operator", said)


def foreign(writer, machines):
    """A disk that holds something else stays as it is, and is to be had."""
    junk = b"something else " * 70000
    junk = junk[:len(junk) // disks.SEGMENT * disks.SEGMENT]
    path = machines.path("foreign", junk)
    said = machines.runs(disks.words(path), "wait its bare driver", "list",
                         "devices")
    writer.point(one_with(said, "store gave up: neither root is whole",
                          "the disk is as it was") and
                 "   8  disk    0x10008000  disk" in said and
                 not one_with(said, "  store "),
                 "catalog.foreign.has_the_bare_driver", said)
    with open(path, "rb") as file:
        writer.point(file.read() == junk, "catalog.foreign.is_as_it_was")


def read_only(writer, machines):
    path = machines.path("read_only")
    text = machines.path("text", b"of the host")
    tool("import", path, text)
    said = machines.runs(disks.words(path, read_only=True), *SEARCH)
    writer.point(one_with(said, "text ", " 8 ") and
                 one_with(said, "511 of 512 entries"),
                 "catalog.read_only.is_read", said)
    blank = machines.path("blank_read_only", bytes(8 << 20))
    said = machines.runs(disks.words(blank, read_only=True), *SEARCH,
                         'new area prog "area set x 8" run',
                         "wait area finished")
    writer.point(one_with(said, "512 of 512 entries") and
                 "x: it can be read only" in said,
                 "catalog.read_only.is_empty", said)


def small(writer, machines):
    """Without storage for a store, or without a disk."""
    path = machines.path("small")
    said = machines.runs(disks.words(path), "devices", memory="16M")
    writer.point("   8  disk    0x10008000  disk" in said,
                 "catalog.small_machine.has_the_bare_driver", said)
    said = machines.runs([], *SEARCH[:1], "wait area gave up", "list")
    writer.point(one_with(said, "store: nothing in sight") and
                 not one_with(said, "  store"), "catalog.no_disk", said)


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        machines = Machines(folder)
        started(writer, machines)
        foreign(writer, machines)
        read_only(writer, machines)
        small(writer, machines)
    writer.end()


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""A line is given, kept, or shown again; none is ever lost."""
import os
import shutil
import tempfile

from operated import BUILD, KERNEL, Operator

import dialogue
import image
import machine
import tap

DEADLINE = 60 # seconds, of the machine; all takes 3
SOON = 20 # seconds, of a machine on which nobody types
PROGRAMS = ("parents/s", "children/console", "children/hello", "tests/reader")


class Place:
    """A system that the operator is at: the root, or one inside."""

    def __init__(self, operator, writer, name):
        self.operator = operator
        self.writer = writer
        self.name = name
        self.depth = name.count("/") + (name != "s")

    def point(self, good, name, said):
        self.writer.point(good, f"console.{name}.depth_{self.depth}", said)

    def child(self, name):
        return name if self.name == "s" else f"{self.name}/{name}"

    def says(self, *lines):
        return self.operator.says(*lines)

    def types_ahead(self, *lines):
        """Without a prompt; then the attention key, and back to here."""
        typist = self.operator.typist
        before = len(self.operator.lines)
        typist.since = []
        typist.computer.type("".join(line + "\n" for line in lines) +
                             dialogue.ATTENTION + self.name + "\n")
        typist.typed = "to " + self.name
        typist.until_ready()
        return self.operator.lines[before:]


def kept_until_asked(place):
    """Typed while the reader does not ask, given when it does."""
    place.says("new kept prog \"reader 4\" run", "wait reader is here",
               "proc kept stop", "to " + place.child("kept"))
    place.types_ahead("one", "two", "three", "four")
    said = place.says("proc kept start", "wait finished")
    place.point(any("reader: 4 lines, 19 bytes" in line for line in said),
                "kept.the_reader_has_every_line", said)


def next_line_is_a_command(place):
    """A program has read its last line, and ends."""
    place.says("new last prog \"reader 1\" run", "wait reader is here",
               "to " + place.child("last"))
    said = place.says("good morning", "new hello run", "wait hello finished")
    place.point("reader has read: good morning" in said and
                f"console: {place.child('last')} is gone; lines go to "
                f"{place.name}" in said and
                any("hello finished" in line for line in said),
                "gone.the_next_line_is_a_command", said)


def attention_keeps_the_line(place):
    """Half a command, the attention key, a name that nobody has: it is there
    again, and the rest of it makes it whole."""
    typist = place.operator.typist
    before = len(place.operator.lines)
    typist.since = []
    typist.typed = "to nobody"
    typist.computer.type("new hel" + dialogue.ATTENTION + "nobody\n")
    typist.wait("nobody is unknown")
    typist.until(lambda: typist.screen.line().endswith("> new hel"),
                 "half the line")
    typist.computer.type("lo run\n")
    typist.typed = "new hello run"
    typist.wait("hello finished")
    typist.until_ready()
    said = place.operator.lines[before:]
    place.point(any(f"lines still go to {place.name}" in line
                    for line in said) and
                any(line.endswith("> new hello run") for line in said),
                "attention.keeps_the_line", said)


def prompt_says_to_whom(place):
    """Lines for another process than the root's operating system."""
    place.says("new whom prog \"reader 1\" run", "wait reader is here",
               "to " + place.child("whom"))
    prompt = place.operator.typist.screen.line()
    place.point(prompt == f"s/{place.child('whom')}> ",
                "prompt.is_that_of_a_child", [prompt])
    said = place.says("bye")
    prompt = place.operator.typist.screen.line()
    place.point(prompt == ("> " if place.name == "s" else f"s/{place.name}> "),
                "prompt.is_that_of_the_system", said + [prompt])
    said = place.says(f"to s/{place.name}" if place.depth else "to s", "max")
    place.point(not any("unknown" in line for line in said),
                "prompt.can_be_typed_as_a_name", said)


def unread_is_shown(place):
    """What was kept for one that is removed is shown, and not performed."""
    path = place.child("deaf")
    place.says("new deaf prog \"reader 9\" run", "wait reader is here",
               "new deafer prog \"reader 9\" run", "wait reader is here",
               "stop proc deaf stop", "to " + place.child("deafer"))
    place.types_ahead("not for deaf")
    place.says("to " + path)
    place.types_ahead("one", "remove", "halt")
    said = place.says("proc deaf remove", "max")
    unread = [f"console: unread by {path}: {line}"
              for line in ("one", "remove", "halt")]
    place.point([line for line in said if "unread" in line] == unread,
                "gone.what_it_has_not_read_is_shown", said)
    said = place.says("proc deafer remove", "max")
    place.point(f"console: unread by {path}er: not for deaf" in said,
                "gone.what_another_has_not_read_is_kept_apart", said)


def heard_is_named(place):
    """It does not ask for lines, but was heard: they are kept for it."""
    path = place.child("mute")
    place.says("new mute prog \"reader 1 deaf\" run", "wait reader is here",
               "to " + path)
    place.types_ahead("one")
    said = place.says("to " + path)
    place.types_ahead("more")
    said += place.says("proc mute remove", "to " + path)
    wanted = [f"console: unread by {path}: more",
              f"console: {path} is unknown here: type what stands behind "
              f"`from`; lines still go to {place.name}"]
    if place.depth > 0: # there it is in sight
        wanted.insert(0, f"console: lines go to {path}, and are kept until it "
                      "asks for one")
    place.point([line for line in said if line.startswith("console: ")] ==
                wanted, "attention.names_who_was_heard", said)


def driver_starts_anew(writer, folder):
    """After one that has spoilt the device, and gave up."""
    paths = [os.path.join(folder, name) for name in ("s.elf", "console.elf")]
    for path, program in zip(paths, ("parents/s", "tests/brittle")):
        shutil.copy(os.path.join(BUILD, program + ".elf"), path)
    made = os.path.join(folder, "brittle.tar")
    image.make_image(made, paths, None, image.usual_loader())
    said = []
    with machine.Machine(machine.command(KERNEL, made), SOON) as computer:
        typist = dialogue.Typist(computer, show=said.append)
        try:
            typist.until(lambda: said and said[-1].endswith(" anew"), "that")
        except TimeoutError:
            pass
    writer.point("gave up: it has spoilt the UART; s has started it anew" in
                 " ".join(" ".join(said).split()), "console.driver_starts_anew",
                 said)
    writer.point("brittle finds 0, 3, 0" in said, "console.device_is_reset",
                 said)


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        words = machine.command(KERNEL, image.make_of_built(
            os.path.join(folder, "console.tar"), PROGRAMS))
        with machine.Machine(words, DEADLINE) as computer:
            operator = Operator(computer)
            for name, way_in in (("s", "max"), ("s2/s3", "nest 2")):
                operator.says(way_in)
                place = Place(operator, writer, name)
                kept_until_asked(place)
                next_line_is_a_command(place)
                unread_is_shown(place)
                attention_keeps_the_line(place)
                prompt_says_to_whom(place)
                heard_is_named(place)
        driver_starts_anew(writer, folder)
    writer.end()


if __name__ == "__main__":
    main()

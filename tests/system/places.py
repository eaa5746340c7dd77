#!/usr/bin/python3
"""Children that always ask for more lines, or time, than there are places for,
of each server there is: their parent is typed to all the same, at every depth,
and removes them."""
import os
import tempfile

from operated import BUILD, KERNEL, Operator

import image
import machine
import tap

DEADLINE = 300 # seconds, of each machine
PROGRAMS = ("parents/s", "parents/tee", "parents/slow", "parents/jail",
            "parents/keeper", "children/console", "children/checkio",
            "children/talk", "tests/hoarder")
SYSTEM = ("size 16M internal 160 buf 600 tables 800 image", "wait To begin")

# Systems inside of which there is an s: whom one types to, to reach it, and of
# whom its children ask.
RELAYS = {
    "tee s": ("it", ""), "tee tee s": ("it", ""), "jail s": ("it", ""),
    "jail tee s": ("it", ""), "tee slow 3 s": ("it", "clock"),
    "slow 0 tee s": ("it/tee", "clock"), "slow 0 s": ("it/s", "clock"),
}


def told(operator, line):
    """What is said until all of it is performed.  Only then the parent asks for
    the next line, which behind a relay is else for a child that asks; and who
    prints and never pauses lets no prompt come."""
    return operator.says(line + " max", "wait the largest free stretch")


def hoarders(writer, operator, name, count, buffers, of=""):
    """They fill what they can, and their parent is there."""
    for number in range(count):
        told(operator, f"new h{number} size 200k internal 0 "
             f'buf {buffers} prog "hoarder {of}" run')
    said = told(operator, "list short")
    writer.point(sum(line.startswith("  h") for line in said) == count,
                 f"places.{name}.the_parent_is_heard", said)


def remove(writer, operator, name, count):
    said = told(operator, "".join(f"proc h{number} remove "
                                  for number in range(count)) + "list short")
    writer.point(any(line.startswith("name ") for line in said) and
                 not any(line.startswith("  h") for line in said),
                 f"places.{name}.the_parent_removes_them", said)


def halt(writer, operator, name, end, command="halt"):
    """The parent of hoarders may also just go, with them."""
    said = operator.says(command, f"wait {end}", "to s")
    writer.point(any(end in line for line in said), f"places.{name}.halts",
                 said)


def in_each_other(writer, operator):
    operator.says(f"new s2 {SYSTEM[0]} prog s run", SYSTEM[1],
                  "to s2", "new s3 size 8M internal 60 buf 300 "
                  "tables 400 image prog s run", SYSTEM[1])
    for way, name, count, buffers in (
            ("to s2/s3", "two_deep", 6, 30),
            ("to s2", "one_deep", 6, 40), ("to s", "root", 12, 40)):
        operator.says(way)
        hoarders(writer, operator, name, count, buffers)
    for way, name, count in (
            ("to s", "root", 12), ("to s2", "one_deep", 6),
            ("to s2/s3", "two_deep", 6)): # who fills most goes first
        operator.says(way)
        remove(writer, operator, name, count)
    hoarders(writer, operator, "two_deep_again", 6, 30)
    halt(writer, operator, "two_deep", "lines go to s2")
    operator.says("proc s2 remove")


def behind_relays(writer, operator):
    for command, (way, of) in RELAYS.items():
        name = command.replace(" ", "_")
        operator.says(f'new it {SYSTEM[0]} prog "{command}" run', SYSTEM[1],
                      f"to {way}")
        hoarders(writer, operator, name, 6, 20, of)
        remove(writer, operator, name, 6)
        hoarders(writer, operator, name + ".again", 6, 20, of)
        halt(writer, operator, name, "it finished")
        operator.says("proc it remove")


def beside_each_other(writer, operator):
    """Before checkio, s2 is one of several clients, and takes its turn."""
    operator.says("new checkio run present console",
                  f"new s2 {SYSTEM[0]} prog s run", SYSTEM[1], "to checkio")
    hoarders(writer, operator, "checkio", 4, 30)
    operator.says("to s", "new rival size 200k internal 0 buf 30 prog hoarder "
                  "run", "wait hoarder is here")
    said = operator.says("to checkio", "list short", "list short")
    writer.point(sum(line.startswith("  h") for line in said) == 4,
                 "places.checkio.of_two_lines_one_is_for_s2", said)
    operator.says("to s", "proc rival remove", "to checkio")
    remove(writer, operator, "checkio", 4)
    halt(writer, operator, "checkio", "s2 finished")
    operator.says("proc checkio remove")


def of_keeper(writer, operator):
    """Its forwarder is full of what nobody will answer, each ward that there
    may be dies as soon as it is started; and keeper is typed to."""
    operator.says(f'new it {SYSTEM[0]} prog "keeper keep mute never run '
                  'hoarder clock, door mute" run', "wait hoarder is here",
                  "proc it present mute")
    hoarders(writer, operator, "keeper", 4, 40, "mute")
    operator.says("to it", *[f"keep w{number} at once quietly run talk"
                             for number in range(23)])
    said = operator.says("keep more never run talk", "list")
    writer.point(sum(line.startswith("w") and "at once" in line
                     for line in said) == 23, "places.keeper.is_heard", said)
    said = operator.says("forget mute", *[f"forget w{number}"
                                          for number in range(23)], "list")
    writer.point(said[-1].startswith("free:") and said[-2][:4] == "name",
                 "places.keeper.forgets_them", said)
    operator.says("to s")
    remove(writer, operator, "keeper", 4)
    operator.says("to it")
    halt(writer, operator, "keeper", "it finished", "end")


def of_lines(writer, operator):
    """Lines are kept for as many as there are boxes, and one more."""
    hoarders(writer, operator, "kept", 10, 8, "clock")
    said = operator.says(*[f"to h{number} for you" for number in range(10)],
                         "to s", "list short")
    writer.point(sum("is not sent: too many wait" in line for line in said) ==
                 2, "places.kept.no_more_is_kept", said)
    writer.point(sum(line.startswith("  h") for line in said) == 10,
                 "places.kept.s_is_heard", said)
    remove(writer, operator, "kept", 10)


def of_removed(writer, operator):
    """What one holds of them that never answers comes back all the same."""
    said = operator.says('new mute prog "hoarder clock" run', "wait is here",
                         'new asks prog "hoarder mute" run', "wait is here",
                         "list", "remove max", "proc mute remove")
    buffers = [line.split() for line in said if line.startswith("buffers ")]
    writer.point(len(buffers) == 1 and buffers[0][2] == "0",
                 "places.removed.buffers_come_back", said)


def of_children(writer, operator):
    """No more children: one is removed, and there is a place again."""
    said = operator.says(*[f"new c{number} size 12k internal 0 buf 0 create"
                           for number in range(64)])
    writer.point(any(line.startswith("no internals") for line in said),
                 "places.children.are_all_there", said)
    said = operator.says("proc c0 remove", "new again size 12k create",
                         "list short")
    writer.point(any(line.startswith("  again") for line in said),
                 "places.children.one_removed_is_one_more", said)


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        # The checks of the other nucleus walk through what is full here, with
        # each call.
        words = machine.command(KERNEL.replace("-checks", ""),
                                image.make_of_built(
            os.path.join(folder, "places.tar"), PROGRAMS))
        for part in (of_removed, in_each_other, behind_relays,
                     beside_each_other, of_keeper, of_lines, of_children):
            with machine.Machine(words, DEADLINE) as computer:
                part(writer, Operator(computer))
            if writer.failed: # the next may wait in vain
                break
    writer.end()


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""The operator is passed on by whom his lines go to, and by nobody else."""
import os
import tempfile

from operated import BUILD, KERNEL

import dialogue  # found by way of operated
import image
import machine
import tap

DEADLINE = 300 # seconds
PROGRAMS = ("parents/s", "parents/tee", "children/console", "tests/host")

# A line that is typed, and what comes in answer.  SELF is the system that host
# runs under, HOST the path of host.
STEPS = (
    ("new host run", ("passing on to `guest`: rejected",)),
    ("pass guest", ("syntax error: `pass` is no command",)),
    ("to host one", ("host hears: one",)),
    ("pass Guest", ("passing on to `Guest`: rejected",)),
    ("pass a-name-of-16-let", ("passing on to `a-name-of-16-let`: rejected",)),
    ("pass guest", ("passing on to `guest`: normal", "lines go to HOST/guest")),
    ("two", ("from HOST/guest", "guest hears: two")),
    ("to host three", ("host hears: three",)),
    ("pass nobody", ("passing on to `nobody`: normal",)),
    ("to host back", ("passing on to ``: normal", "lines go to SELF")),
    ("list short", ("  host ",)),
    ("to guest five", ("lines go to HOST/guest", "guest hears: five")),
    ("to host remove", ()),
    ("to guest", ("lines go to HOST/guest",)),
    ("go", ("HOST/guest is gone; lines go to ", "guest is removed")),
    ("to host six", ("host hears: six",)),
    ("to SELF proc host remove", ("ready",)),
)

# Who speaks for others does not pass on in their place: what is a child of the
# system inside is none of tee's.
THROUGH_TEE = (
    ('new tee size 16M internal 160 buf 300 tables 800 image prog "tee s" run',
     ("To begin",)),
    ("to tee nest 1", ("the console does not bring you there",)),
    ("date", ("seconds after",)),
    ("to SELF proc tee remove", ("ready",)),
)


def hold(writer, system, typist, lines, steps=STEPS):
    """Types each line; all that is to come must come."""
    def put(text):
        host = "host" if system == "s" else system + "/host"
        return text.replace("SELF", system).replace("HOST", host)

    for typed, answers in steps:
        lines.clear()
        failure = []
        try:
            typist.line(put(typed))
            for answer in answers:
                typist.wait(put(answer))
        except (TimeoutError, dialogue.Ended):
            failure = [f"no {typist.awaited} came", *lines]
        writer.point(not failure, f"pass.{system}.{typed.replace(' ', '_')}",
                     failure)
        if failure:
            return


def main():
    writer = tap.Writer()
    lines = []
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        words = machine.command(KERNEL, image.make_of_built(
            os.path.join(folder, "pass.tar"), PROGRAMS))
        with machine.Machine(words, DEADLINE) as computer:
            typist = dialogue.Typist(computer, show=lines.append)
            hold(writer, "s", typist, lines)
            hold(writer, "s", typist, lines, THROUGH_TEE)
            typist.line("nest 1")
            typist.wait("To begin")
            hold(writer, "s2", typist, lines)
    writer.end()


if __name__ == "__main__":
    main()

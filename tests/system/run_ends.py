#!/usr/bin/python3
"""./run with a person's terminal: a large paste arrives, ctrl-a x is heard
whatever the machine does, and the machine never outlives ./run."""
import os
import signal

from person import Person

import tap

LINES = 1000


def paste(writer):
    person = Person()
    person.hears(lambda: True, b"date\r" * LINES)
    status = person.hears(lambda: person.said.count(b"Z\r") == LINES,
                          b"halt\r") and person.status()
    writer.point(status == 0, f"run.paste.{LINES}_lines_are_answered", [
        f"{person.said.count(b'Z' + bytes([13]))} answers, status {status}",
        repr(person.said[-200:])])


def leave(writer):
    """While the machine has more to read than it takes."""
    person = Person()
    person.hears(lambda: True, b"date\r" * LINES + b"\x01x")
    status = person.status()
    writer.point(status == 0 and person.machine_is_gone(),
                 "run.ctrl-a_x_leaves_at_once", [f"status {status}"])


def ended(writer, number, wanted):
    person = Person()
    os.kill(person.process, number)
    status = person.status()
    writer.point(status == wanted and person.machine_is_gone(),
                 f"run.machine_ends_with_it.{signal.Signals(number).name}",
                 [f"status {status}, wanted {wanted}"])


def main():
    writer = tap.Writer()
    paste(writer)
    leave(writer)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        ended(writer, number, 128 + number)
    ended(writer, signal.SIGKILL, -signal.SIGKILL)
    writer.end()


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""./run with a person's terminal, or a pipe: what is typed arrives, ctrl-a x is
heard whatever the machine does, and the machine never outlives ./run."""
import os
import re
import signal
import subprocess
import sys

from person import RUN, Listener, Person

import flow
import relay
import tap

LINES = 1000


def heard_at_once(writer):
    """Texts that come in one piece, one behind the other."""
    ours, theirs = os.pipe()
    os.write(theirs, b"one two")
    os.close(theirs)
    listener = Listener(ours, 60)
    heard = [listener.hears_text(text) for text in (b"one", b"two", b"one")]
    os.close(ours)
    writer.point(heard == [True, True, False], "run.heard_at_once",
                 [str(heard)])


def paste(writer):
    person = Person()
    person.hears(lambda: True, b"date\r" * LINES)
    status = person.hears(lambda: person.said.count(b"Z\r") == LINES,
                          b"halt\r") and person.status()
    writer.point(status == 0, f"run.paste.{LINES}_lines_are_answered", [
        f"{person.said.count(b'Z' + bytes([13]))} answers, status {status}",
        repr(person.said[-200:])])


def typed_ahead(writer):
    """While ./run still builds, say."""
    person = Person(deadline=120, ahead=b"date\rha")
    status = person.hears_text(b"Z\r", b"lt\r") and person.status()
    writer.point(status == 0, "run.typed_ahead", [repr(person.said[-300:])])


def signs(writer):
    """Of a person they are no words between relay and driver."""
    person = Person()
    good = person.hears_text(b"`5date` is no command", b"\x11\x145date\r")
    status = person.hears(lambda: True, b"halt\r") and person.status()
    writer.point(good and status == 0, "run.signs_of_a_person",
                 [repr(person.said[-300:])])


def size_is_no_key(writer):
    """A window that changes while nothing is taken, and control C then."""
    typed = relay.Typed()
    typed.tell_size((24, 80))
    typed.heard(flow.XON)
    told = bytes(typed.next())
    typed.ahead.clear()
    typed.heard(flow.XOFF)
    typed.add(b"abc", False)
    typed.tell_size((24, 60))
    typed.add(flow.TAKE_BACK, False)
    dropped = bytes(typed.next())
    typed.ahead.clear()
    typed.heard(flow.XON)
    writer.point(told == b"\x11\x16s24;80\x16" and
                 dropped == b"\x16s24;60\x16\x033\x03" and
                 not typed.next(), "run.size_is_no_key",
                 [told, dropped, bytes(typed.next())])


def a_new_driver(writer):
    """Takes the place of one that had said stop, in the middle of a line."""
    typed = relay.Typed()
    typed.tell_size((24, 80))
    typed.heard(flow.XON)
    typed.ahead.clear()
    typed.heard(flow.XOFF)
    typed.add(b"abc", False)
    for sign in flow.HERE:
        typed.heard(bytes([sign]))
    told = bytes(typed.next())
    typed.ahead.clear()
    writer.point(told == b"\x11\x16s24;80\x16" and typed.next() == b"abc",
                 "run.a_new_driver", [told, bytes(typed.next())])


def attention_in_a_pipe(writer):
    """A program that asks for no line keeps nobody from the next one; the last
    line needs no end."""
    lines = "new echo run\nto echo\nhello\nto s\nhalt"
    try:
        ended = subprocess.run([sys.executable, RUN], input=lines, text=True,
                               stdout=subprocess.PIPE, check=False,
                               stderr=subprocess.STDOUT, timeout=600)
        good, said = ended.returncode == 0, ended.stdout.splitlines()
    except subprocess.TimeoutExpired as error:
        good, said = False, [repr(error.stdout)]
    writer.point(good, "run.attention_in_a_pipe", said[-10:])


def leave(writer):
    """While the machine has more to read than it takes."""
    person = Person()
    person.hears(lambda: True, b"date\r" * LINES + b"\x01x")
    status = person.status()
    writer.point(status == 0 and person.machine_is_gone(),
                 "run.ctrl-a_x_leaves_at_once", [f"status {status}"])


def keys_behind(writer):
    """What is typed behind ctrl-a x is no part of it; what comes then begins a
    line."""
    person = Person()
    os.write(person.terminal, b"\x01x")
    for _ in range(4000): # fewer than a terminal keeps unread
        os.write(person.terminal, b"y")
        if not os.path.exists(f"/proc/{person.machine}"):
            break
    status = person.status()
    left, _, rest = bytes(person.said).rpartition(b"> ")
    writer.point(status == 0 and left and
                 re.match(rb"(\x1b\[m)?\r\n", rest),
                 "run.ctrl-a_x_and_more_keys",
                 [f"status {status}", repr(rest[:200])])


def ended(writer, number, wanted):
    person = Person()
    os.kill(person.process, number)
    status = person.status()
    writer.point(status == wanted and person.machine_is_gone(),
                 f"run.machine_ends_with_it.{signal.Signals(number).name}",
                 [f"status {status}, wanted {wanted}"])


def main():
    writer = tap.Writer()
    heard_at_once(writer)
    paste(writer)
    typed_ahead(writer)
    signs(writer)
    size_is_no_key(writer)
    a_new_driver(writer)
    attention_in_a_pipe(writer)
    leave(writer)
    keys_behind(writer)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        ended(writer, number, 128 + number)
    ended(writer, signal.SIGKILL, -signal.SIGKILL)
    writer.end()


if __name__ == "__main__":
    main()

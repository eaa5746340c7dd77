#!/usr/bin/python3
"""./run with a person's terminal: a large paste arrives, ctrl-a x is heard
whatever the machine does, and the machine never outlives ./run."""
import os
import pty
import select
import signal
import sys
import time

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(HERE, "tests")]

import tap  # noqa: E402 (found by the path above)

RUN = os.path.join(HERE, "tools", "run.py")
DEADLINE = 60 # seconds, for each
LINES = 1000


class Person:
    """Who sits at the terminal of a ./run that has come to its prompt."""

    def __init__(self):
        self.said = b""
        self.end = time.monotonic() + DEADLINE
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.execv(sys.executable, [sys.executable, RUN])
        self.hears(lambda: b"> " in self.said)
        children = f"/proc/{self.process}/task/{self.process}/children"
        with open(children, encoding="ascii") as file:
            self.machine = int(file.read().split()[-1])

    def hears(self, enough, typing=b""):
        """Reads until that is enough, and types as the terminal takes it;
        false: ./run ended, or the deadline came."""
        os.set_blocking(self.terminal, False)
        while not enough() or typing:
            left = self.end - time.monotonic()
            ready, writable, _ = select.select(
                [self.terminal], [self.terminal] if typing else [], [],
                max(0, left))
            if not ready and not writable:
                return False
            if ready:
                try:
                    self.said += os.read(self.terminal, 65536)
                except OSError:
                    return False
            if writable:
                typing = typing[os.write(self.terminal, typing[:4096]):]
        return True

    def status(self):
        """How ./run ended; None: it did not before the deadline."""
        if self.hears(lambda: False) or time.monotonic() >= self.end:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
            return None
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])

    def machine_is_gone(self):
        """Whether the machine's process ends, too."""
        while os.path.exists(f"/proc/{self.machine}"):
            if time.monotonic() >= self.end:
                return False
            time.sleep(0.01) # nobody tells whose child it is not
        return True


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

"""A person's terminal and the machine's console, until the machine ends.

What is typed waits here until the machine takes it, and the terminal is read
all the time: so a large paste arrives whole, and ctrl-a x is heard even when
the machine takes nothing more.
"""
import os
import pty
import select
import sys
import termios
import time
import tty

import machine

ATTENTION = b"\x01" # ctrl-a: QEMU's; behind it, x is for us


class Typed:
    """The bytes that the machine has not taken yet."""

    def __init__(self, machine_end):
        self.machine_end = machine_end
        self.waiting = bytearray()
        self.attention = False # the last byte was ctrl-a

    def add(self, data):
        """False: ctrl-a x, the person leaves."""
        for sign in data:
            if self.attention and sign in b"xX":
                return False
            self.attention = not self.attention and sign == ATTENTION[0]
        self.waiting += data
        return True

    def pass_on(self):
        try:
            del self.waiting[:os.write(self.machine_end, self.waiting)]
        except BlockingIOError:
            pass
        except OSError: # the machine has closed its end; reading says so
            self.waiting.clear()


def copy(process, machine_end, banner, end):
    """Both ways; returns when the machine or the person has ended it."""
    typed = Typed(machine_end)
    sources = [0, machine_end]
    while True:
        left = None if end is None else max(0, end - time.monotonic())
        ready, writable, _ = select.select(
            sources, [machine_end] if typed.waiting else [], [], left)
        if not ready and not writable:
            process.kill()
            return
        if machine_end in ready:
            try:
                data = os.read(machine_end, 65536)
            except OSError: # the machine has closed its end
                return
            os.write(1, banner.feed(data))
        if 0 in ready:
            data = os.read(0, 65536)
            if not data: # the terminal is gone; the machine ends with it
                sources.remove(0)
            if not data or not typed.add(data):
                process.kill()
        if writable:
            typed.pass_on()


def relay(command, keep_banner, deadline):
    """Returns the machine's exit status: 0, too, after ctrl-a x."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    os.set_blocking(ours, False)
    process = machine.start(command, stdin=theirs, stdout=theirs,
                            stderr=theirs)
    os.close(theirs)
    banner = machine.Banner(keep_banner)
    end = None if deadline is None else time.monotonic() + deadline
    settings = termios.tcgetattr(0)
    try:
        tty.setraw(0)
        copy(process, ours, banner, end)
    finally:
        termios.tcsetattr(0, termios.TCSANOW, settings)
        if sys.exc_info()[0] is not None:
            process.kill()
            process.wait()
    if banner.rest():
        os.write(1, banner.rest())
        print(f"./run: {machine.SILENT}", file=sys.stderr)
    timed_out = end is not None and time.monotonic() >= end
    if timed_out:
        print(f"./run: stopped after {deadline} s", file=sys.stderr)
    status = process.wait()
    return 0 if status == -9 and not timed_out else status

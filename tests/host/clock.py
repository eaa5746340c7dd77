#!/usr/bin/python3
"""A machine's clock, by which deadlines go, goes on while the machine computes
or has nothing to do, and stands still while it is kept from computing."""
import signal
import time

import script  # noqa: F401 (finds the others)

import machine
import tap

SECONDS = 4 * machine.Clock.STEP
SLEEPS, COMPUTES = ["sleep", "1000"], ["sh", "-c", "while :; do :; done"]


def steps(words, enough, stopped=False):
    """How often one looks at its clock until that is enough."""
    process = machine.start(words)
    if stopped:
        process.send_signal(signal.SIGSTOP)
    clock = machine.Clock(process)
    count = 0
    while not enough(clock.now(), count):
        time.sleep(machine.Clock.STEP)
        count += 1
    process.kill()
    process.wait()
    return count, clock.now()


def main():
    writer = tap.Writer()
    for name, words in ("sleeps", SLEEPS), ("computes", COMPUTES):
        said = steps(words, lambda now, _: now >= SECONDS)
        writer.point(said[0] >= 3, f"clock.{name}", said)
    said = steps(COMPUTES, lambda _, count: count == 10, stopped=True)
    writer.point(said[1] < SECONDS, "clock.is_kept_from_it", said)
    writer.end()


if __name__ == "__main__":
    main()

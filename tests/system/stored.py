"""For the tests of the store: machines that have one, and tools/store.py."""
import os
import shutil
import subprocess
import sys
import time

from operated import BUILD, HERE, KERNEL, Operator

import image  # found by way of operated
import machine

DEADLINE = 300 # seconds, of each machine
COUNTS = 60 # seconds, at most, before a machine that is to count does
PROGRAMS = ("parents/s", "children/console", "children/area", "tests/keepsake",
            "tests/mover", "tests/pelter", "tests/timeless")
OWN = "shelf" # the program store under a name by which s does not start it


def store_line(*arguments):
    words = " ".join((OWN, "shared", *arguments))
    return ("new store size 6M buf 80 internal 8 image function all "
            f'prog "{words}" create load include 8 start')


def area(words):
    return f'new area prog "area {words}" run', "wait area finished"


class Machines:
    """Machines with the same image, each with a disk of its own."""

    def __init__(self, folder, driver="children/disk"):
        self.folder = folder
        self.image = os.path.join(folder, "made.tar")
        renamed = [os.path.join(folder, f"{name}.elf")
                   for name in ("disk", OWN)] # the first is known to the store
        for path, source in zip(renamed, (driver, "parents/store")):
            shutil.copy(os.path.join(BUILD, f"{source}.elf"), path)
        image.make_image(self.image, [os.path.join(BUILD, f"{name}.elf")
                                      for name in PROGRAMS] + renamed,
                         None, image.usual_loader())

    def path(self, name):
        return os.path.join(self.folder, name)

    def runs(self, words, *lines):
        """What is said without the bare driver."""
        return self.says(words, "proc disk remove", *lines)

    def says(self, words, *lines):
        """What is said; the machine is then cut off."""
        said = []
        with machine.Machine(machine.command(KERNEL, self.image, more=words),
                             DEADLINE) as computer:
            operator = Operator(computer)
            for line in lines:
                said += operator.says(line)
        return said

    def counts_until_killed(self, words, seconds, *lines):
        """The numbers that the program `k0`, which the lines make, said to be
        durable before the power was cut; and all that was said."""
        with machine.Machine(machine.command(KERNEL, self.image, more=words),
                             DEADLINE) as computer:
            operator = Operator(computer)
            operator.says("proc disk remove", *lines)
            computer.type("proc k0 start\n") # the console is then never quiet
            screen, said, counts = machine.Screen(), [], False
            end = time.monotonic() + COUNTS
            while time.monotonic() < end:
                said += screen.feed(computer.read(seconds))
                if not counts and any(map(str.isdigit, said)):
                    counts, end = True, time.monotonic() + seconds
        return [int(line) for line in said if line.isdigit()], \
            operator.lines + said


def tool(*words):
    return subprocess.run(
        [sys.executable, os.path.join(HERE, "tools", "store.py"), *words],
        capture_output=True, text=True, check=False)

#!/usr/bin/python3
"""paging.*: what it costs to have less storage than programs.

paging.faults.*: faults of each policy on the same reference string, that of
`wander`, and of the optimum (Belady, 1966), which knows the future and is
computed here.  It is a lower bound: it has the same frames, but for the one
that stays, and three that wander needs for itself.

The others are instructions, all included, as tests/bench/toll.c counts them, or
as many as a swap took.
"""
import collections
import os
import re
import tempfile

from boot import BUILD, KERNEL # which finds the others
import dialogue
import image
import machine
import tap

DEADLINE = 300 # seconds
PROGRAMS = ["parents/s", "children/console", "children/wander",
            "parents/paged", "parents/swapped", "tests/toll"]
FRAMES, PAGES, STEPS = 104, 256, 20000
OTHERS = 4 # frames for no page that wander walks through
NEAR, PATIENCE = 24, 64 # as in children/wander.c


def reference_string():
    """The pages in the order in which wander touches them; malloc() clears
    them all at first."""
    yield from range(PAGES)
    dice = 1969

    def throw(sides):
        nonlocal dice
        dice = (dice * 6364136223846793005 + 1442695040888963407) % 2 ** 64
        return (dice >> 33) % sides

    place = 0
    for _ in range(STEPS):
        if throw(PATIENCE) == 0:
            place = throw(throw(throw(PAGES) + 1) + 1)
        yield (place + throw(NEAR)) % PAGES


def optimum(references, frames):
    """Faults, if always the page goes that is needed the longest time from
    now."""
    uses = collections.defaultdict(collections.deque)
    for when, page in enumerate(references):
        uses[page].append(when)
    present, faults = set(), 0
    for page in references:
        uses[page].popleft()
        if page in present:
            continue
        faults += 1
        if len(present) == frames:
            present.remove(max(present, key=lambda other: uses[other][0]
                               if uses[other] else len(references)))
        present.add(page)
    return faults


class Machine:
    def __init__(self, computer):
        self.lines = []
        self.typist = dialogue.Typist(computer, show=self.lines.append)

    def run(self, command):
        """What it said, in one line."""
        self.lines.clear()
        self.typist.line(f'new p size 6M buf 60 internal 40 image prog '
                         f'"{command}" run')
        self.typist.line("wait p finished, status")
        self.typist.until_ready()
        return re.sub(r"\s+", " ", " ".join(self.lines))

    def number(self, command, pattern):
        found = re.search(pattern, self.run(command))
        return int(found.group(1)) if found else 0


LEAST = r"toll \w+: (\d+)"
MOST = r"toll \w+: \d+, \d+, (\d+)"


def figures(computer):
    """(name, value, unit)"""
    for policy in ("fifo", "clock", "ws"):
        yield f"faults.{policy}", computer.number(
            f"paged frames={FRAMES} size=1500k policy={policy} wander {PAGES} "
            f"{STEPS}", r"(\d+) faults for a page"), "faults"
    yield "faults.optimum", optimum(list(reference_string()),
                                    FRAMES - OTHERS), "faults"
    for what in ("new", "store"):
        yield f"page.{what}", computer.number(
            f"paged frames=300 size=1500k toll {what} 200",
            LEAST), "instructions"
    again = "paged frames=100 room=%s policy=%s size=1500k toll again 200"
    for room in ("plain", "packed"):
        yield f"page.{room}", computer.number(again % (room, "fifo"),
                                              LEAST), "instructions"
    command = again % ("plain", "clock")
    round = computer.number(command, MOST) - computer.number(command, LEAST)
    yield "clock.page", round // 100, "instructions"
    for room in ("plain", "packed"):
        yield f"swap.{room}", 1000 * computer.number(
            f"swapped size=1200k quantum=1 room={room} toll keep 256, "
            "toll keep 256", r"swaps, of (\d+) us"), "instructions"


def main():
    writer = tap.Writer()
    found = {}
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        words = machine.command(
            KERNEL, image.make_of_built(os.path.join(folder, "paging.tar"),
                                        PROGRAMS), icount=machine.EXACT)
        with machine.Machine(words, DEADLINE) as computer:
            for name, value, unit in figures(Machine(computer)):
                found[name] = value
                print(f"bench paging.{name} {value} {unit}")
    writer.point(all(found.values()), "paging.all_is_measured", [str(found)])
    writer.point(found["faults.optimum"] < min(
        found[f"faults.{policy}"] for policy in ("fifo", "clock", "ws")),
                 "paging.none_is_better_than_the_optimum", [str(found)])
    writer.end()


if __name__ == "__main__":
    main()

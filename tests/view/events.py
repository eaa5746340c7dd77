#!/usr/bin/python3
"""What the view tells of a run adds up: the events, one after the other, lead
from the beginning to what the tables say in the end."""
import os
import sys

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ.get("KERNE_BUILD", os.path.join(HERE, "build"))
sys.path[:0] = [os.path.join(HERE, folder) for folder in ("tests", "tools")]

import machine  # noqa: E402 (found by the path above)
import tap  # noqa: E402
import watched  # noqa: E402

DEADLINE = 120 # seconds, of the machine
# Boot images of tests: conversations of every kind, processes that come and go,
# windows that change.
IMAGES = ["system.message", "system.control", "system.pseudo",
          "system.storage", "system.break", "system.external", "tree.limits"]
NEXT = {None: {"queued"}, "queued": {"received", "answered", "regretted"},
        "received": {"answered", "regretted"},
        "answered": {"returned"}}


class Fold:
    """What the events lead to; and what is wrong with one, in words."""

    def __init__(self):
        self.lives = {} # buffer: the last that happened to it
        self.regretted = set() # buffers whose answer nobody wants
        self.alive = {1}
        self.pages = {} # process: its pages with a window
        self.composed = {}
        self.given = {} # (process, kind): (received, given)
        self.runs = self.pays = None
        self.wrong = []

    def take(self, event):
        what = event["event"]
        method = getattr(self, "take_" + what, None)
        fault = self.take_life(event) if "buffer" in event else method(event)
        if fault:
            self.wrong.append(f"{fault}: {event}")

    def take_life(self, event):
        buffer, what = event["buffer"], event["event"]
        last = self.lives.pop(buffer, None)
        if what not in NEXT[last] | ({"queued"} if buffer in self.regretted
                                     else set()):
            return f"after `{last}`"
        if what == "regretted" and last == "received":
            self.regretted.add(buffer)
            self.lives[buffer] = last
        elif what == "answered" and buffer in self.regretted:
            self.regretted.discard(buffer)
        elif what in ("queued", "received", "answered"):
            self.lives[buffer] = what
        if what == "received" and event["process"] and \
                event["process"] not in self.alive:
            return "by nobody"
        return None

    def take_made(self, event):
        known = event["process"] in self.alive
        self.alive.add(event["process"])
        self.pages[event["process"]] = set()
        self.composed[event["process"]] = set()
        return "it was there" if known else \
            None if event["other"] in self.alive else "its parent is not there"

    def take_gone(self, event):
        if event["process"] not in self.alive:
            return "it was not there"
        self.alive.discard(event["process"])
        return None

    def take_started(self, event):
        return None if event["process"] in self.alive else "it is not there"

    take_stopped = take_removed = take_started

    def take_opened(self, event):
        first, count, _ = event["numbers"]
        self.pages.setdefault(event["process"], set()).update(
            range(first, first + count))

    def take_closed(self, event):
        first, count, _ = event["numbers"]
        pages = self.pages.setdefault(event["process"], set())
        missing = set(range(first, first + count)) - pages
        pages.difference_update(range(first, first + count))
        return f"{len(missing)} pages had no window" if missing else None

    def take_composed(self, event):
        first, count, _ = event["numbers"]
        self.composed.setdefault(event["process"], set()).update(
            range(first, first + count))

    def take_dropped(self, event):
        first, count, _ = event["numbers"]
        self.composed.setdefault(event["process"], set()).difference_update(
            range(first, first + count))

    def take_claim(self, event):
        received, given, kind = event["numbers"]
        self.given[event["process"], kind] = received, given
        return None if given <= received else "more than it received"

    def take_runs(self, event):
        self.runs = event["process"]
        return None if not self.runs or self.runs in self.alive \
            else "it is not there"

    def take_pays(self, event):
        self.pays = event["process"]


def windows_of(view, process):
    """Page -> whether composed."""
    found, page = {}, 0
    while page >= 0:
        said = view.look("windows", process, page)
        for window in said["windows"]:
            for number in range(window["count"]):
                found[window["page"] + number] = window["composed"]
        page = said["next"]
    return found


def run(image, view):
    """Until the machine has halted by itself."""
    words = machine.command(
        os.path.join(BUILD, "arch", "riscv", "kerne-checks"),
        os.path.join(BUILD, "tests", image + ".tar"),
        icount=machine.EXACT_ALONE, more=view.options())
    with machine.Machine(words, DEADLINE) as computer:
        computer.process.stdin.close()
        while computer.read() is not None:
            pass


def compare(writer, image, view):
    fold = Fold()
    count = 0
    for count, event in enumerate(view.events(), 1):
        fold.take(event)
    writer.point(count > 50 and not fold.wrong, f"events.{image}.follow",
                 [f"{count} events"] + fold.wrong[:20])
    state = view.look()
    open_now = {b["index"] for b in state["buffers"]}
    writer.point(set(fold.lives) == open_now, f"events.{image}.conversations",
                 [f"told {sorted(fold.lives)}, there {sorted(open_now)}"])
    alive = {p["index"] for p in state["processes"]}
    writer.point(fold.alive == alive, f"events.{image}.processes",
                 [f"told {sorted(fold.alive)}, there {sorted(alive)}"])
    there = {p: (claim[0], claim[2], kind) for p, kind, claim in
             ((p["index"], kind, claim) for p in state["processes"]
              for kind, claim in enumerate(p["claims"]))}
    wrong = [(p["index"], kind) for p in state["processes"]
             for kind, claim in enumerate(p["claims"])
             if fold.given.get((p["index"], kind),
                               (claim[0], claim[2])) != (claim[0], claim[2])]
    writer.point(there and not wrong, f"events.{image}.claims",
                 [f"of process and kind {wrong}"])
    wrong = []
    for process in alive - {1}:
        windows = windows_of(view, process)
        composed = {page for page, is_so in windows.items() if is_so}
        if set(windows) != fold.pages.get(process, set()) or \
                composed != fold.composed.get(process, set()):
            wrong.append(f"of process {process}: {len(windows)} pages, "
                         f"{len(composed)} composed; told "
                         f"{len(fold.pages.get(process, ()))} and "
                         f"{len(fold.composed.get(process, ()))}")
    writer.point(not wrong, f"events.{image}.storage", wrong)


def main():
    writer = tap.Writer()
    for image in IMAGES:
        with watched.Watched(BUILD, "kerne-checks") as view:
            run(image, view)
            compare(writer, image, view)
    writer.end()


if __name__ == "__main__":
    main()

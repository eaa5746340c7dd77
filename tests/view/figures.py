#!/usr/bin/python3
"""The figures of ./check bench are the same on the machine of view/machine as
on QEMU.  The device trees differ, and the clock is set by what the usual ones
take to be read: a tick may come an instruction earlier or later."""
import json
import os
import re
import subprocess

import view

import machine  # found by way of view
import tap

LINE = re.compile(r"^(?:# )?bench (\S+) (\S+)", re.MULTILINE)
IMAGES = ("bench", "extent")
FEW = 0.05      # of all figures
AS_MUCH_AS = 1  # instruction


def figures(entry, in_its_place):
    os.environ["KERNE_MACHINE"] = "view" if in_its_place else ""
    words = machine.command(view.KERNE, view.built(entry["image"]),
                            memory=entry["memory"],
                            append=entry["arguments"] or None,
                            icount=machine.EXACT_ALONE)
    ended = subprocess.run(words, stdin=subprocess.DEVNULL,
                           capture_output=True, check=False, timeout=500)
    return {name: float(value) for name, value in
            LINE.findall(ended.stdout.decode("utf-8", "replace"))}


def compare(writer, entry):
    theirs, ours = figures(entry, False), figures(entry, True)
    name = f"figures.{entry['name']}"
    writer.point(len(theirs) > 20 and theirs.keys() == ours.keys(),
                 f"{name}.are_the_same_ones",
                 sorted(theirs.keys() ^ ours.keys()))
    off = {figure: (theirs[figure], ours.get(figure, 0)) for figure in theirs
           if theirs[figure] != ours.get(figure)}
    why = [f"{figure}: {wanted:g} on QEMU, {has:g} here"
           for figure, (wanted, has) in off.items()]
    writer.point(len(off) <= FEW * len(theirs), f"{name}.are_equal", why)
    writer.point(all(abs(wanted - has) <= AS_MUCH_AS
                     for wanted, has in off.values()),
                 f"{name}.are_off_by_a_tick_at_most", why)


def main():
    writer = tap.Writer()
    with open(view.built("tests.json"), encoding="utf-8") as file:
        entries = json.load(file)
    for entry in entries:
        if entry["suite"] == "bench" and entry["name"] in IMAGES:
            compare(writer, entry)
    writer.end()


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""The store's clients and its machine end at any moment: nothing is lost but
what was under way."""
import random
import re
import tempfile
import time

from operated import BUILD, KERNEL, Operator
from stored import DEADLINE, Machines, store_line, tool

import disks  # found by way of operated
import machine
import tap

DEATHS = 60
KILLS = 20
MOMENTS = 0.05 # seconds, at most, that a client or machine is given
FREE = re.compile(r"^free: (\d+)(?: of \d+)? segments, (\d+)", re.M)


def start(name, words, how="run"):
    return f'new {name} size 2M buf 8 prog "keepsake {words}" {how}'


def deaths(writer, machines):
    """Of clients, by their operator; others come in their place."""
    path, dice = machines.path("mortal"), random.Random(1)
    tool("make", path, "--size", "8M")
    lines = []
    with machine.Machine(machine.command(KERNEL, machines.image,
                                         more=disks.words(path)),
                         DEADLINE) as computer:
        operator = Operator(computer)
        operator.says("proc disk remove", store_line())
        for number in range(DEATHS):
            name = f"k{number % 4}"
            if number >= 4:
                time.sleep(dice.random() * MOMENTS)
                operator.says(f"proc {name} remove")
            operator.says(start(
                name, "hold" if number % 5 == 4 else f"1000000 {number}"))
        for number in range(4):
            operator.says(f"proc k{number} remove")
        operator.says(start("k0", "200 1"), "wait k0 finished",
                      'new area prog "area set last 8" run',
                      "wait area finished")
        said = operator.says('new area prog "area search" run',
                             "wait area finished")
        lines = operator.lines
    writer.point("k0: good, 0 words wrong" in lines and
                 not any("WRONG" in line for line in lines),
                 "store.deaths.the_next_one_is_served", lines)
    writer.point(any(line.startswith("last ") for line in said) and
                 not any("in use" in line for line in said),
                 "store.deaths.no_use_is_left", said)
    done, listed = tool("check", path), tool("list", path)
    writer.point(done.returncode == 0, "store.deaths.leave_it_sound",
                 [done.stdout, done.stderr])
    free = FREE.search("\n".join(said)), FREE.search(listed.stdout)
    writer.point(None not in free and free[0].groups() == free[1].groups(),
                 "store.deaths.accounts_are_whole", said + [listed.stdout])


def kills(writer, machines):
    """Of QEMU, as by a power cut: what was answered is there."""
    path, out = machines.path("killed"), machines.path("out")
    dice = random.Random(1)
    tool("make", path, "--size", "4M")
    before, faults = 0, []
    for number in range(KILLS):
        said, lines = machines.counts_until_killed(
            disks.words(path), dice.random() * MOMENTS, store_line(),
            start("k0", "count", "create load"))
        done = tool("export", path, "count", out) # if all is sound
        with open(out, "rb") as file:
            found = int.from_bytes(file.read(8), "little")
        if done.returncode != 0 or said[0] != before + 1 or \
                found < said[-1]:
            faults += [f"kill {number}: from {before} on, {said} were said, "
                       f"{found} is there", done.stdout, done.stderr] + lines
        before = found
    writer.point(not faults, f"store.{KILLS}_kills_lose_nothing", faults)


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        machines = Machines(folder)
        deaths(writer, machines)
        kills(writer, machines)
    writer.end()


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""Who broke, gave up or finished is charged for nothing any more.

s works on, for the operator, while such children stay; their time, and what
`list` says of them, must stand still.
"""
import os
import re

from operated import BUILD, KERNEL, Operator

import machine  # found by way of operated
import tap

DEADLINE = 400 # seconds, of the machine
CHILDREN = {
    "broken": ('new broken prog "crash load" run', "broken +its parent"),
    "gave": ('new gave prog "crash giveup" run', "gave up +s2?"),
    "ended": ("new ended keep prog hello run", "finished +s2?"),
}


def row(name, said):
    """What list said last of this child."""
    found = [line.strip() for line in said
             if line.startswith(f"  {name} ") and "/" in line]
    return found[-1] if found else "not listed"


def stand_still(writer, where, operator):
    for name, (line, state) in CHILDREN.items():
        operator.says(line, "wait it stays")
        first = row(name, operator.says("list"))
        last = row(name, operator.says(*["list"] * 15))
        good = re.match(f"{name} +{state} ", first) is not None
        writer.point(good, f"ended.{where}.{name}.is_listed_as_such", [first])
        writer.point(first == last, f"ended.{where}.{name}.is_not_charged",
                     [f"first {first}", f"then  {last}"])


def go_on(writer, operator):
    """One that broke tries again; one that has ended is not started."""
    said = operator.says("proc broken registers", "start", "wait broke",
                         "break", "print", "remove")
    writer.point(any("broken is broken" in line for line in said) and
                 any("broken broke: page fault" in line for line in said),
                 "ended.broken.tries_again_at_start", said)
    said = operator.says("proc gave start", "proc ended start")
    writer.point(any("there, but gave up" in line for line in said) and
                 any("there, but has finished" in line for line in said),
                 "ended.start_is_refused", said)


def main():
    writer = tap.Writer()
    words = machine.command(KERNEL, os.path.join(BUILD, "image.tar"))
    with machine.Machine(words, DEADLINE) as computer:
        operator = Operator(computer)
        stand_still(writer, "at_the_root", operator)
        go_on(writer, operator)
        operator.says("new s2 size 8M internal 60 buf 100 image prog s run",
                      "wait To begin", "to s2")
        stand_still(writer, "inside", operator)
        go_on(writer, operator)
    writer.end()


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""The same random programs with the fast path and without: no difference.

It is left out by a boot argument, or, for every other seed, of the build.  The
image hostile.equality (equality.c) keeps a journal of what each call gave, all
registers of it, and of what its root was told of all processes.  It prints a
digest for each round; where those of two boots differ, both are booted again to
print that round in full, and the first entry that differs is shown.

With an argument, the second boot is of that nucleus, and as the first: to see
this test fail.
"""
import os
import sys

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ.get("KERNE_BUILD", os.path.join(HERE, "build"))
sys.path[:0] = [os.path.join(HERE, "tests"), os.path.join(HERE, "tools")]

import machine  # noqa: E402 (found by the path above)
import tap  # noqa: E402

KERNEL = os.path.join(BUILD, "arch", "riscv", "kerne")
PLAIN = os.path.join(BUILD, "arch", "riscv", "kerne-plain")
IMAGE = os.path.join(BUILD, "tests", "hostile.equality.tar")
SLICE = "slice=10000000" # microseconds: nobody's turn ends, see equality.c
SEEDS = range(1, 5)
ROUNDS = 60
DEADLINE = 600 # seconds, of one boot

WORDS = ["who", "function", "its a0", "its a1", "its a2", "its t2", "floats",
         "-", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1",
         *[f"a{i}" for i in range(8)], *[f"s{i}" for i in range(2, 12)],
         *[f"t{i}" for i in range(3, 7)]]


def boot(kernel, arguments):
    """The lines that the image prints; what has been said at the deadline."""
    screen = machine.Screen()
    lines = []
    words = machine.command(kernel, IMAGE, icount=machine.EXACT_ALONE,
                            append=f"{SLICE} {arguments}")
    with machine.Machine(words, DEADLINE) as computer:
        computer.process.stdin.close()
        try:
            while (text := computer.read()) is not None:
                lines += screen.feed(text)
                if any(machine.PANIC.match(line) for line in lines):
                    break
        except TimeoutError:
            lines.append(f"stopped after {DEADLINE} s")
    return lines


class Pair:
    """Two ways to boot the same; each has a name and further arguments."""

    def __init__(self, seed, other):
        self.seed = seed
        self.ways = [("fast", KERNEL, "")]
        self.ways += [("other", other, "")] if other else \
            [("general", KERNEL, "fast=off")] if seed % 2 else \
            [("plain", PLAIN, "")]

    def run(self, arguments):
        return [boot(kernel, f"{more} -- seed={self.seed} {arguments}")
                for _, kernel, more in self.ways]

    def names(self):
        return [name for name, _, _ in self.ways]


def chosen(lines, beginning):
    return [line for line in lines if line.startswith(beginning)]


def first_difference(one, other):
    """The index of the first that differs, or is in one list only."""
    for i, (left, right) in enumerate(zip(one, other)):
        if left != right:
            return i
    return min(len(one), len(other))


def words_of(entries, index):
    if index >= len(entries):
        return ["(none)"] * len(WORDS)
    return entries[index].split()[2:]


def explain(pair, number):
    """The first entry of this round that differs, in words."""
    outputs = pair.run(f"rounds={number + 1} shown={number}")
    one, other = [chosen(lines, "# entry ") for lines in outputs]
    at = first_difference(one, other)
    if at == len(one) == len(other):
        return [f"round {number} differs behind its first {at} entries, or "
                "not when it is shown"]
    yes, no = words_of(one, at), words_of(other, at)
    common = [f"{name} {left}" for name, left, right in zip(WORDS, yes, no)
              if left == right and name in WORDS[:6]]
    return [f"round {number}, entry {at}: " + ", ".join(common),
            *[f"  {name}: {left} {pair.names()[0]}, {right} "
              f"{pair.names()[1]}"
              for name, left, right in zip(WORDS, yes, no) if left != right]]


def ended(lines):
    return bool(chosen(lines, "ok 1 - ")) and "1..1" in lines


def compare(writer, seed, other):
    pair = Pair(seed, other)
    outputs = pair.run(f"rounds={ROUNDS}")
    for name, lines in zip(pair.names(), outputs):
        writer.point(ended(lines), f"paths_equal.{name}.seed_{seed}",
                     lines[-5:])
    one, other = [chosen(lines, "# round ") for lines in outputs]
    same = one == other and len(one) == ROUNDS
    why = [] if same else explain(pair, first_difference(one, other))
    writer.point(same, f"paths_equal.same.seed_{seed}", why)


def main():
    writer = tap.Writer()
    other = sys.argv[1] if len(sys.argv) > 1 else None
    for seed in SEEDS:
        compare(writer, seed, other)
    writer.end()


if __name__ == "__main__":
    main()

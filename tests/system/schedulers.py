#!/usr/bin/python3
"""Three parents that are their children's schedulers: who ran when.

The machine's time is its count of instructions, so each run is the same.
"""
import os
import re

import operated
from operated import BUILD

import machine  # found by way of operated
import tap

DEADLINE = 1500 # seconds, of the machine
KERNEL = os.path.join(BUILD, "arch", "riscv", "kerne")
CLAIMS = "share 1000 size 2M internal 10 buf 40 image"
# While the machine is idle, its time follows the computer's, which may be busy
# with other things.  This one computes when nobody else does.  A turn of it is
# an eighth of a slice at least (time.c): its due for 12 slices beside a share
# of 100, but for 120 beside 1000, which is longer than any period here.
NEVER_IDLE = 'new busy share 1 prog "primes 1000000000" run'
NEAR = 8 # milliseconds


class Operator(operated.Operator):
    def runs(self, program, arguments, claims=CLAIMS):
        return self.says(f'new {program} {claims} prog "{program} {arguments}"'
                         " run", f"wait {program} finished")


def chart(said):
    """name -> its row, and whether no two have the same column."""
    rows = {}
    for line in said:
        found = re.fullmatch(r"([a-h]) ([#.]{60})", line)
        if found:
            rows[found.group(1)] = found.group(2)
    alone = all(column.count("#") <= 1 for column in zip(*rows.values()))
    return rows, alone and bool(rows)


def numbers(pattern, said):
    """The groups of the first line that matches, as numbers."""
    for line in said:
        found = re.search(pattern, line)
        if found:
            return [int(group) for group in found.groups()]
    return None


def columns(row):
    return [i for i, cell in enumerate(row) if cell == "#"]


def is_near(number, wanted, by):
    return abs(number - wanted) <= by


# ---- first come, first served ------------------------------------------------

def served(name, said):
    """When it arrived, how long it waited, took and had, in milliseconds."""
    return numbers(rf"^{name} arrived at (\d+) ms, waited (\d+), took (\d+), "
                   r"and had (\d+)", said)


def fcfs(writer, operator):
    said = operator.runs("fcfs", "0 primes 300000, 90 primes 200000, "
                         "10 primes 250000, 20 crash load, 500 hello")
    order = [line[0] for line in said if " arrived at " in line]
    writer.point(order == list("acdbe"), "fcfs.in_order_of_arrival", said)
    rows, alone = chart(said)
    places = [columns(rows.get(name, "")) for name in "acb"]
    in_a_row = all(place and place == list(range(place[0], place[-1] + 1))
                   for place in places)
    writer.point(alone and in_a_row and
                 places == sorted(places), "fcfs.each_runs_to_its_end", said)
    a, b, c, e = [served(name, said) or [0] * 4 for name in "abce"]
    writer.point(is_near(a[1], 0, NEAR) and is_near(c[1], a[2] - 10, NEAR) and
                 is_near(b[1], a[2] + c[2] - 90, NEAR) and
                 is_near(e[1], 0, NEAR),
                 "fcfs.waits_for_those_before", said)
    writer.point(all(job[2] > 0 and is_near(job[2], job[3], NEAR)
                     for job in (a, b, c)),
                 "fcfs.has_the_machine_for_itself", said)
    times = [served(name, said) or [0] * 4 for name in "acdbe"]
    ends = [arrived + waited + took for arrived, waited, took, _ in times]
    began = [arrived + waited for arrived, waited, _, _ in times]
    average = sum(end - job[0] for end, job in zip(ends, times)) // len(times)
    writer.point(all(end <= next for end, next in zip(ends, began[1:])) and
                 numbers(r"who ran when, in (\d+) ms", said)[0] in
                 (ends[-1], ends[-1] + 1) and
                 numbers(r"on average (\d+) ms", said) == [average],
                 "fcfs.times_add_up", said)
    writer.point(any(line.startswith("d broke: page fault") for line in said),
                 "fcfs.goes_on_when_one_breaks", said)


# ---- lottery -----------------------------------------------------------------

def lottery(writer, operator):
    said = operator.runs("lottery", "3 primes 2000000, 2 primes 2000000, "
                         "1 primes 2000000")
    job = {name: numbers(rf"^  {name}: tickets (\d+), draws (\d+), "
                         r"time (\d+) %", said) or [0] * 3 for name in "abc"}
    draws = sum(drawn for _, drawn, _ in job.values()) or 1
    writer.point(draws > 150 and all(
        is_near(100 * drawn / draws, 100 * tickets / 6, 7)
        for tickets, drawn, _ in job.values()),
        "lottery.draws_go_by_tickets", said)
    writer.point(all(is_near(100 * drawn / draws, time, 2)
                     for _, drawn, time in job.values()),
                 "lottery.time_goes_by_draws", said)
    rows, alone = chart(said)
    ends = [max(columns(rows.get(name, "")), default=0) for name in "abc"]
    writer.point(alone and ends == sorted(ends),
                 "lottery.one_at_a_time_and_more_tickets_end_sooner", said)
    changes = sum(1 for i in range(ends[0])
                  if rows["a"][i] != rows["a"][i + 1])
    writer.point(changes >= 10, "lottery.draws_again_each_time", said)


# ---- earliest deadline first -------------------------------------------------

def deadlines(name, said):
    return numbers(rf"^{name}: period .* met (\d+), missed (\d+)$", said) \
        or [0, 0]


def load(said):
    return (numbers(r"^load (?:more than )?(\d+) %$", said) or [0])[0]


LIGHT = "100 primes 280000, 300 primes 400000"
HEAVY = "100 primes 280000, 300 primes 530000"


def edf(writer, operator):
    said = operator.runs("edf", LIGHT)
    writer.point(80 < load(said) <= 100, "edf.load_below_1", said)
    writer.point(deadlines("a", said) == [30, 0] and
                 deadlines("b", said)[1] == 0 and
                 deadlines("b", said)[0] >= 9, "edf.misses_none", said)
    rows, alone = chart(said)
    # Each of the short periods has two columns, of which a needs the first; b
    # needs the second of two of the three in a long one.
    writer.point(alone and
                 {i % 2 for i in columns(rows["a"])} == {0} and
                 {i % 6 for i in columns(rows["b"])} == {1, 3} and
                 len(columns(rows["a"])) == 30, "edf.the_first_deadline_runs",
                 said)
    said = operator.runs("edf", f"shares {LIGHT}")
    writer.point(80 < load(said) <= 100 and deadlines("a", said)[1] >= 10,
                 "edf.equal_shares_miss_with_the_same_load", said)
    said = operator.runs("edf", HEAVY)
    missed = deadlines("a", said)[1] + deadlines("b", said)[1]
    writer.point(missed > 0, "edf.misses_some_when_load_is_above_1", said)
    said = operator.runs("edf", f"shares {HEAVY}")
    writer.point(load(said) > 100, "edf.load_above_1", said)


# ---- mistakes ----------------------------------------------------------------

MISTAKES = [
    ("fcfs", "hello", CLAIMS, "expected a number up to 1000000, a program"),
    ("fcfs", "0 hello,", CLAIMS, "expected a number"),
    ("fcfs", "0, hello", CLAIMS, "expected a number"),
    ("fcfs", "9999999999999999999999 hello", CLAIMS, "expected a number"),
    ("fcfs", "-1 hello", CLAIMS, "expected a number"),
    ("fcfs", "0 nobody", CLAIMS, "the boot image has no file `nobody`"),
    ("fcfs", ", ".join(["0 hello"] * 9), CLAIMS, "it runs 8 jobs at most"),
    ("fcfs", "0 hello", "size 2M internal 10 buf 40", "say `image`"),
    ("fcfs", "0 hello", "size 2M internal 0 buf 40 image", "is not presented"),
    ("fcfs", "0 hello", "size 100k internal 10 buf 40 image", "needs"),
    ("lottery", "0 hello", CLAIMS, "has no ticket"),
    ("edf", "0 hello", CLAIMS, "a period of 0 ms"),
    ("edf", "shares", CLAIMS, "expected a number"),
]


def mistakes(writer, operator):
    for program, arguments, claims, words in MISTAKES:
        said = operator.says(
            f'new {program} {claims} prog "{program} {arguments}" run',
            f"wait {program} gave up", f"proc {program} remove")
        # a long line is broken in two
        text = re.sub(r"\s+", " ", " ".join(said))
        writer.point(re.search(words, text) is not None,
                     f"mistake.{program} `{arguments}` {claims}", said)


def main():
    writer = tap.Writer()
    words = machine.command(KERNEL, os.path.join(BUILD, "image.tar"),
                            icount=machine.EXACT)
    with machine.Machine(words, DEADLINE) as computer:
        operator = Operator(computer)
        operator.says(NEVER_IDLE)
        fcfs(writer, operator)
        lottery(writer, operator)
        edf(writer, operator)
        operator.says("proc busy remove")
        mistakes(writer, operator)
    writer.end()


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""Stores above stores, three deep, and above others that take segments: what is
kept is there after the power was off, and what the disk below does not do is
refused in words."""
import random
import tempfile

from operated import BUILD
from stored import OWN, Machines, area, store_line, tool

import disks  # found by way of operated
import tap

KILLS = 6
MOMENTS = 0.2 # seconds, at most, that a machine is given


def store(name, *words, how="run"):
    words = " ".join((OWN, "make", "shared", *words))
    return f'new {name} size 3M buf 60 internal 4 prog "{words}" {how}'


def room_for(upper, lower, name, segments):
    """An area of the store `lower`, for the store `upper`."""
    return (*area(f"of={lower} set {name} {segments}"),
            *user_of(upper, lower, name))


def user_of(upper, lower, name):
    """Users are not on the disk."""
    return area(f"of={lower} include {name} {upper}")


# The first is above the disk; the last has the name by which clients know it.
BASE = store_line().replace("new store", "new base")
ROOMS = (*room_for("middle", "base", "box", 10000),
         store("middle", "on=box of=base"),
         *room_for("store", "middle", "deep", 8000),
         store("store", "on=deep of=middle"))
AGAIN = (*user_of("middle", "base", "box"), store("middle", "on=box of=base"),
         *user_of("store", "middle", "deep"),
         store("store", "on=deep of=middle"))

COUNTER = 'new k0 size 2M buf 8 prog "keepsake count" create load'


def inner_disk(machines, path):
    """The disk of the innermost store, if all three are sound; and why not."""
    box, deep = machines.path("box"), machines.path("deep")
    done = [tool("check", path), tool("export", path, "box", box),
            tool("check", box), tool("export", box, "deep", deep),
            tool("check", deep)]
    said = [text for one in done for text in (one.stdout, one.stderr)]
    return (deep if all(one.returncode == 0 for one in done) else None), said


def three_deep(writer, machines):
    path, out = machines.path("disk"), machines.path("out")
    tool("make", path, "--size", "16M")
    words = disks.words(path)
    said = machines.runs(words, BASE, *ROOMS, *area("set poem 8"),
                         *area("write poem 3 kilroy"))
    writer.point(said[-1] == "area finished, status 0",
                 "store.nested.is_a_store", said)
    said = machines.runs(words, BASE, *AGAIN, *area("read poem 3"),
                         'new k0 size 2M buf 8 prog "keepsake 600 1" run',
                         "wait k0 finished")
    writer.point("kilroy" in said, "store.nested.survives_power_off", said)
    writer.point("k0: good, 0 words wrong" in said,
                 "store.nested.gives_what_it_got", said)
    deep, why = inner_disk(machines, path)
    writer.point(deep is not None, "store.nested.each_is_sound", why)
    done = tool("export", deep or path, "poem", out)
    with open(out, "rb") as file:
        writer.point(done.returncode == 0 and b"kilroy" in file.read(),
                     "store.nested.lies_in_areas", [done.stdout, done.stderr])


def kills(writer, machines):
    """Of QEMU: what the innermost store has answered for is on the disk."""
    path, out = machines.path("killed"), machines.path("out")
    dice = random.Random(1)
    tool("make", path, "--size", "16M")
    machines.runs(disks.words(path), BASE, *ROOMS)
    faults = []
    for number in range(KILLS):
        said, lines = machines.counts_until_killed(
            disks.words(path), dice.random() * MOMENTS, BASE, *AGAIN, COUNTER)
        deep, why = inner_disk(machines, path)
        found = 0
        if deep and tool("export", deep, "count", out).returncode == 0:
            with open(out, "rb") as file:
                found = int.from_bytes(file.read(8), "little")
        if deep is None or not said or found < said[-1]:
            faults += [f"kill {number}: {said} were said, {found} is there",
                       *why, *lines]
            break
    writer.point(not faults, f"store.nested.{KILLS}_kills_lose_nothing", faults)


def joined(said):
    """Long lines are broken."""
    return " ".join(line.strip() for line in said)


def loses_its_disk(writer, machines):
    """Its user is excluded, or the store below it removed."""
    for what, lines, first, then in (
            ("excluded", area("of=base exclude box middle"),
             "the area's owner has ended this use",
             "another one owns the area, and the sender is no user of it"),
            ("removed", ("proc base remove",), "the receiver does not exist",
             "the receiver does not exist")):
        path = machines.path(what)
        tool("make", path, "--size", "16M")
        said = joined(machines.runs(disks.words(path), BASE, *ROOMS[:7],
                                    *lines[:1], "wait middle gave up"))
        writer.point(f"box is in use no more: {first}; what no flush has "
                     "followed may be lost" in said and
                     f"middle gave up: it has no disk that it can use: {then}"
                     in said, f"store.nested.{what}.is_told", said.split("> "))


def silent(writer, machines):
    """The store below it is stopped for a while."""
    path = machines.path("silent")
    tool("make", path, "--size", "16M")
    said = machines.runs(
        disks.words(path), BASE, *ROOMS[:7], "proc base stop",
        *area("of=middle set poem 8"), *area("of=middle set other 8"),
        "proc base start", "wait may be lost", *area("of=middle set more 8"),
        *area("of=middle search"))
    writer.point("poem: the device does not answer" in said and
                 "other: the device does not answer" in said,
                 "store.silent.clients_are_answered", said)
    writer.point("box has not answered for 30 s; what no flush has followed "
                 "may be lost" in joined(said) and
                 any(line.startswith("more   ") for line in said) and
                 not any(line.startswith("poem   ") for line in said),
                 "store.silent.goes_on_when_it_answers", said)


def above_others(writer, machines):
    """The bare driver; and what is none."""
    path = machines.path("bare")
    with open(path, "wb") as file:
        file.truncate(16 << 20)
    said = machines.says(disks.words(path), store("store", "on=disk"),
                         *area("set poem 8"), *area("write poem 0 kilroy"))
    done = tool("check", path)
    writer.point(done.returncode == 0 and
                 said[-1] == "area finished, status 0",
                 "store.above.a_driver", said + [done.stdout, done.stderr])
    said = machines.says(disks.words(path, read_only=True),
                         store("store", "on=disk"), *area("read poem 0"),
                         *area("set other 8"))
    writer.point("kilroy" in said and
                 "other: the disk can be read only" in joined(said),
                 "store.above.what_can_be_read_only", said)
    for words, text in (
            ("on=nobody", "nobody: nothing in sight has this name"),
            ("on=box of=nobody", "nobody: nothing in sight has this name"),
            ("on=box of=base", "it has no disk that it can use: it has no area "
             "of this name"),
            ("on=small of=base", "a disk of 10 pages is too small for 512")):
        said = machines.runs(disks.words(path), BASE,
                             *room_for("store", "base", "small", 80),
                             store("store", words), "wait store gave up")
        writer.point("store gave up: " + text in joined(said),
                     f"store.above.refuses `{words}`", said)


def timeless(writer, machines):
    """No clock that is in sight answers: that is no time to commit after each
    change."""
    path = machines.path("timeless")
    tool("make", path, "--size", "8M")
    said = machines.says(disks.words(path), "new timeless size 12M buf 120 "
                         "internal 10 image run", "wait client finished")
    done = tool("check", path)
    writer.point("no clock answers: it flushes only when it is asked" in
                 joined(said) and "generation 1," in done.stdout,
                 "store.a_clock_that_does_not_answer", said + [done.stdout])


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        machines = Machines(folder)
        three_deep(writer, machines)
        kills(writer, machines)
        loses_its_disk(writer, machines)
        silent(writer, machines)
        above_others(writer, machines)
        timeless(writer, machines)
    writer.end()


if __name__ == "__main__":
    main()

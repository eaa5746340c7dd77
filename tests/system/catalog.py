#!/usr/bin/python3
"""The store that s starts on the machine's disk, and what s does with it."""
import os
import re
import subprocess
import sys
import tempfile

from operated import BUILD, HERE, KERNEL, Operator
from stored import tool

import disks  # found by way of operated
import image
import machine
import tap

DEADLINE = 120 # seconds, of each machine
PROGRAMS = ("parents/s", "parents/store", "children/console", "children/disk",
            "children/area", "children/hello", "tests/liar")


def elf(program):
    return os.path.join(BUILD, program + ".elf")


class Machines:
    """Machines with the same image, each with a disk of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.image = os.path.join(folder, "made.tar")
        image.make_image(self.image, [elf(name) for name in PROGRAMS],
                         None, image.usual_loader())

    def path(self, name, data=None):
        """Of a new disk with these bytes, or a store's of 8 MiB."""
        path = os.path.join(self.folder, name)
        if data is None:
            tool("make", path, "--size", "8M")
        else:
            with open(path, "wb") as file:
                file.write(data)
        return path

    def runs(self, words, *lines, memory="128M"):
        """What is said, long lines in one; the machine is then cut off."""
        with machine.Machine(machine.command(KERNEL, self.image, more=words,
                                             memory=memory),
                             DEADLINE) as computer:
            return joined(Operator(computer).says(*lines))

    def with_program(self, name):
        """The path of a store's disk that has the program `mine`."""
        path = self.path(name)
        tool("import", path, elf("children/hello"), "mine")
        return path


def joined(said):
    """Lines of which the console made several are one again."""
    lines = []
    for line in said:
        if line.startswith("    ") and lines:
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
    return lines


def one_with(said, *words):
    """Whether there is one line in which all these stand."""
    return any(all(word in line for word in words) for line in said)


# ---- the store of s --------------------------------------------------------

SEARCH = ('new area prog "area search" run', "wait area finished")


def started(writer, machines):
    """On a blank disk it makes a store; when it breaks, it comes again."""
    path = machines.path("blank", bytes(8 << 20))
    said = machines.runs(disks.words(path), *SEARCH, "devices", "set one 8",
                         "clear one")
    writer.point(one_with(said, "free: ", "512 of 512 entries") and
                 "   8  disk    0x10008000  store" in said,
                 "catalog.store.is_made_on_a_blank_disk", said)
    done = tool("check", path)
    writer.point(done.returncode == 0, "catalog.store.is_sound",
                 [done.stdout, done.stderr])
    said = machines.runs(
        disks.words(path), "proc store remove",
        'prog "store shared commit=1" init include 8 start', *SEARCH)
    writer.point("store has disk: registers at 0x10008000, interrupt line 8" in
                 said and one_with(said, "512 of 512 entries"),
                 "catalog.store.is_made_anew_by_its_operator", said)


def foreign(writer, machines):
    """A disk that holds something else stays as it is, and is to be had."""
    junk = b"something else " * 70000
    junk = junk[:len(junk) // disks.SEGMENT * disks.SEGMENT]
    path = machines.path("foreign", junk)
    said = machines.runs(disks.words(path), "wait its bare driver", "list",
                         "devices")
    writer.point(one_with(said, "store gave up: neither root is whole: it is "
                          "no store, or damaged; s has removed it") and
                 "the disk has its bare driver, `disk`" in said and
                 "   8  disk    0x10008000  disk" in said and
                 not one_with(said, "  store "),
                 "catalog.foreign.has_the_bare_driver", said)
    with open(path, "rb") as file:
        writer.point(file.read() == junk, "catalog.foreign.is_as_it_was")


def read_only(writer, machines):
    path = machines.path("read_only")
    text = machines.path("text", b"of the host")
    tool("import", path, text)
    said = machines.runs(disks.words(path, read_only=True), *SEARCH)
    writer.point(one_with(said, "text ", " 8 ") and
                 one_with(said, "511 of 512 entries"),
                 "catalog.read_only.is_read", said)
    blank = machines.path("blank_read_only", bytes(8 << 20))
    said = machines.runs(disks.words(blank, read_only=True), *SEARCH,
                         'new area prog "area set x 8" run',
                         "wait area finished")
    writer.point(one_with(said, "512 of 512 entries") and
                 one_with(said, "x: the disk can be read only; `./run"),
                 "catalog.read_only.is_empty", said)


def small(writer, machines):
    """Without storage for a store, or without a disk."""
    path = machines.path("small")
    said = machines.runs(disks.words(path), "devices", memory="16M")
    writer.point("   8  disk    0x10008000  disk" in said,
                 "catalog.small_machine.has_the_bare_driver", said)
    said = machines.runs([], *SEARCH[:1], "wait area gave up", "list")
    writer.point(one_with(said, "store: nothing in sight") and
                 not one_with(said, "  store"), "catalog.no_disk", said)


# ---- commands --------------------------------------------------------------

SOURCE = """#include <stdio.h>
static char cleared[100000];
static int there[2000] = { 7 };
int main(int argc, char **argv)
{
    int sum = there[0];
    for (unsigned i = 0; i < sizeof cleared; i++) { sum += cleared[i]; }
    printf("%s %d\\n", argc > 1 ? argv[1] : "nothing", sum + there[1999]);
}
"""


def compiled(writer, machines):
    """A program of the host's, in the three commands of the manual."""
    path = machines.path("host")
    with open(machines.path("own.c", b""), "w", encoding="ascii") as file:
        file.write(SOURCE)
    done = subprocess.run(
        [sys.executable, os.path.join(HERE, "tools", "run.py"), "--compile",
         "own.c"], cwd=machines.folder, capture_output=True, text=True,
        check=False, env=dict(os.environ, KERNE_BUILD=BUILD))
    tool("import", path, os.path.join(machines.folder, "own.elf"))
    said = machines.runs(disks.words(path), "files",
                         'new own prog "own word" run', "wait own finished")
    writer.point(one_with(said, "store/own ", "program, wants size ") and
                 "word 7" in said, "catalog.compiled_elsewhere",
                 said + [done.stdout, done.stderr])


def areas(writer, machines):
    path = machines.path("areas")
    said = machines.runs(
        disks.words(path), "set one 20", "set one 20", "set two 99999999",
        "set Two 1", "rename one three", "rename one four", "resize three 41",
        "lookup three", "lookup one", "set gone 8", "clear gone", "clear gone",
        "search")
    for text in ("not allowed: set one: an area has this name already",
                 "no segments: 99999999 wanted, ", "name ill-formed: `Two`",
                 "name unknown: the store has no area `one`",
                 "name unknown: the store has no area `gone`",
                 "three                 48  permanent  -", "free: "):
        writer.point(one_with(said, text), f"catalog.says `{text}`", said)
    said = machines.runs(disks.words(path), "search")
    writer.point(one_with(said, "three                 48  permanent  -") and
                 one_with(said, "511 of 512 entries"),
                 "catalog.names_survive_power_off", said)


def programs(writer, machines):
    """A program that was compiled elsewhere, at each depth."""
    path = machines.with_program("programs")
    run = ("new mine run", "wait mine finished")
    for what, lines in (
            ("at_the_root", run), ("nested", ("nest 1", "wait To begin", *run)),
            ("three_deep", ("nest 2", "wait To begin", *run, "files"))):
        said = machines.runs(disks.words(path), "files", *lines)
        writer.point("Hello. I am a process; my parent started me." in said and
                     one_with(said, "mine finished, status 0") and
                     one_with(said, "store/mine", "program, wants size 36k"),
                     f"catalog.program_runs.{what}", said)
    text = machines.path("text", b"no program")
    tool("import", path, text)
    said = machines.runs(
        disks.words(path), "new text run", "new mine size 16k run",
        "new hello run", "wait hello finished",
        "new hello prog store/hello run",
        "new here create prog store/mine load start", "wait here finished",
        "new nothing run", "max")
    for text in ("not allowed: the file text is no program",
                 "program too big: mine needs 36 k, mine has 16 k",
                 "name unknown: the store has no area `hello`",
                 "here finished, status 0",
                 "name unknown: neither the boot image has a file `nothing`"):
        writer.point(one_with(said, text), f"catalog.says `{text}`", said)
    writer.point(one_with(said, "processes        4094          3          8"),
                 "catalog.what_is_refused_is_not_left_behind", said)


def uses(writer, machines):
    """An area in use is a process; it ends with its name, and with its store.
    """
    path = machines.path("uses")
    said = machines.runs(
        disks.words(path), "set poem 8", "use poem", "use poem", "clear poem",
        "search", "proc poem remove", "use poem read", "search",
        "proc poem remove", "use poem", "use nothing", "list",
        "proc store break", "proc store remove", "list")
    for text in ("name taken: poem is a name for another process",
                 "not allowed: clear poem: in use for writing; `proc NAME "
                 "remove` ends a use of s",
                 "poem                   8  permanent  -                in use",
                 "poem is nobody's name any more",
                 "  poem          stands for store",
                 "name unknown: the store has no area `nothing`"):
        writer.point(one_with(said, text), f"catalog.says `{text}`", said)
    writer.point(sum("  in use" in line for line in said) == 1 and
                 sum("  poem  " in line for line in said) == 1,
                 "catalog.uses.end", said)
    outer, inner = "to s/s2", "to s/s2/s3"
    said = machines.runs(
        disks.words(path), "use poem", "nest 2", "wait To begin", outer,
        "use poem", "list", inner, "use poem", "list")
    writer.point(sum("  poem          stands for outside" in line
                     for line in said) == 2 and
                 not one_with(said, "not allowed"),
                 "catalog.uses.are_passed_on_at_each_depth", said)
    said = machines.runs(
        disks.words(path), "nest 2", "wait To begin", outer, "set own 8",
        "use own", "lookup own", inner, "use own", "proc own remove",
        "set other 8", "use other")
    writer.point(one_with(said, "own                    8  permanent  s2"
                          "               in use"),
                 "catalog.uses.of_a_nested_system", said)
    writer.point(one_with(said, "not allowed: use other: the store stands "
                          "further out"), "catalog.uses.too_far_out", said)


def accounts_in(said):
    """What s has in use, whenever `list` said it: buffers and processes."""
    return [re.search(r"(\d+)/16k +(\d+)/4094", line).groups()
            for line in said if re.match("s +running ", line)]


def claims(writer, machines):
    """What the store has, too, comes from the parent and goes back there."""
    path = machines.path("claims")
    area = 'new boss entries 2 segments 40 prog "area {}" keep run'
    said = machines.runs(
        disks.words(path), area.format("set one 24"), "wait boss finished",
        "claims", "list short", "max", "proc store break", "remove",
        'prog "store shared" init include 8 start', "proc boss claims",
        "proc boss remove", "max",
        'new other entries 1 segments 8 prog "area set two 24" run',
        "wait other finished", "clear one", "max")
    rows = [line.split() for line in said
            if line.startswith(("entries ", "segments "))]
    writer.point(rows[:4] == [["entries", "2", "1", "0", "1"],
                              ["segments", "40", "24", "0", "16"],
                              ["entries", "512", "0", "2", "510"],
                              ["segments", "15552", "0", "40", "15512"]],
                 "catalog.claims.are_given", said)
    writer.point(one_with(said, "  boss          finished") and
                 [line for line in said if "of the store:" in line] ==
                 ["boss has of the store: entries 2, segments 40"],
                 "catalog.claims.are_listed", said)
    writer.point(rows[4:8] == rows[:2] + [
        ["entries", "512", "1", "0", "511"],
        ["segments", "15552", "24", "0", "15528"]],
                 "catalog.claims.a_new_store_is_told", said)
    writer.point(one_with(said, "two: 24 segments wanted, 8 left") and
                 rows[8:] == [["entries", "512", "0", "0", "512"],
                              ["segments", "15552", "0", "0", "15552"]],
                 "catalog.claims.come_back", said)
    said = machines.runs(
        disks.words(path), "new a entries 513 prog hello run",
        "new a segments 99999 prog hello run", "proc store remove",
        "new a entries 1 prog hello run", "list")
    for text in ("no entries: 513 wanted, 512 are free",
                 "no segments: 99999 wanted, 15552 are free",
                 "process unknown: there is no store in sight"):
        writer.point(one_with(said, text), f"catalog.says `{text}`", said)
    writer.point(accounts_in(said) == [("8", "2")],
                 "catalog.claims.refused_are_not_left_behind", said)


def gives_way(writer, machines):
    """The name of the store further out, to the operator's own."""
    said = machines.runs(
        disks.words(machines.path("outer")), "nest 1", "wait To begin",
        "search", "new store prog hello run", "wait store finished", "search",
        "proc store remove", "search", "new a entries 1 prog hello run", "list")
    writer.point(sum("512 of 512 entries" in line for line in said) == 3 and
                 one_with(said, "store is not the one further out any more") and
                 one_with(said, "  store         stands for outside"),
                 "catalog.outer.gives_way", said)
    refused = one_with(said, "only the store's parent may ask this")
    said = machines.runs(
        disks.words(machines.path("inner")), "set own 8000", "use own",
        "nest 1", "wait To begin", "use own",
        'new store size 2M buf 60 image prog "store make shared on=own" run',
        "set mine 20", "use mine", "search", "list")
    writer.point(one_with(said, "mine                  24  permanent  -"
                          "                in use") and
                 one_with(said, "  mine          stands for store"),
                 "catalog.nested_store", said)
    writer.point(refused,
                 "catalog.outer.is_not_given_on", said)


# ---- a store that does not do what it should --------------------------------

def stopped(writer, machines):
    """s waits for no store: its operator goes on, and nothing is left."""
    path = machines.with_program("stopped")
    said = machines.runs(
        disks.words(path), "list", "proc store stop", "search",
        "wait another line gives it up", "new mine run",
        "wait another line gives it up", "new hello run",
        "wait hello finished", "list", "proc store start", "search", "list",
        "new mine run", "wait mine finished")
    dead = machines.runs(
        [], 'new store prog "liar" run', "proc store break", "search",
        "wait another line gives it up", "proc store remove",
        "new store prog hello keep run", "wait store finished", "search")
    writer.point(dead[-1] == "not allowed: search: the process store has "
                 "ended; remove it, or make it anew", "catalog.ended.is_told",
                 dead)
    waits = [line for line in said if line.endswith("has not answered")]
    accounts = accounts_in(said)
    writer.point(waits == [f"`{name}` is given up: the store has not answered"
                           for name in ("search", "run")],
                 "catalog.stopped.line_is_given_up", said)
    writer.point(len(accounts) == 3 and len(set(accounts)) == 1,
                 "catalog.stopped.nothing_is_left", said)
    writer.point(one_with(said, "511 of 512 entries") and
                 said[-1] == "mine finished, status 0",
                 "catalog.stopped.goes_on", said)


def gives_up(writer, machines):
    """A store that gives up does not keep those who wait for it."""
    said = machines.runs(
        [], 'new store size 2M buf 60 prog "store on=nobody" create load',
        'new area prog "area search" run', "proc store start",
        "wait area ", "search", "list")
    writer.point(one_with(said, "store gave up: ", "; s has removed it") and
                 one_with(said, "process unknown: there is no store") and
                 not one_with(said, "  store "), "catalog.gave_up.is_removed",
                 said)


def halted(machines, path, *lines, typed=""):
    """What is said until the machine has switched itself off; `typed` while it
    waits."""
    with machine.Machine(machine.command(KERNEL, machines.image,
                                         more=disks.words(path)),
                         DEADLINE) as computer:
        operator = Operator(computer)
        said = operator.says(*lines)
        computer.type("halt\n")
        screen = machine.Screen()
        while (data := computer.read()) is not None:
            said += screen.feed(data)
            if typed and one_with(said, "another line gives it up"):
                computer.type(typed)
                typed = ""
    return joined(said)


LOST = "store has not flushed: what was changed in the last seconds may be lost"


def halts(writer, machines):
    """What was written before is on the disk, or s says that it may not be."""
    path, text = machines.path("halts"), machines.path("word", b"of the host")
    lines = tuple(line for words in ("set poem 8", "write poem 3 kilroy")
                  for line in (f'new area prog "area {words}" run',
                               "wait area finished"))
    said = halted(machines, path, *lines)
    done = tool("export", path, "poem", machines.path("word"))
    with open(machines.path("word"), "rb") as file:
        writer.point(said[-1] == "s switches the machine off" and
                     b"kilroy" in file.read() and LOST not in said,
                     "catalog.halt.flushes", said + [done.stderr])
    path = machines.path("fresh", bytes(8 << 20))
    said = halted(machines, path)
    done = tool("import", path, machines.path("word"))
    writer.point(done.returncode == 0 and LOST not in said,
                 "catalog.halt.of_a_fresh_disk", said + [done.stderr])
    path = machines.path("nested_halt")
    said = halted(
        machines, path, "set own 8000 use own", "nest 1", "wait To begin",
        "use own", 'new store size 2M buf 60 image prog "store make shared '
        'on=own" run', *lines, "halt", "wait s2 finished")
    inner = machines.path("inner_halt")
    done = [tool("export", path, "own", inner),
            tool("export", inner, "poem", machines.path("word"))]
    with open(machines.path("word"), "rb") as file:
        writer.point(b"kilroy" in file.read(), "catalog.halt.nested",
                     said + [one.stderr for one in done])
    for what, lines, waits in (
            ("stopped", ("proc store stop",), False),
            ("silent", ("proc store remove",
                        'new store prog "liar silent" run'), True)):
        said = halted(machines, machines.path(what + "_halt"), *lines)
        writer.point(said[-2:] == [LOST, "s switches the machine off"] and
                     one_with(said, "`halt` waits for the store") == waits,
                     f"catalog.halt.{what}", said)
    said = halted(machines, machines.path("silent_line"), *lines, typed="\n")
    writer.point(said[-2:] == [LOST, "s switches the machine off"],
                 "catalog.halt.another_line", said)


def silent(writer, machines):
    """It has the message: nothing else is asked until that is gone."""
    said = machines.runs(
        [], 'new store prog "liar silent" run', "list", "search",
        "wait another line gives it up", "lookup x", "new x run", "list short",
        "proc store remove", 'new store prog "liar silent" run', "list",
        "search",
        "wait another line gives it up", "new hello run",
        "wait hello finished")
    still = [line for line, then in zip(said, said[1:])
             if "the store still has what" in line and then != "ready"]
    accounts = accounts_in(said)
    writer.point(len(still) == 2 and len(accounts) == 2 and
                 len(set(accounts)) == 1 and
                 said[-1] == "hello finished, status 0",
                 "catalog.silent.has_one_message", said)


def lies(writer, machines):
    for mode, text in (
            ("gone", "name unknown: the store has no area `again`"),
            ("nothing", "not allowed: run again: "),
            ("missing", "not allowed: run again: "),
            ("beyond", "again broke: illegal instruction"),
            ("large", "again broke: illegal instruction")):
        said = machines.runs(
            [], f'new store prog "liar {mode}" run', "list", "new again run",
            "wait again", "list", "new hello run", "wait hello finished")
        accounts = accounts_in(said)
        writer.point(one_with(said, text) and len(accounts) == 2 and
                     (len(set(accounts)) == 1) == ("broke" not in text) and
                     said[-1] == "hello finished, status 0",
                     f"catalog.lies.{mode}", said)
    said = machines.runs(
        [], 'new store prog "liar endless" run', "set again 8", "use again",
        "search", "list short", "new hello run", "wait hello finished")
    writer.point(said[-1] == "hello finished, status 0" and
                 one_with(said, "`search` is given up") and
                 one_with(said, "not allowed: use again: ") and
                 not one_with(said, "  again"),
                 "catalog.lies.endless", said)


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        machines = Machines(folder)
        started(writer, machines)
        foreign(writer, machines)
        read_only(writer, machines)
        small(writer, machines)
        areas(writer, machines)
        programs(writer, machines)
        compiled(writer, machines)
        uses(writer, machines)
        claims(writer, machines)
        gives_way(writer, machines)
        stopped(writer, machines)
        gives_up(writer, machines)
        halts(writer, machines)
        silent(writer, machines)
        lies(writer, machines)
    writer.end()


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""What the view reads is what the debugger and `describe` say of the same
moment."""
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ.get("KERNE_BUILD", os.path.join(HERE, "build"))
sys.path[:0] = [os.path.join(HERE, folder) for folder in ("tests", "tools")]

import cross  # noqa: E402 (found by the path above)
import dialogue  # noqa: E402
import machine  # noqa: E402
import tap  # noqa: E402
import watched  # noqa: E402

DEADLINE = 200 # seconds, of the machine
NUCLEUS = "kerne-checks"
KERNEL = os.path.join(BUILD, "arch", "riscv", NUCLEUS)
# Of `list`: indented by levels, name, state, storage, and three claims.
ROW = re.compile(r"^ *([a-z0-9]+) .* (\d+)/(\d+) +(\d+)/(\d+) +(\d+)/(\d+) ")
CLAIM = re.compile(r"^(buffers|processes|tables): (\d+) received, (\d+) free, "
                   r"\d+ used, (\d+) given", re.MULTILINE)
REGISTER = re.compile(r"\b(pc|ra|sp|s0|a0|t6) +([0-9a-f]+)\b")
PLACE = {"pc": 0, "ra": 1, "sp": 2, "s0": 8, "a0": 10, "t6": 31}


def by_debugger(port, names):
    """What it says of each process, of all buffers, and of the tree."""
    words = [cross.DEBUGGER, "-nx", "-batch",
             "-x", os.path.join(HERE, "tools", "gdb", "kerne.py"),
             "-ex", f"target remote 127.0.0.1:{port}"]
    steps = ["kerne tree", "kerne buffers"]
    steps += [f"kerne process {name}" for name in names]
    for step in steps:
        words += ["-ex", "echo ----\\n", "-ex", step]
    done = subprocess.run(words + ["-ex", "detach", KERNEL], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=DEADLINE, check=False)
    return done.stdout.split("----\n")[1:]


def used(claim):
    received, free, given = claim
    return received - free - given


def check_claims(writer, process, said):
    told = [(int(received), int(free), int(given))
            for _, received, free, given in CLAIM.findall(said)]
    writer.point(told == [tuple(claim) for claim in process["claims"]],
                 f"words.debugger.claims.{process['name']}",
                 [str(process["claims"])] + said.splitlines())
    pages = re.search(r"^windows: (\d+) pages", said, re.MULTILINE)
    writer.point(pages and int(pages[1]) == process["pages"],
                 f"words.debugger.pages.{process['name']}",
                 [str(process["pages"])] + said.splitlines())


def check_registers(writer, process, view, said):
    registers = [int(word, 0) for word in view.look("registers",
                                                     process["index"])]
    wrong = [f"{name} is {registers[PLACE[name]]:x}, the debugger: {value}"
             for name, value in REGISTER.findall(said)
             if registers[PLACE[name]] != int(value, 16)]
    found = len(REGISTER.findall(said))
    writer.point(found >= len(PLACE) and not wrong,
                 f"words.debugger.registers.{process['name']}",
                 wrong or [f"{found} registers found"] + said.splitlines())


def check_against_debugger(writer, view, port):
    names = ["terminal", "talk", "echo"]
    tree, buffers, *each = by_debugger(port, names)
    state = view.look()
    processes = {p["name"]: p for p in state["processes"]}
    told = re.findall(r"^#(\d+) +(\S+)", tree, re.MULTILINE)
    there = [(str(p["index"]), p["name"]) for p in state["processes"]]
    writer.point(sorted(told) == sorted(there), "words.debugger.tree",
                 [str(there)] + tree.splitlines())
    told = [int(identity, 16) for identity in
            re.findall(r"^ *(0x[0-9a-f]+) \w+:", buffers, re.MULTILINE)]
    there = [int(b["identity"], 16) for b in state["buffers"]]
    writer.point(len(told) > 1 and sorted(told) == sorted(there),
                 "words.debugger.buffers", [str(there)] + buffers.splitlines())
    for name, said in zip(names, each):
        check_claims(writer, processes[name], said)
        check_registers(writer, processes[name], view, said)


def check_against_describe(writer, view, said):
    processes = {p["name"]: p for p in view.look()["processes"]}
    rows = [found.groups() for line in said if (found := ROW.match(line))]
    wrong = []
    for name, *numbers in rows:
        shown = [int(number) for number in numbers]
        there = [number for claim in processes[name]["claims"]
                 for number in (used(claim) + claim[2], claim[0])]
        if name == "terminal": # which waits for an interrupt at times
            shown, there = shown[2:], there[2:]
        if shown != there:
            wrong.append(f"{name}: list says {shown}, and there is {there}")
    writer.point(len(rows) >= 2 and not wrong, "words.describe.claims",
                 wrong or [f"{len(rows)} rows"] + said)


def main():
    writer = tap.Writer()
    port = machine.free_port(3433)
    with watched.Watched(BUILD, NUCLEUS) as view:
        words = machine.command(
            KERNEL, os.path.join(BUILD, "image.tar"), more=[
                *view.options(), "-gdb", f"tcp:127.0.0.1:{port}"])
        said = []
        with machine.Machine(words, DEADLINE) as computer:
            typist = dialogue.Typist(computer, show=said.append)
            for line in ("new echo run", "list"):
                typist.line(line)
            typist.until_ready()
            check_against_describe(writer, view, said)
            typist.line("new talk run")
            typist.until_ready()
            check_against_debugger(writer, view, port)
    writer.end()


if __name__ == "__main__":
    main()

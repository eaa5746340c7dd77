"""Kerne in the debugger: the tree, queues, buffers and windows in words.

    gdb-multiarch -x tools/gdb/kerne.py -ex 'target remote :1234' \\
        build/arch/riscv/kerne

./run --gdb prints that command.  `kerne help` lists what there is.
"""
import os
import sys

import gdb

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import programs  # noqa: E402 (found by the path above)
from tables import (PAGE, ROOT, Nucleus, Physical, defined,  # noqa: E402
                    enumeration)

HELP = """\
kerne tree               all processes, and what each waits for
kerne process NAME       everything of one; loads its program's symbols
kerne queue NAME         its events: messages, answers and breaks
kerne buffers            all message buffers in use
kerne windows NAME       its storage: windows onto its parent's
kerne program PROGRAM    keep to the symbols of that program; breakpoints that
                         are set in it from then on are for those that run it.
                         Without a name: symbols follow the machine again
NAME is a name, a path such as s/talk, or #n, as the tree numbers them.
All programs lie at the same addresses: any other breakpoint in one is met by
every process that has code there, and `continue` goes on to the next."""

HELD = {"STOP": "stopped", "DYING": "being removed"}
REGISTERS = ("pc ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 "
             "s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6").split()


def with_article(word):
    return ("an " if word[0] in "aeiou" else "a ") + word


def who(n, index):
    return f"{n.name(index)} (#{index})" if index else "nobody"


def state_of(n, index):
    """What a process does."""
    p = n.process(index)
    if int(p["is_pseudo"]):
        return "stands for " + address_of(n, n.parent(index),
                                          int(p["server"]))
    wait = enumeration("kerne_wait", "KERNE_WAITS_")[int(p["wait"]) & 0xff]
    if wait == "not":
        words = ["running" if n.running() == index else "ready"]
    elif wait == "break":
        b = n.at(int(p["breaks"]), "struct buffer")
        words = ["is in a break, held by " + receiver_of(n, b)]
    elif wait == "answer":
        b = n.identified(int(p["wait_for"]))
        words = ["waits for an answer of " + receiver_of(n, b)]
    else:
        words = ["waits for " + with_article(wait)]
    words += [text for name, text in HELD.items()
              if int(p["suspended"]) & defined("KERNE_SUSPENDED_" + name)]
    return ", ".join(words)


def address_of(n, index, address):
    """Whom an address of a process means."""
    if address == defined("KERNE_VACANT"):
        return "nobody"
    found = n.addressed(index, address)
    if found:
        return who(n, found)
    number = (address & 0xffff) - defined("KERNE_EXTERNAL")
    return external(number) if number >= 0 else f"nobody ({address:#x})"


def external(number):
    return "clock" if number == 0 else f"line{number}"


def receiver_of(n, b):
    if int(b["receiver"]):
        return who(n, n.index_of(b["receiver"]))
    return external(int(b["external"])) if int(b["state"]) == 2 else "nobody"


def describe_buffer(n, b):
    """A conversation, in two lines."""
    state = enumeration("kerne_state", "KERNE_")[int(b["state"])]
    first = int(b["words"][0])
    sender = who(n, n.index_of(b["sender"]))
    if state == "answered":
        what = f"answer with result {int(b['result'])} to {sender}"
    elif int(b["is_break"]):
        kind = enumeration("kerne_break", "KERNE_BREAK_")[first]
        what = f"break, {kind}, from {sender} to {receiver_of(n, b)}"
    else:
        operation = enumeration("kerne_operation", "KERNE_").get(
            first >> 2, f"operation {first >> 2}")
        what = f"message, {operation}, from {sender} to {receiver_of(n, b)}"
    regretted = ", regretted, or inherited from one that is gone" \
        if int(b["regretted"]) else ""
    words = " ".join(f"{int(b['words'][i]):x}" for i in range(8))
    return [f"{int(b['identity']):#x} {state}: "
            f"{what}{regretted}", f"    words {words}"]


def show_buffers_of(n, buffers, indent="  "):
    count = 0
    for count, buffer in enumerate(buffers, 1):
        for line in describe_buffer(n, buffer):
            print(indent + line)
    if not count:
        print(indent + "none")
    return count


def show_tree(n, _):
    for index, level in n.tree():
        name = "  " * level + n.name(index)
        print(f"#{index:<5}{name:24} {state_of(n, index)}")


def show_process(n, name):
    index = n.find(name)
    p = n.process(index)
    print(f"{'/'.join(n.path(index))} (#{index}): {state_of(n, index)}")
    print(f"child {int(p['number'])} of {who(n, n.parent(index))}, horizon "
          f"{int(p['horizon'])}, mask {int(p['mask']):#x}")
    print(f"share {int(p['share'])}, credit {int(p['credit'])} ticks, time "
          f"{int(p['time'])} ticks, {int(p['time_below'])} with all below")
    for number, claim in enumerate(("buffers", "processes", "tables")):
        received, free, given = (int(p["claims"][number][field])
                                 for field in ("received", "free", "given"))
        if number == 0 and p["spare"]:
            free += 1 # which stands ready
        print(f"{claim}: {received} received, {free} free, "
              f"{received - free - given} used, {given} given to children")
    windows = n.at(int(p["windows"]), "struct node")
    print(f"windows: {int(windows['pages'])} pages")
    show_registers(n, index)
    print("queue:")
    show_buffers_of(n, n.buffers(index, "events"))
    print("received, and not yet answered:")
    show_buffers_of(n, n.held(index))
    print("sent, and the answer not yet taken:")
    show_buffers_of(n, n.sent(index))


def show_registers(n, index):
    """As they were stored when it last left off."""
    x = n.process(index)["x"]
    path = programs.file_of(n, index)
    if not path:
        programs.forget()
    known = path and programs.load(path)
    print(f"pc {int(x[0]):x}{programs.place(int(x[0])) if known else ''}")
    for first in range(1, 32, 3):
        print("  ".join(f"{REGISTERS[r]:3} {int(x[r]):16x}"
                        for r in range(first, min(first + 3, 32))))


def show_queue(n, name):
    index = n.find(name)
    print(f"The event queue of {who(n, index)}:")
    show_buffers_of(n, n.buffers(index, "events"))


def show_buffers(n, _):
    used = [buffer for process, _ in n.tree() for buffer in n.sent(process)]
    show_buffers_of(n, used, indent="")
    received = int(n.process(ROOT)["claims"][0]["received"])
    print(f"{len(used)} in use, of {received} and one for each process's "
          "breaks")


def show_windows(n, name):
    index = n.find(name)
    if index == ROOT:
        print("The root has no windows: its addresses are physical.")
        return
    print(f"Windows of {who(n, index)} onto {who(n, n.parent(index))}:")
    rows = []
    for page, above, rights, cached in n.windows(index):
        last = rows[-1] if rows else None
        if last and last[0] + last[2] == page and last[3] == rights and \
                last[1] + last[2] == above:
            last[2] += 1
            last[4] += cached
        else:
            rows.append([page, above, 1, rights, int(cached)])
    for page, above, count, rights, cached in rows:
        letters = "".join(letter if rights >> bit & 1 else "-"
                          for bit, letter in enumerate("rwx"))
        print(f"  {page * PAGE:#12x} -> {above * PAGE:#12x} {letters}  "
              f"{count} pages, {cached} of them in the machine's tables")
    print(f"  {sum(row[2] for row in rows)} pages in all")


COMMANDS = {"tree": (show_tree, 0), "process": (show_process, 1),
            "queue": (show_queue, 1), "buffers": (show_buffers, 0),
            "windows": (show_windows, 1)}


class Kerne(gdb.Command):
    """Kerne's processes in words; `kerne help` lists what there is."""

    def __init__(self):
        super().__init__("kerne", gdb.COMMAND_USER)

    def complete(self, _, word):
        return [name for name in [*COMMANDS, "help", "program"]
                if name.startswith(word)]

    def invoke(self, argument, _from_tty):
        words = gdb.string_to_argv(argument)
        if words[:1] == ["program"] and len(words) <= 2:
            programs.keep_to(words[1] if len(words) == 2 else "")
        elif words and words[0] in COMMANDS and \
                len(words) == 1 + COMMANDS[words[0]][1]:
            with Physical():
                COMMANDS[words[0]][0](Nucleus(), words[-1])
        else:
            print(HELP)


gdb.execute("set pagination off")
gdb.execute("set confirm off")
gdb.events.stop.connect(programs.follow)
gdb.events.breakpoint_created.connect(programs.confine)
programs.Runs()
Kerne()

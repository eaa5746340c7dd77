#!/usr/bin/python3
"""Kerne on many machines: matrix.py QEMU [all].

QEMU is `installed`, or a release of Debian of which a newer one is taken.  On
each machine an operator has conversations held, page faults and other breaks
made, clocks asked and processors shared, and switches it off.  `all`: each
processor with each size of storage, number of harts and firmware; otherwise
each of these once.
"""
import itertools
import os
import sys
import tempfile

import qemus

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ.get("KERNE_BUILD", os.path.join(HERE, "build"))
KERNEL = os.path.join(BUILD, "arch", "riscv", "kerne-checks")
sys.path[:0] = [os.path.join(HERE, "tests"), os.path.join(HERE, "tools")]

import dialogue  # noqa: E402 (found by the path above)
import image  # noqa: E402
import machine  # noqa: E402
import tap  # noqa: E402

# By whose firmware a QEMU is tried too.
OTHER = {"installed": "trixie", "trixie": "installed", "sid": "installed"}
END = "halt"
DEADLINE = 180 # seconds, for each machine
PROGRAMS = ["parents/s", "children/console", "children/echo", "children/talk",
            "children/crash", "children/primes", "tests/trial"]

# A processor, and what a program finds of floating point: the registers, only
# the one that says how to round, or nothing.
ALL, ROUNDS, NONE = 2, 1, 0
PROCESSORS = [
    ("rv64", ALL),
    ("rv64,d=off", NONE),
    ("rv64,v=on", ALL),
    ("rv64,h=off", ALL),
    ("sifive-u54", ALL),
]
OF_7 = [
    ("rv64,f=off,d=off", NONE),
    ("rv64,sstc=off", ALL),
    ("rv64,f=off,d=off,zfinx=on,zdinx=on", ROUNDS),
    ("rv64,svinval=on,svnapot=on,svpbmt=on", ALL),
]
NEWER = [
    ("rv64,f=off,d=off,zfa=off", NONE),
    ("rv64,sstc=off", ALL),
    ("rv64,f=off,d=off,zfinx=on,zdinx=on,zfa=off", ROUNDS),
    ("rv64,svade=on,svadu=off", ALL),
    ("max", ALL),
    ("rva22s64", ALL),
    ("rva23s64", ALL),
    ("thead-c906", ALL),
    ("veyron-v1", ALL),
]
REFUSED = [(["-M", "virt,aia=aplic"], "boot: the device tree has no PLIC"),
           (["-cpu", "rv64,mmu=off"], "boot: this machine lacks Sv39 paging")]
HARTS = [1, 2, 3, 8]
STORAGE = ["128M", "16M", "1G", "2G", "3G", "16G"]


def machines(newer, firmwares, each):
    """All combinations, or those in which one thing is not the first."""
    choices = (PROCESSORS + (NEWER if newer else OF_7), HARTS, STORAGE,
               firmwares)
    for machine_ in itertools.product(*choices):
        unusual = sum(one != usual[0] for one, usual in zip(machine_, choices))
        if each or unusual <= 1:
            yield machine_


def trials(kind, works):
    """Two at once, which disturb each other; or a break, where it is not."""
    yield (f'new one prog "trial {kind} 1" run '
           f'new two prog "trial {kind} 14" run')
    ends = "finished, status 0" if works else "broke: illegal instruction"
    yield from (f"wait one {ends}", f"wait two {ends}")
    if not works:
        yield "proc one remove proc two remove"


def script(floats):
    """What is typed, and awaited, on each machine; the last ends it."""
    yield from ("new echo run", 'new talk prog "talk hello" run',
                "wait echo answers: hello")
    for kind, words in (("store", "page fault: store"),
                        ("illegal", "illegal instruction"),
                        ("control", "illegal instruction")):
        yield from (f'new crash prog "crash {kind}" run',
                    f"wait crash broke: {words}", "proc crash remove")
    yield 'new long prog "primes 100000" run new short prog "primes 10" run'
    yield from ("wait 4 primes up to 10;", "wait long finished, status 0")
    yield from trials("clock", True)
    yield from trials("floats", floats == ALL)
    yield from trials("rounding", floats >= ROUNDS)
    yield END


def boot(words, floats):
    """What it said, and what was wrong; None: nothing."""
    said = []
    with machine.Machine(words, DEADLINE) as computer:
        typist = dialogue.Typist(computer, show=said.append)
        line = "the first prompt"
        try:
            for line in script(floats):
                typist.line(line)
            while True:
                typist.step()
        except TimeoutError:
            return said, f"it stood still at `{line}`"
        except dialogue.Ended:
            status = computer.status()
        if typist.panic or status != 0 or line != END:
            return said, f"it ended with status {status} at `{line}`"
        if said[-1] != "s switches the machine off":
            return said, "it went on behind its end"
    return said, None


def refused(words, what):
    """What it said; and what was wrong, or None."""
    said = ""
    with machine.Machine(words, DEADLINE, keep_banner=True) as computer:
        try:
            while what not in said and (text := computer.read()) is not None:
                said += text
        except TimeoutError:
            pass
    return said.splitlines(), None if what in said else f"it says not: {what}"


def try_all(writer, qemu, other, each):
    newer = int(qemu.version.split(".")[0]) > 7
    firmwares = [[]] + ([["-bios", other.firmware]] if other else [])
    with tempfile.NamedTemporaryFile(suffix=".tar") as archive:
        image.make_of_built(archive.name, PROGRAMS)
        for (processor, floats), harts, storage, firmware in machines(
                newer, firmwares, each):
            words = machine.command(
                KERNEL, archive.name, memory=storage,
                more=["-cpu", processor, "-smp", str(harts), *firmware])
            said, wrong = boot(qemu.words + words[1:], floats)
            writer.point(
                wrong is None, f"QEMU {qemu.version}, {processor}, {harts} "
                f"harts, {storage}, {'the other' if firmware else 'its'} "
                "firmware", [wrong] + said)
        for more, what in REFUSED:
            said, wrong = refused(qemu.words + machine.command(
                KERNEL, archive.name, more=more)[1:], what)
            writer.point(wrong is None, f"QEMU {qemu.version}, {more[1]}: "
                         "refused in words", [wrong] + said)


def main():
    writer = tap.Writer()
    found = {}
    for name in sys.argv[1], OTHER[sys.argv[1]]:
        try:
            found[name] = qemus.find(name)
        except qemus.Missing as reason:
            writer.skip(f"QEMU, {name}", reason)
    if sys.argv[1] in found:
        try_all(writer, found[sys.argv[1]], found.get(OTHER[sys.argv[1]]),
                "all" in sys.argv[2:])
    writer.end()


if __name__ == "__main__":
    main()

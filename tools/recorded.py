"""A session in a file: on what it was held, and what was typed when.

The machine of view/machine is exact, so this makes the same session again, to
the byte.  Above the lines that the machine writes, one for each time, a few say
what the machine was given:

    # a session of Kerne
    # nucleus 5e1f...
    # image 90ab...
    # memory 128M
    # append slice=1000
"""
import hashlib
import os
import subprocess
import sys

import flow
import machine
import manners
from elftools.elf.elffile import ELFFile

FIRST = "# a session of Kerne"
KEYS = ("nucleus", "image", "memory", "append")
WAITS_FOR_EVER = 3 # the machine's exit status, when all was typed
LONGEST = 4096 # bytes that are read at once
# What is outside of the machine, or another one.
NEVER_WITH = ("disk", "gdb", "page", "view", "linux", "qemu")
SAID = ("memory", "append") # by the file
NOT_WITH_REPLAY = SAID + ("dialogue", "expect", "deadline", "icount")


def refuse_options(chosen):
    """Those that do not go with --record, or --replay."""
    if not chosen.record and not chosen.replay:
        return
    option = "--replay" if chosen.replay else "--record"
    for name in NEVER_WITH + (NOT_WITH_REPLAY if chosen.replay else ()):
        if getattr(chosen, name):
            what = "-m" if name == "memory" else f"--{name}"
            manners.give_up(f"{option} and {what} do not go together" +
                            "; the file says it" * (name in SAID))


def nucleus_of(kernel):
    """A number for what of it is loaded: not for where it was built."""
    digest = hashlib.sha256()
    with open(kernel, "rb") as file:
        for segment in ELFFile(file).iter_segments("PT_LOAD"):
            digest.update(segment.data())
    return digest.hexdigest()


def image_of(archive):
    with open(archive, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def begin(path, kernel, archive, memory, append):
    """Writes what the machine is given; it adds what is typed."""
    values = nucleus_of(kernel), image_of(archive), memory, append or ""
    try:
        with open(path, "w", encoding="utf-8") as file:
            print(FIRST, *(f"# {key} {value}" for key, value
                           in zip(KEYS, values)), sep="\n", file=file)
    except OSError as error:
        manners.give_up(f"--record: {path}: {error.strerror}")


def read(path):
    """What the machine was given, by key."""
    try:
        with open(path, encoding="utf-8") as file:
            lines = [line.rstrip("\n") for line in file
                     if line.startswith("#")]
    except OSError as error:
        manners.give_up(f"--replay: {path}: {error.strerror}")
    except UnicodeDecodeError:
        lines = []
    words = [line.split(" ", 2)[1:] for line in lines[1:]]
    found = dict(pair for pair in words if len(pair) == 2)
    if lines[:1] != [FIRST] or set(found) != set(KEYS):
        manners.give_up(f"--replay: {path} is no session that ./run --record "
                        "has written")
    return found


def look(path, held, kernel, archive):
    """Gives up, unless these are what the session was held on."""
    for key, mine, more in (
            ("nucleus", nucleus_of(kernel), "was it --checks?"),
            ("image", image_of(archive), "what --record had of --image and "
             "--with, --replay must have, too")):
        if held[key] != mine:
            manners.give_up(f"--replay: {path} was recorded with another "
                            f"{key}, and would be another session; {more}")


def replay(command, keep_banner):
    """All that the console says, to standard output; the exit status for the
    shell.  When all is typed it goes on until nothing more can happen."""
    decoder, banner = flow.Decoder(), machine.Banner(keep_banner)
    with machine.start(command, stdin=subprocess.DEVNULL,
                       stdout=subprocess.PIPE, bufsize=0) as process:
        while data := os.read(process.stdout.fileno(), LONGEST):
            text, _ = flow.divide(data, flow.SIGNS + flow.OF_RAW)
            with manners.standard_output():
                sys.stdout.buffer.write(banner.feed(decoder.decode(text)))
                sys.stdout.buffer.flush()
        status = process.wait()
    return 0 if status == WAITS_FOR_EVER else status

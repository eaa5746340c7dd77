#!/usr/bin/python3
"""Boots Kerne; ./run has built it before.  See ./run --help."""
import argparse
import json
import os
import signal
import sys
import tempfile

import cross
import dialogue
import image
import machine
import relay
import with_program

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

EPILOGUE = """\
examples:
  ./run                             boot to the console of s
  ./run -m 1G --checks              more storage, and the checking nucleus
  echo 'new hello run list halt' | ./run
                                    type from a pipe
  ./run --dialogue tests/dialogue/first.txt
                                    type a file, each line at its prompt
  ./run --image s,console,hello     an image of these programs, s the root
  ./run --with mine.c               with a program of your own, `mine`
  ./run --checks --icount --image build/tests/system.copy.tar </dev/null
                                    a test; any program can be the root
  ./run --gdb                       wait for a debugger

a dialogue:
  each line is typed when the console shows its prompt
  to NAME          the attention key, then NAME: lines go to that process
  wait TEXT        wait until TEXT comes, after the last typed line
  # ...            a comment; blank lines are nothing either
The exit status is the machine's: 0 after `halt`.

to leave: type `halt`, or press ctrl-a and then x.
KERNE_BUILD names another build directory than build/, KERNE_CROSS the cross
tools, if they are called otherwise: KERNE_CROSS=riscv64-elf-
"""


def seconds(text):
    """A deadline: a day at most, which is for ever here."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= 86400:
        raise argparse.ArgumentTypeError(
            f"`{text}` is not a number of seconds, above 0 and up to 86400")
    return number


def options():
    parser = argparse.ArgumentParser(
        prog="./run", description="Build Kerne and boot it to its console.",
        epilog=EPILOGUE, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-m", "--memory", default="128M", metavar="SIZE",
                        help="storage of the machine (default: 128M)")
    parser.add_argument("--image", metavar="FILE", help="another boot image, "
                        "or programs divided by commas, the root first")
    parser.add_argument("--with", metavar="FILE.c", action="append",
                        dest="sources", default=[],
                        help="compile this program, a parent or a child, and "
                        "put it into the image too")
    parser.add_argument("--checks", action="store_true", default=None,
                        help="boot the nucleus that checks its invariants "
                        "after every call")
    parser.add_argument("--dialogue", metavar="FILE",
                        help="type the lines of FILE, print the transcript")
    parser.add_argument("--deadline", type=seconds, metavar="SECONDS",
                        help="give up after that (default: 60 for a dialogue, "
                        "60 for each line from a pipe, else never)")
    parser.add_argument("--icount", action="store_true",
                        help="the machine's time is its count of "
                        "instructions: each run is the same")
    parser.add_argument("--gdb", action="store_true",
                        help="wait at the first instruction for a debugger")
    parser.add_argument("--append", metavar="TEXT",
                        help="boot arguments: the nucleus's, such as "
                        "slice=1000 and fast=off, and then the root's")
    parser.add_argument("--qemu", metavar="ARGUMENT", action="append",
                        default=[], help="one more argument for QEMU")
    parser.add_argument("--verbose", action="store_true",
                        help="show the firmware's lines and QEMU's command")
    return parser.parse_args()


def tell(text):
    print(text, file=sys.stderr, flush=True)


def shown(path):
    """A path as one would type it here."""
    near = os.path.relpath(path)
    return path if near.startswith("..") else near


def versions():
    kerne = cross.first_line_of("git", "-C", HERE, "describe", "--always",
                                "--dirty", "--tags")
    return f"Kerne {kerne}, compiled by {cross.compiler()}, on {cross.qemu()}"


def image_of(build, names):
    """An image made of programs by name; a file that is removed at the end."""
    paths = []
    for name in names.split(","):
        found = [path for path in
                 [name] + [os.path.join(build, folder, name + ".elf")
                           for folder in ("children", "parents", "tests")]
                 if os.path.isfile(path)]
        if not found:
            raise SystemExit(f"./run: there is no program or file `{name}`; "
                             f"`ls {shown(build)}/*/*.elf` lists "
                             "the programs")
        paths.append(found[0])
    made = tempfile.NamedTemporaryFile(prefix="kerne-", suffix=".tar")
    loader = os.path.join(build, "parents", "root-loader.bin")
    image.make_image(made.name, paths, cross.STRIP, loader)
    return made


def is_archive(path):
    if not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        return file.read(262)[257:] == b"ustar"


def tell_of_gdb(kernel, port):
    script = os.path.join(HERE, "tools", "gdb", "kerne.py")
    tell(f"The machine waits for a debugger. In another terminal:\n"
         f"  {cross.DEBUGGER} -x {shown(script)} "
         f"-ex 'target remote :{port}' {shown(kernel)}\n"
         f"then `kerne help`, and `continue`.")


def checks_wanted(build):
    with open(os.path.join(build, "meson-info", "intro-buildoptions.json"),
              encoding="utf-8") as file:
        return any(option["name"] == "checks" and option["value"]
                   for option in json.load(file))


def boot(chosen, build):
    if chosen.checks is None:
        chosen.checks = checks_wanted(build)
    kernel = os.path.join(build, "arch", "riscv",
                          "kerne-checks" if chosen.checks else "kerne")
    archive = chosen.image or os.path.join(build, "image.tar")
    made = None
    if chosen.image and not is_archive(chosen.image):
        made = image_of(build, chosen.image)
        archive = made.name
    for path in (kernel, archive):
        if not os.path.exists(path):
            raise SystemExit(f"./run: {path} is missing; ninja -C {build} "
                             "makes it")
    if chosen.sources:
        made = with_program.add(build, chosen.sources, archive, cross.STRIP)
        archive = made.name
    port = machine.free_port() if chosen.gdb else None
    person = sys.stdin.isatty() and not chosen.dialogue
    command = machine.command(
        kernel, archive, memory=chosen.memory, append=chosen.append,
        icount=machine.EXACT if chosen.icount else None,
        gdb=port, more=chosen.qemu)

    tell(versions())
    if chosen.verbose:
        tell(" ".join(command))
    if chosen.gdb:
        tell_of_gdb(kernel, port)
    if person:
        tell("To leave: type `halt`, or press ctrl-a and then x.\n")
        return relay.relay(command, chosen.verbose, chosen.deadline)
    deadline = chosen.deadline
    if deadline is None and not chosen.gdb:
        deadline = 60.0
    source = sys.stdin
    if chosen.dialogue:
        source = open(chosen.dialogue, encoding="utf-8", errors="replace")
    with source, machine.Machine(command, deadline,
                                 chosen.verbose) as computer:
        return dialogue.hold(
            computer, source, chosen.dialogue or "./run", deadline,
            show=lambda line: print(line, flush=True),
            piped=not chosen.dialogue)


def main():
    chosen = options()
    if chosen.dialogue and not os.path.isfile(chosen.dialogue):
        raise SystemExit(f"./run: {chosen.dialogue} is not a file")
    build = os.environ.get("KERNE_BUILD", os.path.join(HERE, "build"))
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    try:
        return boot(chosen, build)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError: # whoever read the transcript has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1


if __name__ == "__main__":
    status = main()
    sys.exit(status if 0 <= status < 256 else 1)

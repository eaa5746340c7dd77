#!/usr/bin/python3
"""Builds Kerne, if it is told to, and boots it.  See ./run --help."""
import argparse
import io
import itertools
import os
import re
import shlex
import sys
import tempfile

import browser
import builder
import cross
import dialogue
import disks
import expect
import image
import linux
import machine
import manners
import page
import places
import recorded
import relay
import viewed
import with_program
from manners import HERE, shown, tell

TARGETS = ["arch/riscv/kerne", "arch/riscv/kerne-checks", "image.tar"]
EPILOGUE = """\
examples:
  ./run                             boot to the console of s
  ./run -m 1G --checks              more storage, and the checking nucleus
  printf 'new hello run\\nwait finished\\nhalt\\n' | ./run
                                    type from a pipe
  ./run --dialogue FILE             type a file, each line at its prompt
  ./run --expect tests/dialogue/first.expected
                                    the same, and look whether it all comes
  ./run --disk mine.img             with a disk in a file of your own
  ./run --image s,console,hello     an image of these programs, s the root
  ./run --with mine.c               with a program of your own, `mine`
  ./run --with 'mine=a.c,b.c' --with other.c
                                    with two, the first of two files
  ./run --checks --icount --image build/tests/system.copy.tar </dev/null
                                    a test; any program can be the root
  ./run --linux                     a shell of Debian's Linux programs
  ./run --linux python3 sqlite3     with these packages of Debian's, too
  echo 'ls -l /bin' | ./run --linux a shell that ends with its input
  ./run --gdb                       wait for a debugger
  ./run --page                      the machine in a page, to be seen
  ./run --page --with mine.c        with a program of your own, and its lines
  ./run --view                      this run, seen in a page as it goes
  ./run --record my.session         keep what is typed, and when
  ./run --replay my.session         the same session again, to the byte

a dialogue:
  each line is typed when the console shows its prompt; or when output has come
  for a second without a pause
  to NAME          the attention key, then NAME: lines go to that process
  wait TEXT        wait until TEXT comes, after the last typed line
  ^D               the end of input, for the program that lines go to
  # ...            a comment; an empty line is typed, too
The exit status is the machine's: 0 after `halt`.

a file for --expect is a transcript, as ./run prints it: what stands behind a
prompt in it, and `to NAME`, is typed, when all before it has come.  And:
  ~ EXPRESSION     one line, which a regular expression matches as a whole
  ~~               any lines, until one comes that fits the next of the file
  # ...            a comment
The exit status is 0 if all has come; else the difference is shown.

to leave: type `halt`, or press ctrl-a and then x.
It builds in the folder build/ here; or, where you cannot write or somebody else
has built, in one of your cache; or in the one that KERNE_BUILD names.
KERNE_CROSS names the cross tools, if they are called otherwise:
KERNE_CROSS=riscv64-elf-
KERNE_DISK names the disk that a machine at a terminal has, if nothing is said;
KERNE_DISK=none: it has none.
KERNE_DEBIAN names the mirror from which --linux fetches, once; what it has
fetched is in the folder kerne/linux of your cache.
"""

NEVER_WITH_PAGE = (
    "memory", "disk", "disk_size", "no_disk", "image", "compiled", "linux",
    "checks", "dialogue", "expect", "deadline", "icount", "gdb", "view",
    "append", "qemu")
OTHERWISE = {"memory": "-m", "compiled": "--compile"} # than its name
PROGRAM = b"\x7fELF" # a program's file begins so
ARGUMENT_BYTES = 256 # KERNE_ARGUMENT_BYTES, the end included
PROCESS = re.compile("[a-z][a-z0-9_-]{0,14}") # what one may be called
# Microseconds; boot/boot.c says so, too.
SLICE, USUAL_SLICE = range(100, 10000001), 25600


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


def filled(text):
    """The word of an option that an empty one says nothing to."""
    if not text:
        raise argparse.ArgumentTypeError("the word behind it is empty")
    return text


def options():
    parser = argparse.ArgumentParser(
        prog="./run", description="Build Kerne and boot it to its console.",
        epilog=EPILOGUE, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-m", "--memory", metavar="SIZE", type=filled,
                        help="storage of the machine (default: 128M; with "
                        "--linux, what its files want)")
    parser.add_argument("--disk", metavar="FILE[,readonly]", type=filled,
                        help="the disk "
                        "of the machine: a file, made if it is missing; or "
                        "`scratch`, which is gone at the end (default: at a "
                        "terminal, one that is kept for you; else none)")
    parser.add_argument("--disk-size", metavar="SIZE", type=filled,
                        help="of a new one "
                        f"(default: {disks.USUAL_SIZE})")
    parser.add_argument("--no-disk", action="store_true",
                        help="a machine without a disk")
    parser.add_argument("--image", metavar="FILE", type=filled,
                        help="another boot image, "
                        "or programs divided by commas, the root first")
    parser.add_argument("--with", metavar="FILE.c", action="append",
                        dest="sources", default=[],
                        help="compile this program, a parent or a child, and "
                        "put it into the image too; NAME=FILE.c,FILE.c for one "
                        "of several files; may be repeated")
    parser.add_argument("--compile", metavar="FILE.c", action="append",
                        dest="compiled", default=[],
                        help="compile this program, written as for --with, "
                        "into NAME.elf in this folder, and boot nothing; "
                        "tools/store.py puts that on a disk; may be repeated")
    parser.add_argument("--linux", metavar="PACKAGE", nargs="*",
                        help="Linux programs: fetch them from Debian, with "
                        "these packages beside the usual ones, put their files "
                        "into the image, and start a shell")
    parser.add_argument("--checks", action="store_true", default=None,
                        help="boot the nucleus that checks its invariants "
                        "after every call")
    script = parser.add_mutually_exclusive_group()
    script.add_argument("--dialogue", metavar="FILE", type=filled,
                        help="type the lines of FILE, print the transcript")
    script.add_argument("--expect", metavar="FILE", type=filled,
                        help="FILE is a transcript: type what was typed in "
                        "it, and end with 0 if all the rest comes")
    parser.add_argument("--deadline", type=seconds, metavar="SECONDS",
                        help="give up when the machine has had so much "
                        "time (default: 60 for a dialogue, 60 for each line "
                        "from a pipe, else never)")
    parser.add_argument("--icount", action="store_true",
                        help="the machine's time is its count of "
                        "instructions: each run is the same")
    parser.add_argument("--gdb", action="store_true",
                        help="wait at the first instruction for a debugger; "
                        "what --with compiles is made for it (-Og)")
    parser.add_argument("--page", action="store_true",
                        help="serve a page, to this computer only, in which "
                        "the machine runs and is seen from outside, forwards "
                        "and backwards")
    parser.add_argument("--view", action="store_true",
                        help="boot as usual, and serve the page that shows "
                        "this run as it goes")
    again = parser.add_mutually_exclusive_group()
    again.add_argument("--record", metavar="FILE", type=filled,
                       help="write into FILE what is typed, and when; the "
                       "machine is that of view/machine/, without a disk")
    again.add_argument("--replay", metavar="FILE", type=filled,
                       help="hold the session of FILE again, without waiting, "
                       "and print it")
    parser.add_argument("--append", metavar="TEXT",
                        help="boot arguments: the nucleus's, such as "
                        "slice=1000 and fast=off, and then the root's")
    parser.add_argument("--qemu", metavar="WORDS", action="append",
                        default=[], help="more words for QEMU, quoted as for "
                        "a shell: --qemu '-smp 2'; may be repeated")
    parser.add_argument("--verbose", action="store_true",
                        help="show the firmware's lines and QEMU's command")
    parser.add_argument("--build", action="store_true", help=argparse.SUPPRESS)
    # A value may begin with `-`, which argparse takes for the next option.
    rest = iter(sys.argv[1:])
    words = ["=".join([word, *itertools.islice(rest, 1)])
             if word in ("--append", "--qemu") else word for word in rest]
    with manners.standard_output():
        return parser.parse_args(words)


def words_for_qemu(text):
    try:
        return shlex.split(text)
    except ValueError: # a quotation has no end
        manners.give_up(f"--qemu: a quotation in `{text}` has no end")


def in_force(text):
    """Of the boot arguments, in words.  The nucleus and the root loader read
    them in the same way; what they would refuse, or cut, is refused."""
    words = text.strip(" ").split(" ")
    taken = {"slice": USUAL_SLICE}
    while words and (not words[0] or "=" in words[0]):
        name, _, value = words.pop(0).partition("=")
        if name == "slice" and re.fullmatch("[0-9]{1,9}", value) and \
                int(value) in SLICE or (name, value) == ("fast", "off"):
            taken[name] = value
        elif name:
            manners.give_up(
                f"--append: the nucleus takes no `{name}={value}`; it takes "
                f"slice={SLICE[0]} to slice={SLICE[-1]}, in microseconds, and "
                "fast=off. What the root is to have with a `=` in its first "
                "word goes behind `--`")
    rest = " ".join(words[1:] if words[:1] == ["--"] else words).lstrip(" ")
    if len(rest.encode()) >= ARGUMENT_BYTES:
        manners.give_up(
            f"--append: the root takes {ARGUMENT_BYTES - 1} bytes of "
            f"arguments; these have {len(rest.encode())}")
    return [f"{name}={value}" for name, value in taken.items()] + \
        ([f"`{rest}` for the root"] if rest else [])


def versions(checks, settings):
    """All that makes one run differ from another."""
    kerne = cross.first_line_of("git", "-C", HERE, "describe", "--always",
                                "--dirty", "--tags")
    return (f"Kerne {kerne}{' with checks' if checks else ''}, compiled by "
            f"{cross.compiler()}, on {machine.name()}; "
            f"boot arguments: {', '.join(settings)}")


def image_of(build, names):
    """An image made of programs by name; a file that is removed at the end."""
    paths = []
    for name in names.split(","):
        found = [path for path in
                 [name] + [os.path.join(build, folder, name + ".elf")
                           for folder in ("children", "parents", "tests")]
                 if os.path.isfile(path)]
        if not found:
            manners.give_up(f"there is no program or file `{name}`; "
                            f"`ls {shown(build)}/*/*.elf` lists the programs")
        paths.append(found[0])
    with open(paths[0], "rb") as file:
        if file.read(len(PROGRAM)) != PROGRAM:
            manners.give_up(f"--image: {paths[0]} is no boot image, and no "
                            "program that could be the root")
    made = tempfile.NamedTemporaryFile(prefix="kerne-", suffix=".tar")
    loader = os.path.join(build, "parents", "root-loader.bin")
    image.make_image(made.name, paths, cross.STRIP, loader)
    return made


def is_archive(path):
    if not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        return file.read(262)[257:] == b"ustar"


LINUX = """\
Control ] leads from the shell to s, `enter` back; `run enter` starts it anew
when it has ended. More of Debian's programs: ./run --linux NAME, as python3.
"""


def tell_of_gdb(kernel, port, programs):
    script = os.path.join(HERE, "tools", "gdb", "kerne.py")
    name = programs[0][0] if programs else "hello"
    words = f"new {name}" if PROCESS.fullmatch(name) else f"new p prog {name}"
    tell(f"The machine waits for a debugger. In another terminal:\n"
         f"  {cross.DEBUGGER} -x {shown(script)} "
         f"-ex 'target remote :{port}' {shown(kernel)}\n"
         f"then `kerne help`, and `continue`; or, for a program's source,\n"
         f"`kerne program {name}`, `break main`, `continue`,\n"
         f"and here `{words} run`.")


def refuse_beside_page(chosen):
    """The machine of the page is always the same, but for programs."""
    for name in NEVER_WITH_PAGE:
        if getattr(chosen, name) not in (None, False, []) or \
                name == "linux" and chosen.linux is not None:
            what = OTHERWISE.get(name, "--" + name.replace("_", "-"))
            manners.give_up(f"--page and {what} do not go together: of all "
                            "options the page takes --with only")


def look(chosen, build):
    """Names what is not there, before anything is built."""
    recorded.refuse_options(chosen)
    if chosen.page:
        refuse_beside_page(chosen)
    if chosen.replay:
        chosen.held = recorded.read(chosen.replay)
        chosen.memory, chosen.append = (chosen.held[key] for key in
                                        ("memory", "append"))
    if chosen.record or chosen.replay:
        os.environ["KERNE_MACHINE"] = "view"
        chosen.no_disk = True
    for path in filter(None, (chosen.dialogue, chosen.expect)):
        if not os.path.isfile(path):
            manners.give_up(f"{path} is not a file")
        chosen.typed = dialogue.text_of(path)
    for name in (chosen.image or "").split(","):
        is_path = "/" in name or "." in name # else a program, by its name
        if is_path and not os.path.isfile(name) and \
                not os.path.realpath(name).startswith(build + os.sep):
            manners.give_up(f"--image: there is no file `{name}`")


def boot(chosen, build):
    kernel = os.path.join(build, "arch", "riscv",
                          "kerne-checks" if chosen.checks else "kerne")
    archive = os.path.join(build, "image.tar")
    made = None
    try:
        if chosen.image and is_archive(chosen.image):
            archive = chosen.image
        elif chosen.image:
            made = image_of(build, chosen.image)
            archive = made.name
        for path in (kernel, archive):
            if not os.path.exists(path):
                manners.give_up(f"{path} is missing; ninja -C {build} makes it")
        if chosen.programs:
            made = with_program.add(build, chosen.programs, archive,
                                    cross.STRIP, ["-Og"] * chosen.gdb)
            for name, _ in chosen.programs:
                symbols = shown(with_program.kept(build, name))
                tell(f"{name} has its symbols in {symbols}.")
            archive = made.name
        if chosen.tree:
            made, _ = linux.add_tree(archive, chosen.tree)
            archive = made.name
    except OSError as error:
        manners.give_up(f"no image can be made in {tempfile.gettempdir()}: "
                        f"{error.strerror}; TMPDIR names another folder")
    port = machine.free_port() if chosen.gdb else None
    if chosen.view:
        return view(chosen, build, kernel, archive)
    return start(chosen, build, kernel, archive, port)


def view(chosen, build, kernel, archive):
    """The run, and the page that shows it."""
    with viewed.Viewed(build, os.path.basename(kernel),
                       chosen.memory or "128M") as run:
        browser.offer(run.serve(), "it shows this run as long as it lasts.")
        chosen.words = chosen.words + run.options()
        return start(chosen, build, kernel, archive)


def start(chosen, build, kernel, archive, port=None):
    script = chosen.expect or chosen.dialogue
    memory = chosen.memory or "128M"
    icount = machine.EXACT if chosen.icount else None
    if chosen.record:
        recorded.begin(chosen.record, kernel, archive, memory, chosen.append)
        chosen.words += ["--record", chosen.record]
    if chosen.replay:
        recorded.look(chosen.replay, chosen.held, kernel, archive)
        chosen.words += ["--replay", chosen.replay]
        icount = machine.EXACT_ALONE
    command = machine.command(
        kernel, archive, memory=memory, append=chosen.append, icount=icount,
        gdb=port, more=chosen.words + chosen.disk_words)

    tell(versions(chosen.checks, chosen.settings))
    if chosen.verbose:
        tell(shlex.join(command))
    if chosen.gdb:
        tell_of_gdb(kernel, port, chosen.programs)
    if chosen.replay:
        return recorded.replay(command, chosen.verbose)
    known = places.Places(build, [name for name, _ in chosen.programs])
    if chosen.is_person:
        first = "`exit` from the shell and " if chosen.tree else ""
        tell(f"To leave: {first}type `halt`, or press ctrl-a and then x.\n" +
             LINUX * bool(chosen.tree))
        return relay.relay(command, chosen.verbose, chosen.deadline,
                           places.Stream(known))
    deadline = chosen.deadline
    if deadline is None and not chosen.gdb:
        deadline = 60.0

    def show(line):
        manners.say(known.added(line))

    source = sys.stdin
    if script:
        source = io.StringIO(chosen.typed)
    expectation = expect.Expectation(source, script) if chosen.expect else None
    with source, machine.Machine(command, deadline, chosen.verbose,
                                 manners.tell_bytes) as computer:
        if expectation:
            return expect.hold(computer, expectation, deadline, show)
        return dialogue.hold(computer, source, script or "./run", deadline,
                             show, piped=not script,
                             programs=chosen.tree is not None and not script)


def main():
    manners.end_by_signals()
    chosen = options()
    build = builder.folder()
    look(chosen, build)
    chosen.programs = [with_program.wanted(word) for word in chosen.sources]
    compiled = [with_program.wanted(word) for word in chosen.compiled]
    chosen.words = [word for text in chosen.qemu
                    for word in words_for_qemu(text)]
    chosen.is_person = sys.stdin.isatty() and not \
        (chosen.dialogue or chosen.expect)
    chosen.disk_words = disks.chosen_words(
        chosen.disk, chosen.no_disk, chosen.disk_size,
        has_usual=chosen.is_person and not chosen.image)
    chosen.tree = None if chosen.linux is None else linux.tree(chosen.linux)
    if chosen.tree:
        chosen.memory = chosen.memory or linux.storage_for(
            os.path.getsize(chosen.tree))
        chosen.append = linux.started(chosen.append or "", chosen.memory)
    chosen.settings = in_force(chosen.append or "")
    if chosen.build:
        os.environ["KERNE_BUILD"] = build
        # Any program may be asked for, by its name.
        targets = [] if chosen.image else TARGETS
        if targets and (chosen.record or chosen.replay):
            targets = targets + ["view/machine/machine"]
        if not builder.make(build, targets):
            return 1
    if chosen.page:
        return page.serve(build, chosen.programs)
    if compiled:
        with_program.write(build, compiled, cross.STRIP)
        return 0
    if chosen.checks is None:
        chosen.checks = builder.option(build, "checks")
    status = boot(chosen, build)
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    manners.run(main)

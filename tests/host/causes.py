#!/usr/bin/python3
"""./run says in words what it cannot do: what was named wrongly before
anything is built, and what QEMU refuses in QEMU's own words."""
import os
import pty
import re
import resource
import sys
import tempfile

from script import BUILD, Ended, HERE, RUN, refused, run

import tap # found by way of script

CHECK = os.path.join(HERE, "tests", "run.py")
GOOD = "int main(void) { return 7; }\n"
PRINTS = 'void part(void);\nint main(void) { part(); }\n'
PART = ('#include <stdio.h>\nvoid part(void);\n'
        'void part(void) { puts("of two files"); }\n')
FILES = """#include <fcntl.h>
#include <stdio.h>
int main(void) { return open("a", 0) + !fopen("b", "r"); }
"""
# For a shell: a folder becomes a file system that is full; then a command.
FULL = """
mount -t tmpfs -o size=16k none "$1" || exit
cat /dev/zero >"$1/zeros" 2>/dev/null
shift && exec "$@"
"""
NO_TEXTS = {"other.txt": "~~\n> halt\n".encode("utf-16"),
            "zero.txt": b"~~\n> halt\0\n"}
# In these, nothing can be built.
NO_BUILD = dict(os.environ, KERNE_BUILD=os.devnull)


REFUSED = { # option: its value, and a part of what is said
    "--deadline": {
        word: "not a number of seconds"
        for word in ("nan", "inf", "-inf", "0", "-1", "1e300", "soon", "")},
    "--dialogue": {"/": "/ is not a file", "gone": "gone is not a file",
                   "": "word behind it is empty"},
    "--expect": {"gone": "gone is not a file", "": "word behind it is empty",
                 "other.txt": "other.txt is no text in UTF-8",
                 "zero.txt": "zero.txt: line 2 has a sign of no text, '\\x00'"},
    "--image": {
        "": "word behind it is empty",
        "gone.tar": "no file `gone.tar`",
        "/gone/image": "no file `/gone/image`",
        "/": "no file `/`"},
    "--with": {
        "gone.c": "no file `gone.c`",
        "/": "`/` does not end in .c",
        "mine=good.c,gone.c": "no file `gone.c`",
        "note.txt": "`note.txt` does not end in .c",
        "two words.c": "`two words`, which no command could name",
        "a\"quote.c": "`a\"quote`, which no command could name",
        ".c": "``, which no command could name",
        "n" * 101 + ".c": "which no command could name",
        "\xe9.c": "which no command could name",
        "my program=good.c": "`my program`, which no command could name",
        "=good.c": "``, which no command could name"},
    "--memory": {"": "word behind it is empty"},
    "--qemu": {"'-smp 2": "a quotation in `'-smp 2` has no end"},
    "--append": {
        "slice=99": "takes no `slice=99`; it takes slice=100 to",
        "slice=10000001": "no `slice=10000001`",
        "slice=1k": "no `slice=1k`",
        "fast=on": "no `fast=on`",
        "slice=100 depth=3": "no `depth=3`",
        "x" * 256: "255 bytes of arguments; these have 256"},
}


def small_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


def names(writer, folder):
    """What is not there, or cannot be, is named first."""
    for name in REFUSED["--with"]:
        if "=" not in name and not name.startswith(("gone", "/")):
            with open(os.path.join(folder, name), "w", encoding="utf-8"):
                pass
    with open(os.path.join(folder, "good.c"), "w", encoding="utf-8") as file:
        file.write(GOOD)
    for name, data in NO_TEXTS.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)
    for option, values in REFUSED.items():
        for value, words in values.items():
            refused(writer, f"run.refuses.{option}={value[:20]}",
                    run("--build", f"{option}={value}", cwd=folder,
                        env=NO_BUILD), words)
    refused(writer, "run.refuses.build_folder",
            run("--build", cwd=folder, env=NO_BUILD),
            "/dev/null cannot be used", "KERNE_BUILD names another")


def disk_files(writer, folder):
    """What cannot be the machine's disk; and nothing of it stays."""
    os.mkfifo(os.path.join(folder, "pipe"))
    for name, size in (("odd", 513), ("empty", 0), ("there", 512)):
        with open(os.path.join(folder, name), "wb") as file:
            file.truncate(size)
    before = sorted(os.listdir(folder))
    for number, (words, says) in enumerate((
            (["pipe"], "pipe: it is neither a file nor a disk"),
            (["/dev/null"], "null: it is neither a file nor a disk"),
            (["."], ".: it is neither a file nor a disk"),
            (["odd"], "odd: it is none: it has 513 bytes"),
            (["empty"], "empty: it is none: it has 0 bytes"),
            (["gone,readonly"], "gone: No such file"),
            (["there,ro"], "`--disk there,readonly` reads it only"),
            (["there", "--disk-size", "1k"], "it is there already, and"),
            (["new", "--disk-size", "0"], "`0` is no size of a disk"),
            (["new", "--disk-size", "1K"], "`1K` is no size of a disk"),
            (["new", "--disk-size", "1M"], "disk new: File too large"),
            (["scratch", "--disk-size", "1M"], "bytes can be made in"),
            (["new", "--disk-size", ""], "word behind it is empty"),
            ([""], "word behind it is empty"))):
        refused(writer, f"run.disk_refused.{number}",
                run("--build", "--disk", *words, cwd=folder, env=NO_BUILD,
                    preexec_fn=small_files), says)
    writer.point(sorted(os.listdir(folder)) == before,
                 "run.disk_refused.nothing_stays", os.listdir(folder))


def check(writer):
    """./check says in words, too, what it cannot do."""
    for words, says in ((["--jobs", "0"], "`0` is not a number from 1"),
                        (["--jobs", "two"], "`two` is not a number from 1"),
                        (["nobody"], "no test is called `nobody`")):
        refused(writer, f"check.refuses.{words[-1]}",
                Ended([sys.executable, CHECK, *words], cwd=HERE,
                      env=dict(os.environ, KERNE_BUILD=BUILD)), says)


def qemu(writer):
    ended = run("-m", "abc")
    refused(writer, "run.qemu_refuses.alone", ended, "-m abc: Parameter")
    writer.point(not re.search(r"\./run|storage", ended.err),
                 "run.qemu_refuses.nothing_else", ended.why())
    refused(writer, "run.qemu_refuses.too_little_storage", run("-m", "4M"),
            "overlap", "needs 16M")
    refused(writer, "run.no_machine_begins", run("--qemu", "-version"),
            "no machine has begun; it said:\nQEMU emulator version")
    refused(writer, "run.no_machine_begins.verbose",
            run("--verbose", "--qemu", "-version"), "no machine has begun\n")
    for option in (["--qemu", "-smp 2 -name 'two words'"],
                   ["--qemu", "-smp", "--qemu", "2"]):
        ended = run("--verbose", *option, typed="halt\n")
        writer.point(ended.status == 0 and "-smp 2" in ended.err,
                     f"run.qemu_takes.{len(option) - 1}", ended.why())


def usual_slice():
    with open(os.path.join(HERE, "boot", "boot.c"), encoding="utf-8") as file:
        return re.search(r"^#define SLICE (\d+)", file.read(), re.MULTILINE)[1]


def arguments(writer):
    """What ./run lets pass, the nucleus takes; it is printed."""
    for text, words in (
            ("", f"; boot arguments: slice={usual_slice()}\n"),
            ("slice=100  fast=off", "; boot arguments: slice=100, fast=off\n"),
            ("slice=10000000 slice=250 date",
             "; boot arguments: slice=250, `date` for the root\n"),
            ("-- a=b", ", `a=b` for the root\n"),
            ("x" * 255, f", `{'x' * 255}` for the root\n")):
        ended = run("--append", text, typed="halt\n")
        writer.point(ended.status == 0 and words in ended.err,
                     f"run.arguments.{text[:20].strip()}", ended.why())
    ended = run("--append", "\xe9", typed="halt\n",
                env=dict(os.environ, PYTHONIOENCODING="ascii:strict"))
    writer.point(ended.status == 0, "run.arguments.of_another_alphabet",
                 ended.why())
    ended = run("--checks", typed="halt\n")
    writer.point(" with checks, compiled" in ended.err, "run.says_checks",
                 ended.why())


def programs(writer, folder):
    for name, text in {
            "main.c": PRINTS, "part.c": PART, "empty.c": "",
            "files.c": FILES, "wrong.c": "int main(void) { return x; }\n",
            "no_thing.c": "int thing(void);\n"
                          "int main(void) { return thing(); }\n"}.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    ended = run("--with", "mine=main.c,part.c", "--with", "good.c",
                typed="new mine run\nwait finished\n"
                "new good run\nwait finished\nhalt\n", cwd=folder)
    writer.point(ended.status == 0 and "of two files" in ended.out and
                 "good finished, status 7" in ended.out,
                 "run.with.several", ended.why())
    for value, words in {
            "hello=good.c": "a file `hello` already; for another name: "
                            "--with 'NAME=good.c'",
            "empty.c": "empty.c is not linked: there is no `main`, neither",
            "no_thing.c": "no_thing.c is not linked: there is no `thing`, n",
            "files.c": "files.c is not linked: there is no `open`, `fopen`",
            "mine=good.c,good.c": "good.c, good.c is not linked",
            "mine=main.c,wrong.c": "wrong.c is not compiled"}.items():
        refused(writer, f"run.with.{value}",
                run("--with", value, cwd=folder), words)
    for value, words in {"nobody": "no program or file `nobody`",
                         ",": "no program or file ``",
                         "main.c": "main.c is no boot image, and no program",
                         "s,s": "two files are called s"}.items():
        refused(writer, f"run.image.{value}",
                run("--image", value, cwd=folder), words)
    for options in (["--with", "good.c"], ["--image", "s,console"]):
        refused(writer, f"run.no_room_for{options[0]}",
                run(*options, cwd=folder, preexec_fn=small_files,
                    env=dict(os.environ, TMPDIR=folder)),
                folder, "TMPDIR names another")


def standard_input(writer):
    """Nothing can be read from it, or there is another in its place."""
    with open(os.devnull, "w", encoding="utf-8") as written:
        refused(writer, "run.input.is_written", run(stdin=written),
                "standard input cannot be read: Bad file descriptor")
    folder = os.open("/", os.O_RDONLY)
    refused(writer, "run.input.is_a_folder",
            Ended([os.path.join(HERE, "run")], stdin=folder, env=NO_BUILD),
            "standard input is a folder")
    os.close(folder)
    refused(writer, "run.input.two_files",
            run("--build", "--dialogue", RUN, "--expect", RUN, env=NO_BUILD),
            "--expect: not allowed with argument --dialogue")


def folder_is_gone(writer, folder):
    """In which one stands; nothing is needed of it."""
    ended = Ended(["sh", "-c", 'mkdir gone && cd gone && rmdir ../gone && "$@"',
                   "sh", sys.executable, RUN], "halt\n", cwd=folder)
    writer.point(ended.status == 0, "run.folder_is_gone", ended.why())


def debugged(writer, folder):
    """What is to be typed, a process of that program can be called."""
    for name, words in (("good", "new good run"),
                        ("Hello", "new p prog Hello run")):
        ended = run("--gdb", "--deadline", "0.1", "--with", f"{name}=good.c",
                    cwd=folder)
        writer.point(f"`kerne program {name}`" in ended.err and
                     f"here `{words}`" in ended.err, f"run.gdb.{name}",
                     ended.why())


def help_page(writer):
    """Its example with a program shows what the program says."""
    ended = run("--help")
    example = re.search(r"printf '(.*)' \| \./run$", ended.out, re.MULTILINE)
    said = run(typed=example[1].replace("\\n", "\n") if example else "")
    writer.point(said.status == 0 and "\nHello. I am" in said.out,
                 "run.help.example_says_hello", said.why())
    writer.point("KERNE_BUILD" in ended.out and "may be repeated" in ended.out,
                 "run.help.names_all", ended.why())


def full(writer):
    """A disk that is full, in the place of standard output; who types has a
    terminal, too."""
    keyboard = pty.openpty()[1]
    with open("/dev/full", "w", encoding="utf-8") as disk:
        for name, options, how in (("", [], {"typed": "halt\n"}),
                                   ("--help", ["--help"], {}),
                                   (".at_terminal", [], {"stdin": keyboard})):
            refused(writer, f"run.full_disk{name}",
                    run(*options, stdout=disk, **how),
                    "standard output takes no more: No space left")
        refused(writer, "run.full_disk.check",
                Ended([sys.executable, CHECK, "--list"],
                      stdout=disk, env=dict(os.environ, KERNE_BUILD=BUILD)),
                "standard output takes no more: No space left")
        ended = run(typed="halt\n", stderr=disk)
        writer.point(ended.status not in (0, None), "run.full_disk.errors",
                     ended.why())


def full_folders(writer, folder):
    """Temporary files where there is room for none."""
    place = os.path.join(folder, "full")
    os.mkdir(place)
    full_first = ["unshare", "--mount", "sh", "-c", FULL, "sh", place]
    ended = Ended([*full_first, "true"])
    if ended.status != 0:
        writer.skip("run.full_folder",
                    f"no file system can be mounted: {ended.err.strip()}")
        return
    env = dict(os.environ, TMPDIR=place, KERNE_BUILD=BUILD)
    for options in (["--with", "good.c"], ["--image", "s,console"]):
        ended = Ended([*full_first, sys.executable, RUN, *options], "halt\n",
                      cwd=folder, env=env)
        writer.point(ended.status == 0, f"run.full_folder{options[0]}",
                     ended.why())
    refused(writer, "run.full_folder.build",
            Ended([*full_first, sys.executable, RUN, "--build"],
                  env=dict(env, KERNE_BUILD=place)),
            f"build folder {place} cannot be used: No space left",
            "KERNE_BUILD names another")


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory() as folder:
        names(writer, folder)
        programs(writer, folder)
        disk_files(writer, folder)
        debugged(writer, folder)
        folder_is_gone(writer, folder)
        full_folders(writer, folder)
    standard_input(writer)
    check(writer)
    qemu(writer)
    arguments(writer)
    help_page(writer)
    full(writer)
    writer.end()


if __name__ == "__main__":
    main()

"""More programs, from C files: compiled and linked as the parents are.

The build directory knows how: its compile_commands.json has the command for
parents/s/main.c, and Ninja the one that links s.
"""
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import tarfile
import tempfile

import image
import manners


MOST_ERRORS = 20 # that are shown of a file
UNDEFINED = re.compile(r"undefined reference to `([^']+)'")
IN_FUNCTION = re.compile(r"(lib[cm]\.a\(.*)?: in function `([^']+)':$")


def lacking(said):
    """Of what the linker says: the functions that there are not, and those of
    the C library that need such, so that they are not there either."""
    names, user = [], None
    for line in said.splitlines():
        inside = IN_FUNCTION.search(line)
        undefined = UNDEFINED.search(line)
        if inside:
            user = inside[2] if inside[1] else None
        elif undefined and (user or undefined[1]) not in names:
            names.append(user or undefined[1])
    return names


def run(words, source, made, how):
    """`made`: what the words do to it; `how`: of subprocess."""
    done = subprocess.run(words, check=False, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **how)
    said = done.stdout.decode("utf-8", "replace").rstrip()
    names = lacking(said)
    if done.returncode != 0 and names:
        manners.give_up(
            f"{source} is not linked: there is no `{'`, `'.join(names)}`, "
            "neither in it nor in Kerne's library")
    if said:
        manners.tell(said)
    if done.returncode != 0:
        manners.give_up(f"{source} is not {made}")


def compiling(build):
    """Compiler and options, without what belongs to the one file."""
    with open(os.path.join(build, "compile_commands.json"),
              encoding="utf-8") as file:
        entry = next(entry for entry in json.load(file)
                     if entry["file"].endswith("parents/s/main.c"))
    words = shlex.split(entry["command"])
    for option in ("-MQ", "-MF", "-o", "-c"):
        at = words.index(option)
        del words[at:at + 2]
    words.remove("-MD")
    words.remove("-fdiagnostics-color=always")
    return words


def linking(build):
    """The same for the linker: all but the output and s's own objects."""
    printed = subprocess.run(["ninja", "-t", "commands", "parents/s.elf"],
                             cwd=build, check=True, stdout=subprocess.PIPE)
    words = shlex.split(printed.stdout.decode().splitlines()[-1])
    at = words.index("-o")
    del words[at:at + 2]
    return [word for word in words if not word.endswith(".o")]


def wanted(word):
    """A program's name and its files, of what `--with` was given: FILE.c, or
    NAME=FILE.c,FILE.c... for more of them, or for another name."""
    name, equals, files = word.partition("=")
    sources = files.split(",")
    if not equals or os.path.isfile(word):
        name, sources = os.path.basename(word).removesuffix(".c"), [word]
    for source in sources:
        if not source.endswith(".c"):
            manners.give_up(f"--with wants C files; `{source}` does not end in "
                            ".c")
        if not os.path.isfile(source):
            manners.give_up(f"--with: there is no file `{source}`")
    image.check_name(name, ", ".join(sources), "./run")
    return name, sources


def make(build, sources, folder, more):
    """Compiles them in `folder`, with more options; the program's path."""
    things = []
    how = {"cwd": build, "env": dict(os.environ, TMPDIR=folder, LC_ALL="C")}
    for number, source in enumerate(sources):
        things.append(os.path.join(folder, f"{number}.o"))
        run(compiling(build) + [*more, f"-fmax-errors={MOST_ERRORS}", "-c",
                                os.path.abspath(source), "-o", things[-1]],
            source, "compiled", how)
    program = os.path.join(folder, "program.elf")
    words = linking(build)
    run(words[:1] + ["-o", program, *things] + words[1:],
        ", ".join(sources), "linked", how)
    return program


def write(build, programs, strip):
    """Each as a file NAME.elf here, for a boot image or a disk of the store."""
    for name, sources in programs:
        path = name + ".elf"
        with tempfile.TemporaryDirectory() as folder:
            data = image.contents(make(build, sources, folder, ()), strip)
        with open(path, "wb") as file:
            file.write(data)
        manners.tell(f"{manners.shown(path)} is written: {len(data)} bytes.")


def kept(build, name):
    """Where a program stays, with what debuggers need."""
    return os.path.join(build, "with", name.replace("/", "_") + ".elf")


def add(build, programs, archive, strip, more=(), symbols=None):
    """A copy of the image with these programs in it; a file that is removed
    at the end.  What debuggers need stays in the build folder, and a copy of it
    in the folder `symbols`, if there is one.  `more` options for the
    compiler."""
    made = tempfile.NamedTemporaryFile(prefix="kerne-", suffix=".tar")
    shutil.copyfile(archive, made.name)
    folder_kept = os.path.dirname(kept(build, ""))
    os.makedirs(folder_kept, exist_ok=True)
    for name, sources in programs:
        with tempfile.TemporaryDirectory(dir=folder_kept) as folder, \
                tarfile.open(made.name, "a",
                             format=tarfile.USTAR_FORMAT) as tar:
            if name in tar.getnames():
                manners.give_up(f"the image has a file `{name}` already; for "
                                f"another name: --with 'NAME={sources[0]}'")
            program = make(build, sources, folder, more)
            data = image.contents(program, strip)
            if symbols:
                shutil.copy(program, os.path.join(symbols, f"{name}.elf"))
            os.replace(program, kept(build, name))
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return made

"""One more program, from one C file: compiled and linked as the parents are.

The build directory knows how: its compile_commands.json has the command for
parents/s/main.c, and Ninja the one that links s.
"""
import io
import json
import os
import shlex
import shutil
import subprocess
import tarfile
import tempfile

import image


def run(words, build, source):
    done = subprocess.run(words, cwd=build, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise SystemExit(done.stdout.decode("utf-8", "replace") +
                         f"./run: {source} is not compiled")
    if done.stdout:
        print(done.stdout.decode("utf-8", "replace"), end="")


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


def make(build, source, folder):
    """Compiles `source` into `folder`; the path of the program, which is
    called as the file is, without its `.c`."""
    if not source.endswith(".c") or not os.path.isfile(source):
        raise SystemExit(f"./run: --with wants a C file; `{source}` is none")
    name = os.path.basename(source)[:-len(".c")]
    image.check_name(name, source)
    source = os.path.abspath(source)
    thing = os.path.join(folder, name + ".o")
    program = os.path.join(folder, name + ".elf")
    run(compiling(build) + ["-c", source, "-o", thing], build, source)
    words = linking(build)
    run(words[:1] + ["-o", program, thing] + words[1:], build, source)
    return program


def add(build, sources, archive, strip):
    """A copy of the image with these programs in it; a file that is removed
    at the end."""
    made = tempfile.NamedTemporaryFile(prefix="kerne-", suffix=".tar")
    shutil.copyfile(archive, made.name)
    with tempfile.TemporaryDirectory() as folder:
        for source in sources:
            program = make(build, source, folder)
            name = os.path.basename(program)[:-len(".elf")]
            with tarfile.open(made.name, "a",
                              format=tarfile.USTAR_FORMAT) as tar:
                if name in tar.getnames():
                    raise SystemExit(
                        f"./run: the image has a file `{name}` already; give "
                        f"{source} another name")
                data = image.contents(program, strip)
                member = tarfile.TarInfo(name)
                member.size = len(data)
                tar.addfile(member, io.BytesIO(data))
    return made

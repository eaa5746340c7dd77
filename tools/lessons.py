"""What the lessons of the page need beside the usual programs: those that stand
in the book, and a program of Linux's.
"""
import io
import os
import re
import subprocess
import tarfile
import tempfile

import cross
import image
import manners
import with_program
from manners import HERE

BOOK = os.path.join(HERE, "docs", "book")
FILE = re.compile(r"^```c file (\w+)\.c\n(.*?)^```", re.M | re.S)
FOREIGN = os.path.join(HERE, "view", "page", "lessons", "pipe.c")
FOREIGN_OPTIONS = [
    "-std=gnu11", "-O1", "-ffreestanding", "-nostdlib", "-static",
    "-march=rv64gc", "-mabi=lp64d", "-mcmodel=medany", "-Wl,--build-id=none",
    "-Wl,-z,max-page-size=4096", "-Wl,--no-relax",
    "-Wl,--no-warn-rwx-segments", "-Wl,-Ttext-segment=0x10000"]


def of_the_book():
    """The programs that a reader types: name -> text."""
    found = {}
    for name in sorted(os.listdir(BOOK)):
        with open(os.path.join(BOOK, name), encoding="utf-8") as file:
            found.update(FILE.findall(file.read()))
    return found


def add(tar, name, data, kind=tarfile.REGTYPE):
    member = tarfile.TarInfo(name)
    member.size, member.type, member.mode = len(data), kind, 0o755
    tar.addfile(member, io.BytesIO(data))


def tree():
    """The files that programs of Linux's see: one program, /pipe."""
    data = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, \
            tarfile.open(fileobj=data, mode="w",
                         format=tarfile.USTAR_FORMAT) as tar:
        program = os.path.join(folder, "pipe")
        words = [cross.COMPILER, *FOREIGN_OPTIONS, "-o", program, FOREIGN]
        if subprocess.run(words, check=False).returncode != 0:
            manners.give_up(f"{FOREIGN} is not compiled")
        for path in ("dev", "proc", "tmp"):
            add(tar, path, b"", tarfile.DIRTYPE)
        add(tar, "pipe", image.contents(program, cross.STRIP))
    return data.getvalue()


def make_image(build, archive, made):
    """`made`: the archive, and what lessons need; others may be reading it."""
    copy = tempfile.NamedTemporaryFile(dir=os.path.dirname(made), delete=False)
    with open(archive, "rb") as file, copy:
        copy.write(file.read())
    with tarfile.open(copy.name, "a", format=tarfile.USTAR_FORMAT) as tar:
        for name, text in of_the_book().items():
            with tempfile.TemporaryDirectory() as folder:
                source = os.path.join(folder, f"{name}.c")
                with open(source, "w", encoding="utf-8") as file:
                    file.write(text)
                program = with_program.make(build, [source], folder, ())
                add(tar, name, image.contents(program, cross.STRIP))
        add(tar, "linux.tree", tree())
    os.replace(copy.name, made)

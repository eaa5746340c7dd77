"""For the tests of parents/linux: programs, trees of files, and machines that
have them.  The programs need no library, and nothing from anywhere.
"""
import io
import os
import re
import subprocess
import sys
import tarfile

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(HERE, folder)
                for folder in ("tests", "tests/system", "tools")]

from operated import BUILD, Operator  # noqa: E402 (found by the path above)

import image  # noqa: E402
import machine  # noqa: E402

PROGRAMS = os.path.join(HERE, "tests", "linux", "bare")
COMPILER = ["riscv64-unknown-elf-gcc", "-std=gnu11", "-O1", "-Wall", "-Wextra",
            "-Werror", "-ffreestanding", "-fno-builtin", "-nostdlib",
            "-march=rv64gc", "-mabi=lp64d", "-mcmodel=medany",
            "-Wl,--build-id=none", "-Wl,-z,max-page-size=4096"]
STATIC = ["-static", "-Wl,--no-relax", "-Wl,--no-warn-rwx-segments",
          "-Wl,-Ttext-segment=0x10000"]
# Linux again, that breaks where it goes on with a record that it has returned.
POISONED = "tests/linux/poisoned/linux"
SIZES = "size 64M buf 40 internal 60 tables 600 image"
BLOCK, PAGE = 512, 4096
POINT = re.compile(r"(not )?ok ([a-z0-9_.']+)(.*)")
ENDS = "linux finished", "linux broke"
DEADLINE = 120 # seconds, of a machine


def compiled(folder, name):
    """A program of tests/linux/bare: its bytes."""
    path = os.path.join(folder, name)
    own = [path for path in (os.path.join(PROGRAMS, name + end)
                             for end in (".c", ".S")) if os.path.exists(path)]
    library = ["bare.c", "accounts.c"] if own[0].endswith(".c") else []
    sources = own + [os.path.join(PROGRAMS, file) for file in library]
    subprocess.run(COMPILER + STATIC + ["-o", path, *sources], check=True)
    with open(path, "rb") as file:
        return file.read()


class Tree:
    """An archive for the member linux.tree."""

    def __init__(self):
        self.data = io.BytesIO()
        self.tar = tarfile.open(fileobj=self.data, mode="w",
                                format=tarfile.USTAR_FORMAT)
        for path in ("dev", "proc", "tmp", "t"):
            self.add(path, kind=tarfile.DIRTYPE, mode=0o755)

    def add(self, path, data=b"", kind=tarfile.REGTYPE, mode=0o755, link=""):
        info = tarfile.TarInfo(path)
        info.size, info.type, info.mode = len(data), kind, mode
        info.linkname, info.mtime = link, 1700000000
        self.tar.addfile(info, io.BytesIO(data))

    def bytes(self):
        self.tar.close()
        return self.data.getvalue()


def make_image(folder, tree, more=(), system="parents/linux"):
    """The image with s, linux, the tree and other programs; its path."""
    path = os.path.join(folder, "linux.tree")
    with open(path, "wb") as file:
        file.write(tree)
    made = os.path.join(folder, "made.tar")
    image.make_image(made, [
        os.path.join(BUILD, program + ".elf") for program in
        ("parents/s", "children/console", system, *more)] + [path],
        None, image.usual_loader())
    return made


class Runs:
    """A machine on which linux is run, again and again."""

    def __init__(self, path, kernel="kerne-checks", deadline=DEADLINE,
                 icount=None, memory="256M", append=None, more=()):
        self.computer = machine.Machine(machine.command(
            os.path.join(BUILD, "arch", "riscv", kernel), path,
            memory=memory, icount=icount, append=append, more=more), deadline)

    def __enter__(self):
        self.operator = Operator(self.computer.__enter__())
        return self

    def __exit__(self, *exception):
        return self.computer.__exit__(*exception)

    def run(self, words, sizes=SIZES):
        """What linux says until it has ended, which is told last."""
        typist = self.operator.typist
        before = len(self.operator.lines)
        typist.line(f'new linux {sizes} prog "linux {words}" run')
        typist.until(lambda: any(line.startswith(ENDS)
                                 for line in typist.since), "its end")
        typist.until_ready()
        return self.operator.lines[before + 1:]

    def accounts(self):
        """What is left, as `max` has it."""
        return [line.split()[0] + " " + line.split()[-1]
                for line in self.operator.says("max") if line[:6] in
                ("buffer", "proces", "tables", "storag")]


def tell_points(writer, name, said):
    """The points of a program's, as its own."""
    found = [POINT.fullmatch(line) for line in said]
    found = [point for point in found if point]
    for point in found:
        writer.point(not point[1], f"{name}.{point[2]}", [point[0]])
    count = [line for line in said if line.startswith("points ")]
    writer.point(count == [f"points {len(found)}"] and len(found) > 0 and
                 "linux finished, status 0" in said,
                 f"{name}.comes_to_its_end", said)

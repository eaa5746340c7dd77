"""How fast a disk is beside Linux, by the wall clock, in one QEMU after the
other with the same disk, and how these compare.

    python3 tests/bench/disk_beside_linux.py [--write]

Kerne's client moves an area of a store (shelf.c); Debian's kernel, which is
fetched once, moves the disk itself, without a file system (linux_disk.c).  Each
takes the best of some rounds, and they take turns.  It is no part of ./check,
since it fetches; --write puts the table into docs/store.md.
"""
import lzma
import os
import re
import subprocess
import tarfile
import tempfile

import disk  # before beside, which finds another of this name
import beside

import debian  # found by way of beside
import linux
import machine
import made
import manners
import record

MODULES = ("virtio_mmio", "virtio_blk")
SOURCE = os.path.join(disk.boot.HERE, "tests", "bench", "linux_disk.c")
LINE = re.compile(r"(?:bench store\.|linux )(\w+) (\d+)")
WAYS = {
    "output_64k_of_eight": ("output of 64 KiB, eight under way, then a flush",
                            "O_DIRECT, io_submit, fsync"),
    "output_4k": ("output of 4 KiB, one at a time, then a flush",
                  "pwrite, fsync"),
    "input_64k_of_eight": ("input of 64 KiB, eight under way",
                           "O_DIRECT, io_submit"),
    "input_4k_ahead": ("input of 4 KiB, one at a time, read ahead", "pread"),
    "input_4k_random": ("input of 4 KiB, eight under way, at random",
                        "O_DIRECT, io_submit"),
    "output_4k_random": ("output of 4 KiB at random, then a flush",
                         "pwrite, fsync"),
}


def modules():
    """The modules of Debian's kernel that it needs for the disk, by name."""
    version = os.path.basename(record.kernel())
    folder = linux.folder("modules", version)
    if not os.path.exists(folder):
        apt = linux.client(None)
        said = apt.run("apt-cache", "depends", "--important", record.KERNEL)
        name = re.search(r"Depends: (\S+)", said)[1]
        package = apt.candidates([name])[name]
        manners.tell(f"Fetching {name}, {linux.size_in_words(package.size)}, "
                     "for its modules ...")
        os.makedirs(linux.folder("modules"), exist_ok=True)
        with tempfile.TemporaryDirectory(dir=linux.folder()) as work:
            apt.fetch([package], work)
            debian.run(["sh", "-c", 'dpkg-deb --fsys-tarfile "$1" >"$2"', "sh",
                        os.path.join(work, package.file()),
                        os.path.join(work, "tar")])
            found = os.path.join(work, "found")
            os.mkdir(found)
            with tarfile.open(os.path.join(work, "tar")) as archive:
                for member in archive:
                    name = os.path.basename(member.name).split(".ko")[0]
                    if member.isreg() and ".ko" in member.name and \
                            name in MODULES:
                        data = archive.extractfile(member).read()
                        if member.name.endswith(".xz"):
                            data = lzma.decompress(data)
                        with open(os.path.join(found, name), "wb") as file:
                            file.write(data)
            os.rename(found, folder)
    for name in MODULES:
        with open(os.path.join(folder, name), "rb") as file:
            yield name, file.read()


def first_file_system(path):
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "init")
        subprocess.run([*made.COMPILER, "-O2", *made.STATIC, "-o", program,
                        SOURCE], check=True)
        with open(program, "rb") as file:
            files = [("init", 0o100755, file.read())]
    files += [("dev", 0o040755, b"")]
    files += [(f"{name}.ko", 0o100644, data) for name, data in modules()]
    with open(path, "wb") as file:
        for number, (name, mode, data) in enumerate(files, 1):
            file.write(record.entry(name, number, mode, data))
        file.write(record.entry("TRAILER!!!", 0, 0))


def of_linux(folder, words):
    path = os.path.join(folder, "first")
    first_file_system(path)
    return beside.of_linux(path, "loglevel=3", words)


def of_kerne(image, words):
    lines = []
    setup = disk.SETUPS["store"]
    with machine.Machine(machine.command(disk.KERNEL, image, memory="1G",
                                         more=words),
                         disk.DEADLINE) as computer:
        typist = disk.dialogue.Typist(computer, show=lines.append)
        typist.line(disk.command(setup, "clock"))
        typist.line(f"wait {setup.client} finished")
    return "\n".join(lines)


def turn():
    with tempfile.TemporaryDirectory(dir=disk.BUILD) as folder:
        image, words = disk.make(folder, disk.SETUPS["store"].programs)
        return of_kerne(image, words), of_linux(folder, words)


def main():
    """Their figures are nanoseconds for a KiB."""
    kerne, other = beside.best_of(turn, LINE, WAYS)
    rows = [(what, (1024000 / kerne[name], 1024000 / other[name]), ".0f", way)
            for name, (what, way) in WAYS.items()]
    beside.tell(beside.table("MB/s", rows, ["Linux's way"]), "store.md")


if __name__ == "__main__":
    main()

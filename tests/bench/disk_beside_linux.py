"""How fast a disk is beside Linux, by the wall clock, in one QEMU after the
other with the same disk, and how these compare.

    python3 tests/bench/disk_beside_linux.py [--write]

Kerne's client moves an area of a store (shelf.c); Debian's kernel, which is
fetched once, moves the disk itself, without a file system (linux_disk.c).  Each
takes the best of some rounds, and they take turns.  It is no part of ./check,
since it fetches; --write puts the table into docs/store.md.
"""
import datetime
import lzma
import os
import re
import subprocess
import sys
import tarfile
import tempfile

import disk # which finds the others
sys.path.append(os.path.join(disk.boot.HERE, "tests", "linux"))
import cross  # noqa: E402 (found by the path above)
import debian  # noqa: E402
import linux  # noqa: E402
import machine  # noqa: E402
import made  # noqa: E402
import manners  # noqa: E402
import record  # noqa: E402

MODULES = ("virtio_mmio", "virtio_blk")
SOURCE = os.path.join(disk.boot.HERE, "tests", "bench", "linux_disk.c")
PAGE = os.path.join(disk.boot.HERE, "docs", "store.md")
LINE = re.compile(r"(?:bench store\.|linux )(\w+) (\d+)")
TURNS = 3
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
TABLE = re.compile(r"(?<=<!-- beside linux -->\n\n).*?(?=\n\n)", re.DOTALL)


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
    """What each pace takes, in nanoseconds for a KiB."""
    path = os.path.join(folder, "first")
    first_file_system(path)
    done = subprocess.run(
        [*record.MACHINE, "-kernel", record.kernel(), "-initrd", path,
         "-append", "console=ttyS0 quiet loglevel=3", *words],
        stdin=subprocess.DEVNULL, capture_output=True,
        timeout=record.DEADLINE, check=False)
    said = done.stdout.decode("utf-8", "replace")
    return {name: int(time) for name, time in LINE.findall(said)}, said


def of_kerne(image, words):
    lines = []
    setup = disk.SETUPS["store"]
    with machine.Machine(machine.command(disk.KERNEL, image, memory="1G",
                                         more=words),
                         disk.DEADLINE) as computer:
        typist = disk.dialogue.Typist(computer, show=lines.append)
        typist.line(disk.command(setup, "clock"))
        typist.line(f"wait {setup.client} finished")
    said = "\n".join(lines)
    return {name: int(time) for name, time in LINE.findall(said)}, said


def best_of_both():
    best = ({}, {})
    for _ in range(TURNS):
        with tempfile.TemporaryDirectory(dir=disk.BUILD) as folder:
            image, words = disk.make(folder, disk.SETUPS["store"].programs)
            for of, (found, said) in zip(best, (of_kerne(image, words),
                                                of_linux(folder, words))):
                if set(found) != set(WAYS):
                    sys.exit(f"{said[-2000:]}\nnot all were measured")
                for name, time in found.items():
                    of[name] = min(time, of.get(name, time))
    return best


def table(kerne, other):
    lines = [f"| MB/s, {datetime.date.today()}, Linux "
             f"{os.path.basename(record.kernel())}, {cross.qemu()} | Kerne | "
             "Linux | ratio | Linux's way |", "|---|---|---|---|---|"]
    for name, (what, way) in WAYS.items():
        rates = [1024000 / of[name] for of in (kerne, other)]
        lines.append(f"| {what} | {rates[0]:.0f} | {rates[1]:.0f} | "
                     f"{rates[0] / rates[1]:.2f} | {way} |")
    return "\n".join(lines)


def main():
    text = table(*best_of_both())
    print(text)
    if sys.argv[1:] == ["--write"]:
        with open(PAGE, encoding="utf-8") as file:
            page = file.read()
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(TABLE.sub(lambda _: text, page))


if __name__ == "__main__":
    main()

"""Records what Linux itself says in the workloads, and how they end.

    /usr/bin/python3 tests/linux/record.py [WORKLOAD|SCREEN...]

Debian's kernel for riscv64 boots in the QEMU that is installed, with the very
files that Kerne's machine has, as its first file system, and a shell runs each
command of workloads/list on the serial line, a terminal, in a session of its
own, with the environment that the personality gives.  Not in the list are
`wrong`, the program bare/wrong.c, as wrong.py runs it; and `first`,
bare/first.c, as the first process of a namespace.  What came is written to
recorded/WORKLOAD: `status N` in the first line, and then all as it came, but
that a terminal makes one end of a line two signs.  What is done at a terminal,
by screens/SCREEN, is done at this serial line, and recorded/SCREEN has what the
screen showed at each `look`, when it had been quiet for a second.  The kernel's
version is noted in recorded/README.
"""
import os
import re
import subprocess
import sys
import tarfile
import tempfile

import made
import seat
import tree

import cross  # found by way of tree
import debian
import linux
import machine
import manners

KERNEL = "linux-image-riscv64"
MACHINE = ["qemu-system-riscv64", "-M", "virt", "-m", "1G", "-smp", "1",
           "-no-reboot", "-display", "none", "-monitor", "none",
           "-chardev", "stdio,id=console,mux=off,signal=off",
           "-serial", "chardev:console"]
ARGUMENTS = "console=ttyS0 quiet loglevel=0 rdinit=/tests/init"
DEADLINE = 1800 # seconds; `wrong` takes most of it
QUIET = 1.0 # the same
INIT = """\
#!/bin/busybox sh
export PATH={path}
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts pts /dev/pts
ln -s /proc/self/fd /dev/fd
mount -t tmpfs tmp /tmp
hostname kerne
uname -r
while read -r name size command; do
  echo "=== begin $name"
  cd /
  stty rows ${{size#*x}} cols ${{size%x*}} </dev/ttyS0
  env -i PATH=$PATH HOME=/root TERM=vt100 setsid -c sh -c "exec $command" \\
      </dev/ttyS0 >/dev/ttyS0 2>&1
  echo "=== end $name $?"
  rm -rf /tmp/*
done </tests/chosen
poweroff -f
"""
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
APART = "/bin/busybox unshare -p -f"
# Programs of this folder's bare/, and how they are run.
BARE = {"wrong": "/tests/wrong", "first": f"{APART} /tests/first",
        "first-ends": f"{APART} /tests/first ends"}
RECORDED = os.path.join(tree.FOLDER, "recorded")
FOUND = re.compile(r"=== begin (\S+)\n(.*?)=== end \1 (\d+)\n", re.DOTALL)
README = """\
What Linux said, by `/usr/bin/python3 tests/linux/record.py`: Debian's kernel
{} for riscv64, in {}.
"""


def kernel():
    """The kernel's file: fetched, and taken out of its package, once."""
    apt = linux.client(None)
    apt.update(linux.DAY)
    said = apt.run("apt-cache", "depends", "--important", KERNEL)
    name = re.search(r"Depends: (\S+)", said)[1]
    package = apt.candidates([name])[name]
    path = linux.folder("kernels", package.version)
    if not os.path.exists(path):
        manners.tell(f"Fetching {name}, "
                     f"{linux.size_in_words(package.size)} ...")
        os.makedirs(linux.folder("kernels"), exist_ok=True)
        with tempfile.TemporaryDirectory(dir=linux.folder()) as work:
            apt.fetch([package], work)
            debian.run(["sh", "-c", 'dpkg-deb --fsys-tarfile "$1" | '
                        'tar -xC "$2" --wildcards "./boot/vmlinu*"', "sh",
                        os.path.join(work, package.file()), work])
            boot = os.path.join(work, "boot")
            os.rename(os.path.join(boot, os.listdir(boot)[0]), path)
    return path


def entry(name, number, mode, data=b"", mtime=0):
    """One of an archive as Linux wants it for its first file system."""
    path = name.encode() + b"\0"
    fields = [number, mode, 0, 0, 1, mtime, len(data), 0, 0, 0, 0,
              len(path), 0]
    header = b"070701" + b"".join(b"%08x" % field for field in fields) + path
    return header + bytes(-len(header) % 4) + data + bytes(-len(data) % 4)


def first_file_system(path, file):
    """Of the tree in an archive; a hard link becomes a file."""
    kinds = {tarfile.DIRTYPE: 0o040000, tarfile.SYMTYPE: 0o120000}
    with tarfile.open(path) as archive:
        for number, member in enumerate(archive.getmembers(), 1):
            data = member.linkname.encode() if member.issym() else b""
            if member.isreg() or member.islnk():
                data = archive.extractfile(member).read()
            file.write(entry(
                member.name, number,
                kinds.get(member.type, 0o100000) | member.mode, data,
                int(member.mtime)))
    file.write(entry("TRAILER!!!", 0, 0))


def machine_for(entries, file):
    """QEMU's command for Linux; `entries`: of each thing to do the name, the
    size of the terminal, and the command.  `file` gets its files."""
    init = {"tests/init": (0o755, INIT.format(path=PATH).encode()),
            "tests/chosen": (0o644, "".join(
                f"{' '.join(entry)}\n" for entry in entries).encode())}
    with tempfile.TemporaryDirectory() as folder:
        for name in {name.partition("-")[0] for name in BARE}:
            init[f"tests/{name}"] = (0o755, made.compiled(folder, name))
    first_file_system(tree.make(init), file)
    file.flush()
    return [*MACHINE, "-icount", machine.EXACT, "-kernel", kernel(),
            "-initrd", file.name, "-append", ARGUMENTS]


def write(name, text):
    with open(os.path.join(RECORDED, name), "w", encoding="utf-8") as file:
        file.write(text)


def record_workloads(names):
    commands = {**tree.workloads(), **BARE}
    with tempfile.NamedTemporaryFile() as file:
        words = machine_for([(name, "80x24", commands[name])
                             for name in names], file)
        done = subprocess.run(words, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=DEADLINE,
                              check=False)
    said = done.stdout.decode("utf-8", "replace").replace("\r\n", "\n")
    found = {name: (text, status) for name, text, status in
             FOUND.findall(said)}
    for name in names:
        if name not in found:
            raise SystemExit(f"record.py: {name} did not end:\n{said[-2000:]}")
        text, status = found[name]
        write(name, f"status {status}\n{text}")
    version = re.search(r"^[0-9]+\.[0-9].*riscv64$", said, re.MULTILINE)[0]
    write("README", README.format(version, cross.qemu()))


def record_screen(name):
    seat.DEADLINE = DEADLINE # Linux takes its time to begin
    steps = seat.script(name)
    next(steps)
    columns, rows, command = seat.run_of(name)
    looks = []
    with tempfile.NamedTemporaryFile() as file:
        terminal = seat.Terminal(
            machine_for([(name, f"{columns}x{rows}", command)], file), columns,
            rows)
        begins, ends = (f"=== {word} {name}".encode()
                        for word in ("begin", "end"))

        def look():
            terminal.until_quiet(QUIET)
            looks.append("\n".join(terminal.rows()))

        def end(status):
            terminal.until(lambda: ends + b" %d\r" % status in terminal.said,
                           f"status {status}")
        try:
            terminal.until(lambda: begins in terminal.said, "command")
            terminal.do(steps, look, end)
        except seat.Late as error:
            raise SystemExit(f"record.py: {name}: {error}\n" +
                             "\n".join(terminal.rows())) from error
        finally:
            terminal.close()
    write(name, "".join(f"look {number}\n{look}\n"
                        for number, look in enumerate(looks, 1)))


def main():
    names = sys.argv[1:] or [*tree.workloads(), *BARE, *seat.scripts()]
    screens = [name for name in names if name in seat.scripts()]
    workloads = [name for name in names if name not in screens]
    if workloads:
        record_workloads(workloads)
    for name in screens:
        record_screen(name)


if __name__ == "__main__":
    main()

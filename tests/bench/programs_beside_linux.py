"""How long Debian's programs take beside Linux, by the wall clock, in one QEMU
after the other with the same files, and how these compare.

    /usr/bin/python3 tests/bench/programs_beside_linux.py [--write]

The same program (tests/linux/bare/launch.c) starts others under both, and each
figure is the median of so many; the systems take turns, and the least of some
turns counts.  It is no part of ./check, since it fetches Debian's kernel;
--write puts the table into docs/performance.md.
"""
import os
import re
import tempfile

import beside

import linux  # found by way of beside
import made
import record

PACKAGES = ["bash-static"] # beside those that are always there

SCRIPT = """\
#!/bin/busybox sh
letters=0
for word in one two three four five six seven; do
  if [ -d /tmp ] && busybox test -f /bin/busybox; then
    letters=$((letters + $(echo $word | busybox wc -c)))
  fi
done
busybox expr $letters = 34 >/dev/null
"""
INIT = """\
#!/bin/busybox sh
mount -t devtmpfs dev /dev
mount -t tmpfs tmp /tmp
sleep 5
{}
poweroff -f
"""
WAYS = { # how often, what, and how it is told
    "busybox_true": (99, "/bin/busybox true", "`busybox true`"),
    "bash_true": (41, "/bin/bash-static -c true", "`bash -c true`"),
    "script": (21, "/bin/busybox sh /t/script",
               "a script of busybox's shell, of some 30 processes"),
}
DEADLINE = 300 # seconds
SIZES = "size 64M buf 40 internal 60 tables 600 image"
LINE = re.compile(r"bench (\w+) (\d+) instructions")


def commands():
    return [f"/t/launch {name} {count} {words}"
            for name, (count, words, _) in WAYS.items()]


def make_tree(folder):
    """The archive of the files, for both; its path."""
    return linux.make(PACKAGES, {
        "t/launch": (0o755, made.compiled(folder, "launch")),
        "t/script": (0o755, SCRIPT.encode()),
        "t/init": (0o755, INIT.format("\n".join(commands())).encode())})


def of_linux(path):
    with tempfile.NamedTemporaryFile() as file:
        record.first_file_system(path, file)
        file.flush()
        return beside.of_linux(file.name, "loglevel=0 rdinit=/t/init")


def of_kerne(path):
    image, storage = linux.add_tree(os.path.join(made.BUILD, "image.tar"),
                                    path)
    with image, made.Runs(image.name, "kerne", DEADLINE, None,
                          storage) as runs:
        return "\n".join(line for command in commands()
                         for line in runs.run(command, SIZES))


def main():
    with tempfile.TemporaryDirectory(prefix="kerne-") as folder:
        path = make_tree(folder)
        kerne, other = beside.best_of(
            lambda: (of_kerne(path), of_linux(path)), LINE, WAYS)
    rows = [(told, (kerne[name] / 1000, other[name] / 1000), ",.0f")
            for name, (_, _, told) in WAYS.items()]
    beside.tell(beside.table("µs", rows), "performance.md")


if __name__ == "__main__":
    main()

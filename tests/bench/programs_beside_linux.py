"""How long Debian's programs take beside Linux, by the wall clock, in one QEMU
after the other with the same files, and how these compare.

    /usr/bin/python3 tests/bench/programs_beside_linux.py [--write]

The same program (tests/linux/bare/launch.c) starts others under both, and each
figure is the median of so many; the systems take turns, and the least of some
turns counts.  It is no part of ./check, since it fetches Debian's kernel;
--write puts the table into docs/performance.md.
"""
import datetime
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(HERE, "tests", "linux")]

import made  # noqa: E402 (found by the path above)

import cross  # noqa: E402 (found by way of made)
import linux  # noqa: E402
import record  # noqa: E402

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
TURNS = 3
DEADLINE = 300 # seconds
SIZES = "size 64M buf 40 internal 60 tables 600 image"
LINE = re.compile(r"bench (\w+) (\d+) instructions")
PAGE = os.path.join(HERE, "docs", "performance.md")
TABLE = re.compile(r"(?<=<!-- beside linux -->\n\n).*?(?=\n\n)", re.DOTALL)


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
        done = subprocess.run(
            [*record.MACHINE, "-kernel", record.kernel(), "-initrd", file.name,
             "-append", "console=ttyS0 quiet loglevel=0 rdinit=/t/init"],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE,
            check=False)
    return done.stdout.decode("utf-8", "replace")


def of_kerne(path):
    image, storage = linux.add_tree(os.path.join(made.BUILD, "image.tar"),
                                    path)
    with image, made.Runs(image.name, "kerne", DEADLINE, None,
                          storage) as runs:
        return "\n".join(line for command in commands()
                         for line in runs.run(command, SIZES))


def best_of_both(path):
    """The least medians, in nanoseconds, of each."""
    best = ({}, {})
    for _ in range(TURNS):
        for of, said in zip(best, (of_kerne(path), of_linux(path))):
            found = {name: int(time) for name, time in LINE.findall(said)}
            if set(found) != set(WAYS):
                sys.exit(f"{said[-2000:]}\nnot all were measured")
            for name, time in found.items():
                of[name] = min(time, of.get(name, time))
    return best


def table(kerne, other):
    lines = [f"| µs, {datetime.date.today()}, Linux "
             f"{os.path.basename(record.kernel())}, {cross.qemu()} | Kerne | "
             "Linux | ratio |", "|---|---|---|---|"]
    for name, (_, _, told) in WAYS.items():
        times = kerne[name] / 1000, other[name] / 1000
        lines.append(f"| {told} | {times[0]:,.0f} | {times[1]:,.0f} | "
                     f"{times[0] / times[1]:.2f} |")
    return "\n".join(lines)


def main():
    with tempfile.TemporaryDirectory(prefix="kerne-") as folder:
        text = table(*best_of_both(make_tree(folder)))
    print(text)
    if sys.argv[1:] == ["--write"]:
        with open(PAGE, encoding="utf-8") as file:
            page = file.read()
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(TABLE.sub(lambda _: text, page))


if __name__ == "__main__":
    main()

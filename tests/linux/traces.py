#!/usr/bin/python3
"""What linux prints of the calls that its programs make: of all, of one
process, of those that run a program, of those that are not there.
"""
import re
import tarfile
import tempfile

import made

import tap  # found by way of made

FILES = r"""
openat(AT_FDCWD, "/t/text", O_RDONLY|O_CLOEXEC, 0) = 3
read(3, "Plain ", 6) = 6
openat(AT_FDCWD, "/t/none", O_WRONLY|O_NONBLOCK, 0) = -1 ENOENT
readlinkat(AT_FDCWD, "/t/link", "said", 64) = 4
mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = ~
""".split("\n")[1:-1]
EXITED = r"""
[1] clone(SIGCHLD, NULL, NULL, NULL, NULL) waits
[2] exit_group(3) = ?
[2] +++ exited with 3 +++
[1] clone(SIGCHLD, NULL, NULL, NULL, NULL) = 2
[1] wait4(2, [exited with 3], 0, NULL) = 2
""".split("\n")[1:-1]
KILLED = r"""
[3] kill(3, SIGUSR1) = 0
[3] --- SIGUSR1 ---
[3] +++ killed by SIGUSR1 +++
[1] wait4(3, [killed by SIGUSR1], 0, NULL) = 3
""".split("\n")[1:-1]
READ = r"""
[1] pipe2([4, 5], O_CLOEXEC) = 0
[4] write(5, "x", 1) = 1
[1] read(4, "x", 1) = 1
""".split("\n")[1:-1]
BECOMES = r"""
[5] execve("/t/said", ["/t/said", "two \"words\"\n"], []) = 0
[5] exit_group(2) = ?
[5] +++ exited with 2 +++
""".split("\n")[1:-1]
MISSING = "[1] traced: call 500(0x1, 0x2, 0x3) is not there: ENOSYS"


def tree(folder):
    made_tree = made.Tree()
    for name in ("traced", "said"):
        made_tree.add(f"t/{name}", made.compiled(folder, name))
    made_tree.add("t/text", b"Plain words.")
    made_tree.add("t/link", kind=tarfile.SYMTYPE, link="said")
    return made_tree.bytes()


def fits(line, wanted):
    """`~` stands for what varies."""
    return re.fullmatch(".*".join(map(re.escape, wanted.split("~"))), line)


def in_order(said, wanted):
    """Whether these lines come, one behind the other, others between them."""
    rest = iter(said)
    return all(any(fits(line, one) for line in rest) for one in wanted)


def whole(said):
    """Long lines have been folded."""
    lines = []
    for line in said:
        if line.startswith("    ") and lines:
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
    return lines


def traced(said):
    return [line for line in said if line.startswith("[")]


def all_calls(writer, runs):
    said = whole(runs.run("trace /t/traced"))
    of_first = [f"[1] {line}" for line in FILES]
    for name, wanted in (("files", of_first), ("exited", EXITED),
                         ("killed", KILLED), ("read", READ),
                         ("becomes", BECOMES), ("missing", [MISSING])):
        writer.point(in_order(said, wanted), f"traces.all.{name}", said)
    forks = [line for line in traced(said) if " clone(" in line]
    waits = [line for line in forks if line.endswith(" waits")] # for its child
    writer.point(2 * len(waits) == len(forks) > 0, "traces.all.waits_once",
                 forks)


def some(writer, runs):
    said = traced(runs.run("trace=2 /t/traced"))
    writer.point(said[-2:] == EXITED[1:3] and
                 all(line.startswith("[2] ") for line in said),
                 "traces.one_process", said)
    said = traced(runs.run("trace=said /t/traced"))
    writer.point(said == BECOMES, "traces.program", said)
    said = traced(runs.run("trace=missing /t/traced"))
    writer.point(said == [MISSING], "traces.missing_once", said)
    said = traced(runs.run("/t/traced"))
    writer.point(said == [], "traces.nothing", said)


def changed(writer, runs):
    """By a program, while it runs."""
    said = runs.run("/t/traced all")
    writer.point("set" in said and in_order(said, EXITED) and
                 any("getpid() = 1" in line for line in said),
                 "traces.changed.all", said)
    said = runs.run("trace /t/traced nothing")
    writer.point("set" in said and not any("getpid" in line for line in said),
                 "traces.changed.nothing", said)
    said = runs.run("/t/traced a_name_that_is_too_long")
    writer.point("refused" in said and traced(said) == [],
                 "traces.changed.refused", said)
    said = runs.operator.says(
        f'new linux {made.SIZES} prog "linux trace=much_too_long_a_name" run',
        "wait characters", "proc linux remove")
    writer.point(any("gave up: `trace=much_too_long" in line
                     for line in said),
                 "traces.word_is_refused", said)


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(prefix="kerne-") as folder:
        with made.Runs(made.make_image(folder, tree(folder))) as runs:
            before = runs.accounts()
            all_calls(writer, runs)
            some(writer, runs)
            changed(writer, runs)
            writer.point(runs.accounts() == before, "traces.all_comes_back",
                         [str(before), str(runs.accounts())])
    writer.end()


if __name__ == "__main__":
    main()

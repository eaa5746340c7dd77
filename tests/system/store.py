#!/usr/bin/python3
"""The store on a machine: what is kept is there after the power was off, what
cannot be is refused in words, and no crash at any moment would have harmed it.
"""
import re
import shutil
import tempfile

from operated import BUILD
from stored import Machines, area, store_line, tool

import disks  # found by way of operated
import tap

CLIENTS = 4
STEPS = 1000
NO_USER = "{}: another one owns the area, and the sender is no user of it"
DAMAGED = re.compile(r"(\d+) disks, (\d+) damaged")


def make_file(path, megabytes):
    with open(path, "wb") as file:
        file.truncate(megabytes << 20)


def areas(writer, machines):
    path = machines.path("disk")
    make_file(path, 8)
    words = disks.words(path)
    said = machines.runs(words, store_line(), "wait store gave up")
    writer.point(any("nothing is on the disk" in line for line in said),
                 "store.blank.is_told", said)
    said = machines.runs(
        words, store_line("make"), *area("set one 20"),
        *area("write one 3 hello"), *area("set two 99999999"),
        *area("set one 1"), *area("set One 1"), *area("clear nobody"),
        *area("read one 24"), *area("rename one three"), *area("size three 8"),
        *area("lookup three"), *area("read three 3"))
    for text in ("two: 99999999 segments wanted, 1", "one: an area has this",
                 "One: this is no name of an area", "nobody: it has no area",
                 "one: there are not so many segments",
                 "three                  8  permanent  area", "hello"):
        writer.point(any(line.startswith(text) for line in said),
                     f"store.says `{text}`", said)
    done = tool("list", path)
    writer.point(re.search(r"^three +8  area +yes +no$", done.stdout, re.M),
                 "store.is_on_the_disk", [done.stdout, done.stderr])
    text = machines.path("text")
    with open(text, "w", encoding="ascii") as file:
        file.write("of the host")
    tool("import", path, text)
    said = machines.runs(words, store_line(), *area("read three 3"),
                         *area("read text 0"), *area("write text 0 mine"))
    writer.point("hello" in said and "of the host" in said,
                 "store.is_there_after_power_off", said)
    writer.point(NO_USER.format("text") in said,
                 "store.others_do_not_write", said)


def users(writer, machines):
    """Another one writes when he is included, and reads until it is private."""
    path = machines.path("users")
    tool("make", path, "--size", "8M")
    def another(words):
        return f'new other prog "area {words}" run', "wait other finished"

    said = machines.runs(
        disks.words(path), store_line(), *area("set poem 8"),
        *another("write poem 0 one"), *area("include poem other"),
        *another("write poem 0 two"), *area("exclude poem other"),
        *another("write poem 0 three"), *another("read poem 0"),
        *area("close poem"), *another("read poem 0"), *area("lookup poem"),
        *another("search"))
    writer.point(said.count(NO_USER.format("poem")) == 2 and
                 said.count("two") == 1,
                 "store.users_are_included_and_excluded", said)
    writer.point("poem: the area is private, and the sender is not included "
                 "as a user" in said and
                 "poem                   8  permanent  area             "
                 "private" in said and
                 not any(line.startswith("poem  ") and "permanent" in line
                         for line in said[-4:]),
                 "store.private_areas_are_not_shown", said)
    done = tool("list", path)
    writer.point(re.search(r"^poem +8  area +yes +yes$", done.stdout, re.M),
                 "store.privacy_is_on_the_disk", [done.stdout, done.stderr])


def removed_client(writer, machines):
    """Its use ends with it, and so does its temporary area."""
    path = machines.path("temporary")
    tool("make", path, "--size", "8M")
    said = machines.runs(
        disks.words(path), store_line(),
        'new k0 size 2M buf 8 prog "keepsake hold" run', "wait held",
        *area("clear held"), *area("search"), "proc k0 remove",
        *area("search"), *area("set held 8"))
    writer.point(NO_USER.format("held") in said and
                 "held                   8  temporary  k0               in use"
                 in said, "store.temporary_is_held", said)
    free = [line for line in said if line.startswith("free: ")]
    writer.point(len(free) == 2 and "511 of 512" in free[0] and
                 "512 of 512" in free[1], "store.temporary_goes_with_its_maker",
                 said)


def unflushed(writer, machines):
    """What nobody flushes is on the disk some seconds later."""
    path, out = machines.path("late"), machines.path("out")
    tool("make", path, "--size", "8M")
    for commit, seconds in ((0, 0), (1, 3)):
        said = machines.runs(
            disks.words(path), store_line(f"commit={commit}"),
            f'new k0 size 2M buf 8 prog "keepsake leave {seconds}" run',
            "wait k0 finished")
        done = tool("export", path, "left", out)
        writer.point(said[-1] == "k0 finished, status 0" and
                     (done.returncode == 0) == (commit > 0),
                     f"store.commits_by_itself.{commit}",
                     said + [done.stdout, done.stderr])
    with open(out, "rb") as file:
        writer.point(file.read(6) == b"kilroy", "store.commits_data_too")


def of_every_size(writer, machines):
    """Disks that are too small; and blocks that are as large as pages."""
    for size, says in ((0, "a disk of less than 8192 bytes is too small"),
                       (511, "a disk of less than 8192 bytes is too small"),
                       (4096, "a disk of less than 8192 bytes is too small"),
                       (65536, "a disk of 16 pages is too small")):
        path = machines.path("small")
        with open(path, "wb") as file:
            file.truncate(size)
        said = machines.runs(disks.words(path), store_line("make"),
                             "wait store gave up")
        told = " ".join(" ".join(said).split())
        writer.point(f"store gave up: {says}" in told and
                     "with the argument" not in told,
                     f"store.of_{size}_bytes", said)
    for size, good in ((4096, True), (8192, False)):
        path = machines.path(f"blocks{size}")
        make_file(path, 8)
        words = disks.words(path, device=f"logical_block_size={size},"
                            f"physical_block_size={size}")
        lines = [*area("set one 20"), *area("write one 3 hello")] if good \
            else ["wait store gave up"]
        said = machines.runs(words, store_line("make"), *lines)
        if good:
            said = machines.runs(words, store_line(), *area("read one 3"))
        writer.point("hello" in said if good else any(
            "blocks of more than 4096 bytes" in line for line in said),
            f"store.of_blocks_of_{size}", said)


def read_only(writer, machines):
    """With a temporary area, which is removed only as far as clients see: a
    flush has nothing to do."""
    path = machines.path("read_only")
    tool("make", path, "--size", "8M")
    machines.runs(disks.words(path), store_line("commit=1"),
                  'new k0 size 2M buf 8 prog "keepsake hold" run', "wait held",
                  *area("set x 8"))
    said = machines.runs(
        disks.words(path, read_only=True),
        store_line("commit=1").replace("new store", "new disk"),
        'new mover size 2M buf 80 prog "mover try 0" run',
        "wait mover finished")
    writer.point("held" in tool("list", path).stdout and
                 any(line.startswith("flush: result 1, ") for line in said),
                 "store.read_only.has_nothing_to_flush", said)


def pelted(writer, machines):
    """By messages of random words: another one's area is as it was."""
    path = machines.path("pelted")
    tool("make", path, "--size", "8M")
    said = machines.runs(
        disks.words(path), store_line("commit=1"), *area("set mine 8"),
        *area("write mine 0 hello"),
        'new pelter size 2M buf 40 prog "pelter store 30000 2" run',
        "wait pelter finished", *area("read mine 0"), *area("clear mine"))
    writer.point("0 rounds were answered wrongly: good" in said and
                 "hello" in said and said[-1] == "area finished, status 0",
                 "store.pelted.goes_on", said)
    done = tool("check", path)
    writer.point(done.returncode == 0 and
                 not tool("list", path).stdout.count("\nmine "),
                 "store.pelted.is_sound", [done.stdout, done.stderr])


def silent(writer, machines):
    """A disk that does not answer when it is written: clients are answered,
    and may go on when it does."""
    path = machines.path("silent")
    tool("make", path, "--size", "8M")
    words = disks.words(path)
    at = words.index("-device")
    words[at:at] = ["-object", "throttle-group,id=slow,x-bps-write=1",
                    "-blockdev", "driver=throttle,node-name=slow,"
                    "throttle-group=slow,file=disk"]
    words[-1] = words[-1].replace("drive=disk", "drive=slow")
    said = machines.runs(words, store_line("commit=0"), *area("set one 20"),
                         *area("write one 3 hello"), *area("read one 3"),
                         *area("search"))
    writer.point(said.count("one: the device does not answer") == 2 and
                 "hello" in said and
                 any("511 of 512 entries" in line for line in said),
                 "store.silent_disk.is_told", said)
    done = tool("check", path)
    writer.point(done.returncode == 0, "store.silent_disk.is_sound",
                 [done.stdout, done.stderr])


def no_store(writer, machines):
    path = machines.path("other")
    with open(path, "wb") as file:
        file.write(b"x" * (1 << 20))
    said = machines.runs(disks.words(path), store_line("make"),
                         "wait store gave up")
    writer.point(any("neither root is whole" in line for line in said),
                 "store.another_disk_is_left_alone", said)
    with open(path, "rb") as file:
        writer.point(file.read() == b"x" * (1 << 20),
                     "store.another_disk_is_as_it_was")


def driver_breaks(writer, machines):
    """In the middle of a load, which notices nothing."""
    path = machines.path("driven")
    tool("make", path, "--size", "8M")
    said = machines.runs(
        disks.words(path), store_line(),
        'new k0 size 2M buf 8 prog "keepsake 2500 1" run', "wait k0 finished")
    anew = sum(line.startswith("its driver broke") for line in said)
    writer.point(anew > 0 and "k0: good, 0 words wrong" in said,
                 "store.driver_is_started_anew", said)
    done = tool("check", path)
    writer.point(done.returncode == 0, "store.driver_leaves_it_sound",
                 [done.stdout, done.stderr])


def flush_fails(writer, machines):
    """Once: what the disk has is in doubt until it is mounted again."""
    path, rules = machines.path("doubtful"), machines.path("rules")
    tool("make", path, "--size", "8M")
    with open(rules, "w", encoding="ascii") as file:
        file.write('[inject-error]\nevent = "none"\niotype = "flush"\n'
                   'errno = "5"\nsector = "-1"\nonce = "on"\n')
    words = ["-global", "virtio-mmio.force-legacy=false", "-blockdev",
             "driver=file,node-name=under,filename=" + path, "-blockdev",
             "driver=blkdebug,node-name=errors,image=under,config=" + rules,
             "-blockdev", "driver=raw,node-name=disk,file=errors",
             "-device", "virtio-blk-device,drive=disk"]
    said = machines.runs(words, store_line(), *area("set one 8"),
                         *area("search"), *area("set one 8"))
    writer.point("one: the device reports an error" in said and
                 any("the device could not flush" in line for line in said),
                 "store.failed_flush_is_told", said)
    writer.point(any("512 of 512 entries" in line for line in said) and
                 said[-1] == "area finished, status 0",
                 "store.failed_flush_is_mounted_anew", said)
    done = tool("list", path)
    writer.point(done.stdout.count("\none ") == 1,
                 "store.failed_flush_loses_no_more",
                 [done.stdout, done.stderr])


def log_of(machines, steps):
    """A load of several clients, each write of which is logged: whether they
    read what they had written, the disk and the log, and where it began."""
    path, log = machines.path("logged"), machines.path("log")
    base = machines.path("base")
    tool("make", base, "--size", "4M", "--entries", "64")
    shutil.copy(base, path)
    make_file(log, 0)
    words = disks.logged_words(path, log)
    clients = [f'new k{number} size 2M buf 8 prog "keepsake {steps} {number}" '
               "create load" for number in range(CLIENTS)]
    said = machines.runs(
        words, store_line("frames=64"), *clients,
        # In one line: what is waited for has to come behind it.
        " ".join(f"proc k{number} start" for number in range(CLIENTS)),
        *[f"wait k{number} finished" for number in range(CLIENTS)])
    good = sum(": good, 0 words wrong" in line for line in said)
    return said if good != CLIENTS else None, path, log, base


def damaged(log, base, subsets):
    """Of how many disks after a crash, after each write and in random parts,
    how many are not sound; and what was said."""
    done = tool("log", log, "--base", base, "--subsets", str(subsets))
    found = [(int(disks), int(bad))
             for disks, bad in DAMAGED.findall(done.stdout)]
    return found if len(found) == 2 else [(0, 0), (0, 0)], \
        [done.stdout, done.stderr]


def logged(writer, machines):
    bad, path, log, base = log_of(machines, STEPS)
    writer.point(bad is None, "store.load.reads_what_it_wrote", bad)
    found, said = damaged(log, base, 10000)
    writer.point(found[0][0] > 2000 and found[0][1] == 0 and
                 found[1] == (10000, 0), "store.log.flushed", said)
    done = tool("check", path)
    writer.point(done.returncode == 0, "store.load.is_sound",
                 [done.stdout, done.stderr])


def unflushed_log(writer, machines):
    """The same with a driver that keeps flushes to itself: so the test can
    fail."""
    bad, _, log, base = log_of(machines, STEPS // 5)
    writer.point(bad is None, "store.heedless.reads_what_it_wrote", bad)
    found, said = damaged(log, base, 300)
    writer.point(found[0][0] > 300 and found[1][0] == 300 and
                 found[1][1] > 150, "store.log.unflushed", said)


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        machines = Machines(folder)
        areas(writer, machines)
        users(writer, machines)
        removed_client(writer, machines)
        unflushed(writer, machines)
        of_every_size(writer, machines)
        read_only(writer, machines)
        pelted(writer, machines)
        no_store(writer, machines)
        flush_fails(writer, machines)
        logged(writer, machines)
        unflushed_log(writer, Machines(folder, "tests/heedless"))
        driver_breaks(writer, Machines(folder, "tests/fickle"))
        silent(writer, Machines(folder, "tests/impatient"))
    writer.end()


if __name__ == "__main__":
    main()

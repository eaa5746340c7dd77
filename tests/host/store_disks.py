#!/usr/bin/python3
"""tools/store.py: makes, fills and checks disks; finds what is wrong with one,
and what a crash would do to one that is written without flushes."""
import fcntl
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
import zlib

import script

import store # found by way of script
import tap

TOOL = os.path.join(script.HERE, "tools", "store.py")
LOGGER = os.path.join(script.BUILD, "tests", "unit", "unit.store_log")
JUDGE = os.path.join(script.BUILD, "tests", "unit", "unit.store_judge")
DAMAGED = re.compile(r"(\d+) disks, (\d+) damaged")
PAGE = 4096
LIES = 2000


def tool(*words):
    return script.Ended([sys.executable, TOOL, *words])


def contents(path):
    with open(path, "rb") as file:
        return file.read()


def put(path, data):
    with open(path, "wb") as file:
        file.write(data)


def files_go_in_and_out(writer, folder):
    disk = os.path.join(folder, "disk")
    source = os.path.join(folder, "hello.elf")
    out = os.path.join(folder, "out")
    text = random.Random(1).randbytes(50000) + bytes(20000) + b"end"
    put(source, text)
    made = tool("make", disk, "--size", "1M", "--entries", "64")
    writer.point(made.status == 0, "disks.make", made.why())
    for name, areas in (("", "1 area,"), ("other", "2 areas,"),
                        ("third", "3 areas,")):
        done = tool("import", disk, source, *[name] * bool(name))
        checked = tool("check", disk)
        writer.point(done.status == 0 and areas in checked.out,
                     f"disks.import {name or 'hello'}",
                     done.why() + checked.why())
    tool("remove", disk, "other")
    listed = tool("list", disk)
    writer.point(re.search(r"^hello +144 +yes +no$", listed.out, re.M) and
                 "other" not in listed.out and
                 "free: 1568 segments, 62 entries" in listed.out,
                 "disks.list", listed.why())
    for name in ("hello", "third"):
        tool("export", disk, name, out)
        writer.point(contents(out).rstrip(b"\0") == text,
                     f"disks.export {name}")
    checked = tool("check", disk)
    writer.point(checked.status == 0 and "2 areas" in checked.out,
                 "disks.check", checked.why())
    return disk


def refusals(writer, folder, disk):
    large = os.path.join(folder, "large")
    put(large, b"x" * (1 << 20))
    for name, words, says in (
            ("there_already", ("make", disk), "is not overwritten"),
            ("too_small", ("make", large + "2", "--size", "20k"), "too few"),
            ("no_size", ("make", large + "2", "--size", "much"), "no size"),
            ("no_name", ("import", disk, large, "Large"), "no name of an area"),
            ("taken", ("import", disk, large, "hello"), "already"),
            ("full", ("import", disk, large), "2048 segments are wanted, and "
                                              "1568 are free"),
            ("no_area", ("export", disk, "nobody", large), "no area nobody"),
            ("no_store", ("check", large), "neither root is whole"),
            ("no_file", ("import", large + "3", large), "`make` makes a disk"),
            ("no_log", ("log", large), "no log of writes")):
        script.refused(writer, f"disks.refused.{name}", tool(*words), says)
    with open(disk, "rb") as file: # as QEMU locks it
        fcntl.lockf(file, fcntl.LOCK_SH, 1, 101)
        script.refused(writer, "disks.refused.used",
                       tool("remove", disk, "hello"), "a machine is using it")
    writer.point(tool("check", disk).status == 0 and
                 "hello" in tool("list", disk).out, "disks.refused.unchanged")


def number(data, at):
    return struct.unpack_from("<I", data, at)[0]


def places(data):
    """Where the newest root is, its index page, and the two tables."""
    root = max((0, PAGE), key=lambda at: number(data, at + 8))
    index = number(data, root + 64) * PAGE
    return root, index, number(data, index) * PAGE, \
        number(data, index + 8) * PAGE


def with_sums(data, changes):
    """The disk with numbers changed, and the sums above them put right."""
    root, index, *_ = places(data)
    data = bytearray(data)
    for at, value in changes:
        struct.pack_into("<I", data, at, value)
    for pointer in (index, index + 8, root + 64):
        page = number(data, pointer) * PAGE
        if 0 < page < len(data):
            struct.pack_into("<I", data, pointer + 4,
                             zlib.crc32(data[page:page + PAGE]))
    struct.pack_into("<I", data, root + 20, 0)
    struct.pack_into("<I", data, root + 20,
                     zlib.crc32(data[root:root + 512]))
    return bytes(data)


def lies(writer, folder, disk):
    """Each field once."""
    data = contents(disk)
    root, index, catalog, slots = places(data)
    first = number(data, slots)
    path = os.path.join(folder, "lie")
    for name, at, value, says in (
            ("version", root + 16, 2, "version 2"),
            ("generation", root + 12, 1 << 31, "generation is too high"),
            ("pages", root + 24, 257, "made for a disk of 257 pages"),
            ("entries", root + 28, 63, "more than the disk has room for"),
            ("slots", root + 32, 250, "more than the disk has room for"),
            ("root_rest", root + 40, 1, "where nothing is to be"),
            ("index_beyond", root + 64, 999, "beyond the disk"),
            ("index_again", root + 72, first, "where nothing is to be"),
            ("table_beyond", index, 999, "beyond the disk"),
            ("table_again", index, slots // PAGE, "is both"),
            ("table_behind", index + 16, 3, "there is one more"),
            ("name", catalog, 0x41414141, "no good name"),
            ("owner", catalog + 16, 0x41, "owner with no good name"),
            ("area_pages", catalog + 32, 5000, "slots that are none"),
            ("area_first", catalog + 36, 1 << 31, "slots that are none"),
            ("area_twice", catalog + 100, 15, "slot 15 is of two areas"),
            ("serial", catalog + 44, 1 << 31, "no good serial"),
            ("flags", catalog + 48, 4, "where nothing is to be"),
            ("slot_beyond", slots, 1 << 20, "beyond the disk"),
            ("slot_root", slots, 1, "is both root and"),
            ("slot_again", slots + 4, first, "is both"),
            ("slot_of_none", slots + 4 * 100, 200, "no area is not empty")):
        put(path, with_sums(data, [(at, value)]))
        script.refused(writer, f"disks.lie.{name}", tool("check", path), says)
    for name, at, says in (
            ("sum", catalog + 3, "wrong sum"),
            ("torn_root", root + 100, f"generation {number(data, root + 8) - 1}"
             )):
        put(path, data[:at] + bytes([data[at] ^ 1]) + data[at + 1:])
        done = tool("check", path)
        writer.point(says in done.out + done.err, f"disks.lie.{name}",
                     done.why())


def random_lie(dice, data):
    """One number on the disk, or a few."""
    parts = places(data)
    changes = []
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        part = dice.choice(parts)
        at = part + 4 * dice.randrange(dice.choice((16, 32, 128)))
        if part > PAGE and dice.random() < 0.2:
            at += 4 * dice.randrange(896)
        value = dice.choice((
            number(data, at) ^ 1 << dice.randrange(32),
            number(data, at) + dice.choice((1, -1)) & 0xffffffff,
            number(data, dice.choice(parts) + 4 * dice.randrange(64)),
            dice.choice((0, 1, 2, 3, 64, 128, 255, 256, 257, 1 << 31))))
        changes.append((at, value))
    return with_sums(data, changes)


def verdict(data):
    try:
        store.Store(lambda page: data[page * PAGE:(page + 1) * PAGE],
                    len(data) // PAGE)
        return "sound"
    except store.Fault as fault:
        return str(fault)


def agreement(writer, disk):
    """What the system's store mounts, this one finds sound, and no other."""
    data = bytearray(contents(disk))
    other = PAGE - places(data)[0]
    data[other:other + 512] = bytes(512) # so that it counts for nothing
    differ, sound = [], 0
    with subprocess.Popen([JUDGE], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as judge:
        for seed in range(LIES):
            lie = random_lie(random.Random(seed), data)
            judge.stdin.write(lie)
            judge.stdin.flush()
            core, own = judge.stdout.readline().decode().strip(), verdict(lie)
            sound += own == "sound"
            if core == "" or (core == "sound") != (own == "sound"):
                differ.append(f"{seed}: `{core}`, but here `{own}`")
        judge.stdin.close()
    writer.point(not differ, "disks.both_stores_judge_alike", differ)
    writer.point(LIES / 20 < sound < LIES / 2, "disks.some_lies_do_no_harm",
                 [f"{sound} of {LIES}"])


def logs(writer, folder):
    log = os.path.join(folder, "log")
    for name, options, steps, subsets, least, most in (
            ("flushed", (), 12000, 10000, 0, 0),
            ("unflushed", ("noflush",), 4000, 2000, 1001, 2000)):
        script.Ended([LOGGER, log, str(steps), *options])
        done = tool("log", log, "--subsets", str(subsets))
        found = [(int(disks), int(bad))
                 for disks, bad in DAMAGED.findall(done.out)]
        good = len(found) == 2 and found[0][0] > steps / 20 and \
            found[0][1] == 0 and found[1][0] == subsets and \
            least <= found[1][1] <= most
        writer.point(good and (done.status == 0) == (most == 0),
                     f"disks.log.{name}", done.why())


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory() as folder:
        disk = files_go_in_and_out(writer, folder)
        refusals(writer, folder, disk)
        lies(writer, folder, disk)
        agreement(writer, disk)
        logs(writer, folder)
    writer.end()


if __name__ == "__main__":
    main()

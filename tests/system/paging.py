#!/usr/bin/python3
"""Programs, and whole operating systems, run in less storage than they have:
what they do is the same, and what that takes is counted.
"""
import os
import re
import shutil
import tempfile

from operated import BUILD, KERNEL, Operator

import disks  # found by way of operated
import image
import machine
import tap

DEADLINE = 200 # seconds, of the machine
PROGRAMS = ["parents/s", "children/console", "children/disk", "children/hello",
            "children/echo", "children/talk", "children/crash",
            "children/primes", "children/wander", "children/attack",
            "children/area", "parents/store", "parents/paged",
            "parents/swapped", "parents/tee", "parents/slow",
            "tests/spender", "tests/reader", "tests/late", "tests/inverted"]
# Instead of a store, which has all of the disk.
BARE = ("proc store remove", "new disk size 2M image function all prog disk "
        "create load include 8 start")
SIZES = "size 2200k buf 60 internal 40 image"


def run(operator, program, arguments, sizes=SIZES, end="finished, status"):
    return operator.says(f'new p {sizes} prog "{program} {arguments}" run',
                         f"wait p {end}")


def count(said, words):
    """The number that stands before these words."""
    found = re.search(rf"(\d+) {words}", re.sub(r"\s+", " ", " ".join(said)))
    return int(found.group(1)) if found else -1


# ---- one program ---------------------------------------------------------

def policies(writer, operator):
    for policy in ("fifo", "clock", "ws", "ws window=1"):
        said = run(operator, "paged", f"frames=144 size=1500k policy={policy} "
                   "wander 256 20000")
        writer.point("20000 steps through 256 pages; 0 times a page was not "
                     "as it was left" in said, f"policy.{policy}.keeps_all",
                     said)
        faults = count(said, "faults for a page")
        new = count(said, "of them for a new one")
        written = count(said, "pages written")
        # 256 pages in 144 frames, and those of the program itself
        writer.point(256 < new < 280 and faults > 2 * new and
                     faults - new > written / 2 > 100,
                     f"policy.{policy}.brings_back_what_it_wrote", said)


def few(writer, operator):
    said = run(operator, "paged", "frames=5 size=1M primes 20000")
    writer.point(any(line.startswith("2262 primes up to 20000")
                     for line in said), "few.frames_suffice", said)
    said = run(operator, "paged", "frames=300 size=64M hello", SIZES +
               " size 4M")
    # The loader of a pager touches nothing.
    writer.point("hello finished, status 0" in said and
                 0 < count(said, "faults for a page") < 10,
                 "few.what_is_not_touched_costs_nothing", said)
    said = run(operator, "paged", "frames=8 size=1M primes 1000, "
               "primes 2000, hello, crash load")
    writer.point(all(any(words in line for line in said) for words in (
        "168 primes up to 1000", "303 primes up to 2000", "Hello. I am",
        "crash broke: page fault: load from 0x1000")), "few.children_share",
        said)


def traps(writer, operator):
    said = run(operator, "paged", "frames=60 size=7M spender 1200",
               "size 4M buf 60 internal 100 image")
    writer.point("spender: 0 of 1200 pages are wrong" in said,
                 "trap.a_child_spends_its_tables", said)
    # The area for the line goes out while it waits there.
    operator.says(f'new p {SIZES} prog "paged frames=20 size=1M reader 1, '
                  'wander 150 20000" run', "wait wander finished",
                  "to p/reader", "a line", "wait reader finished", "to s")
    said = operator.lines[-20:]
    writer.point("reader has read: a line" in said,
                 "trap.a_line_for_a_page_that_is_out", said)


def hostile(writer, operator):
    """Whatever one child does, the pages of the other are as it left them."""
    for kind in ("tables", "bomb", "flood", "tower"):
        said = operator.says(
            'new p size 8M buf 200 internal 100 image prog "paged frames=120 '
            f'size=3M attack {kind}, wander 256 20000" run',
            "wait wander finished", "proc p remove")
        writer.point("20000 steps through 256 pages; 0 times a page was not "
                     "as it was left" in said, f"hostile.{kind}", said)


def relayed(writer, operator):
    """The same, when the line comes by way of a system further out."""
    said = operator.says(
        f'new p {SIZES} prog "tee paged frames=12 size=800k late line" run',
        "wait late asks", "to p", "a line", "wait p finished", "to s")
    writer.point("late has a line" in said and
                 any(line.startswith("late asks again") for line in said),
                 "trap.a_relayed_line_is_kept", said)


# ---- systems -------------------------------------------------------------

SYSTEM = "size 12M buf 200 internal 100 image"
COMMANDS = ["new hello run", "new primes prog \"primes 1000\" run",
            "wait primes finished", "new echo run", "new talk prog "
            "\"talk one two\" run", "wait talk finished",
            "new crash prog \"crash store\" run", "list short", "remove",
            "proc echo remove"]


def in_a_system(operator, program, path):
    """What the commands say in a system that runs so, and how it ends."""
    operator.says(f'new p {SYSTEM} prog "{program}" run', "wait To begin",
                  f"to {path}")
    said = operator.says(*COMMANDS)
    return plain(said), operator.says("halt", "wait p finished")


def plain(said):
    """Without times, paths, and what is in use."""
    lines = (re.sub(r"\d+ ms|0x\w+|(s/)?p(/s)?\b|\d+/\d+|\d+(\.\d+)? [kM]|"
                    r"ready|waiting( event)?|running", "", line)
             for line in said)
    return [line for line in map(str.split, lines) if line]


def nested(writer, operator):
    without, _ = in_a_system(operator, "s", "p")
    for frames, policy in ((700, "fifo"), (300, "clock"), (60, "ws")):
        said, end = in_a_system(
            operator, f"paged frames={frames} policy={policy} size=6M s", "p/s")
        writer.point(said == without, f"system.{policy}.does_the_same",
                     [str(said), str(without)])
        writer.point("s finished, status 0" in end and
                     count(end, "faults for a page") > frames / 2,
                     f"system.{policy}.in_{frames}_frames", end)


def without_time(writer, operator):
    """What a page was missing for is asked again at once, not in a while that
    never ends here."""
    _, end = in_a_system(operator, "slow 0 paged frames=20 policy=fifo "
                         "size=6M s", "p/paged/s")
    writer.point("p finished, status 0" in end, "system.without_time", end)


# ---- swapping ------------------------------------------------------------

def swaps(writer, operator):
    """Three children in a partition for one: each as if it were alone."""
    said = run(operator, "swapped", "size=300k quantum=5 primes 300000, "
               "wander 40 60000, primes 200000")
    writer.point(all(any(words in line for line in said) for words in (
        "25997 primes up to 300000", "17984 primes up to 200000",
        "60000 steps through 40 pages; 0 times a page was not as it was "
        "left")) and count(said, "swaps") > 4, "swapped.takes_turns", said)
    operator.says('new p size 8M buf 200 internal 100 image prog "swapped '
                  'size=5M quantum=20 s, primes 1000" run', "wait To begin",
                  "wait primes finished", "to p/s")
    said = operator.says("new hello run", 'new primes prog "primes 2000" run',
                         "wait primes finished", "halt", "wait p finished")
    writer.point(any("303 primes up to 2000" in line for line in said) and
                 "Hello. I am a process; my parent started me." in said,
                 "swapped.a_system_with_its_children", said)
    # A line for who is out: it waits until he asks again.
    operator.says(f'new p {SIZES} prog "swapped size=300k quantum=5 reader 1, '
                  'primes 300000" run', "wait reader is here", "to p/reader",
                  "a line", "wait p finished", "to s")
    writer.point("reader has read: a line" in operator.lines[-25:],
                 "swapped.a_line_read_while_out", operator.lines[-25:])


def in_flight(writer, operator):
    """What a server has for a child that is out goes into no other."""
    operator.says('new late prog "late serve" run present console')
    said = run(operator, "swapped", "size=300k quantum=3 late 7 40, "
               "late 9 40, late 11 40")
    operator.says("proc terminal present console", "proc late remove")
    writer.point("p finished, status 0" in said,
                 "swapped.messages_in_flight", said)


# ---- with a disk ---------------------------------------------------------

TAGS = (64, 128, 192) # each where the disk has the numbers of that size


def slow_disk(folder):
    """QEMU's words for a disk of 1 MiB, which needs 5 ms for a request."""
    path = os.path.join(folder, "slow.img")
    with open(path, "wb") as file:
        for tag in range(0, 2048, 64):
            file.write(tag.to_bytes(8, "little") * (64 * 512 // 8))
    words = disks.words(path)
    return ["-object", "throttle-group,id=slow,x-iops-total=200",
            *words[:-2], "-blockdev",
            "driver=throttle,node-name=slow,throttle-group=slow,file=disk",
            "-device", "virtio-blk-device,drive=slow"]


def on_slow_disk(writer, operator):
    operator.says(*BARE)
    clients = ", ".join(f"late {tag} 40 disk" for tag in TAGS)
    said = run(operator, "swapped", f"size=300k quantum=3 show=disk {clients}")
    writer.point("p finished, status 0" in said and count(said, "swaps") > 20,
                 "swapped.disk_messages_in_flight", said)


def room_on_disk(writer, operator):
    operator.says(*BARE)
    for program, arguments, pages in (
            ("paged", "frames=40 size=1500k wander 250 4000", 50),
            ("swapped", "size=500k quantum=5 primes 300000, wander 60 60000, "
             "primes 300000", 0)):
        said = run(operator, program, "room=disk " + arguments,
                   "size 700k internal 12 image")
        writer.point("p finished, status 0" in said and
                     count(said, "pages written") > pages,
                     f"room.disk.{program}", said)
    # The pages that go to the disk are another pager's, which may miss them.
    said = run(operator, "paged", "frames=30 size=3M show=disk paged frames=40 "
               "size=1500k room=disk wander 250 4000",
               "size 2M buf 60 internal 40 image")
    writer.point("4000 steps through 250 pages; 0 times a page was not as it "
                 "was left" in said and count(said, "faults for a page") > 250,
                 "room.disk.of_a_pager_in_a_pager", said)
    # 3 MiB are more than the disk has.
    said = run(operator, "paged", "room=disk frames=40 size=4M "
               "wander 700 20000", "size 700k image")
    writer.point("no room for another page" in
                 re.sub(r"\s+", " ", " ".join(said)), "room.disk.full", said)


def room_fails(writer, operator):
    """A disk that cannot be written; what needs no room goes on."""
    operator.says(*BARE)
    said = run(operator, "paged", "room=disk frames=40 size=1500k "
               "wander 250 4000, hello", "size 700k image")
    text = re.sub(r"\s+", " ", " ".join(said))
    writer.point("wander broke: the room of its pager fails: the device "
                 "reports an error" in text and
                 "hello finished, status 0" in text, "room.disk.fails", said)
    said = run(operator, "swapped", "room=disk size=500k quantum=5 "
               "primes 300000, wander 60 60000", "size 700k image")
    writer.point("broke: the room of its pager fails: the device reports an "
                 "error" in re.sub(r"\s+", " ", " ".join(said)),
                 "room.disk.fails_who_swaps", said)


def room_comes_back(writer, operator):
    """A driver that breaks now and then, and is started anew."""
    said = run(operator, "paged", "room=disk frames=40 size=1500k "
               "wander 250 1000", "size 700k image")
    writer.point("1000 steps through 250 pages; 0 times a page was not as it "
                 "was left" in said and
                 "s has started it anew" in re.sub(r"\s+", " ", " ".join(said)),
                 "room.disk.comes_back", said)


def failing_disk(folder, path):
    rules = os.path.join(folder, "rules")
    with open(rules, "w", encoding="ascii") as file:
        file.write('[inject-error]\nevent = "none"\niotype = "write"\n'
                   'errno = "5"\n')
    return ["-global", "virtio-mmio.force-legacy=false", "-blockdev",
            "driver=file,node-name=under,filename=" + path, "-blockdev",
            "driver=blkdebug,node-name=disk,image=under,config=" + rules,
            "-device", "virtio-blk-device,drive=disk"]


def room_in_a_store(writer, operator):
    """An area that is there as long as its pager is."""
    operator.says("proc store remove", 'new store size 6M buf 80 internal 8 '
                  'image function all prog "store make shared"',
                  "create load include 8 start")
    said = run(operator, "paged", "room=store/swap frames=40 size=4M "
               "wander 300 4000", "size 700k image")
    writer.point("4000 steps through 300 pages; 0 times a page was not as it "
                 "was left" in said and count(said, "pages written") > 200,
                 "room.store.paged", said)
    said = operator.says('new area prog "area search" run',
                         "wait area finished")
    writer.point(any("512 of 512 entries" in line for line in said),
                 "room.store.the_area_goes_with_its_pager", said)


def deep(writer, operator):
    """Pagers in pagers, three deep."""
    said = run(operator, "paged", "frames=120 size=3M paged frames=110 size=2M "
               "policy=ws paged frames=60 size=1500k policy=fifo wander 200 "
               "5000", "size 4M buf 200 internal 100 image")
    found = [int(number) for number in re.findall(
        r"(\d+) faults for a page", re.sub(r"\s+", " ", " ".join(said)))]
    writer.point("5000 steps through 200 pages; 0 times a page was not as it "
                 "was left" in said and len(found) == 3 and min(found) > 200,
                 "deep.three_pagers", said)


MISTAKES = [
    ("frames=0 hello", SIZES, "frames=0: it has [0-9]+ pages"),
    ("frames=100000 hello", SIZES, "frames=100000: it has [0-9]+ pages"),
    ("frames=many hello", SIZES, "a number in `frames=many`"),
    ("frames=3 hello", SIZES, "frames=3 are too few"),
    ("frames=8 size=64M hello", SIZES + " size 4M", "frames=8 are too few"),
    ("policy=best hello", SIZES, "knows the policies"),
    ("room=large hello", SIZES, "large: nothing in sight has this name"),
    ("room=console hello", SIZES, "console is no room"),
    ("room=below/area hello", SIZES, "below: nothing in sight"),
    ("room=primes primes 1000", SIZES, "primes: nothing in sight"),
    ("frams=3 hello", SIZES, "knows no `frams=3`; it knows frames=, size="),
    ("frames=12", SIZES, "name no program"),
    ("frames=12 hello", "size 2M internal 10 buf 40", "say `image`"),
    ("frames=20 hello", "size 160k internal 10 buf 40 image",
     "no storage for|pages of storage itself"),
]


def mistakes(writer, operator):
    for program, arguments, sizes, words in (
            *(("paged", *mistake) for mistake in MISTAKES),
            ("swapped", "hello", SIZES, "storage of each child, .* size=1M")):
        said = run(operator, program, arguments, sizes, "gave up")
        said += operator.says("proc p remove")
        text = re.sub(r"\s+", " ", " ".join(said))
        writer.point(re.search(words, text) is not None,
                     f"mistake.{program} {arguments}", said)


def inverted(writer, operator):
    """A pager that is above the keeper of its pages."""
    said = run(operator, "inverted", "", SIZES, "gave up")
    said += operator.says("proc p remove")
    writer.point("below is no room: it is below this pager, and each would "
                 "wait for the other" in re.sub(r"\s+", " ", " ".join(said)),
                 "trap.a_room_below_its_pager", said)


def full(writer, operator):
    """A room that is full: its child ends, and says why; others go on."""
    for policy, frames, size, pages, own in (
            ("clock", 40, "1500k", 256, "400k"),
            ("ws window=1000000", 1200, "8M", 1900, "5300k")):
        said = run(operator, "paged", f"frames={frames} room=plain size={size} "
                   f"policy={policy} wander {pages} 20000, hello",
                   f"size {own} buf 60 internal 40 image")
        text = re.sub(r"\s+", " ", " ".join(said))
        writer.point("wander broke: its pager has no room for another page" in
                     text and "hello finished, status 0" in text,
                     f"full.{policy}", said)


def image_with(folder, driver):
    """An image without a store; s starts the driver, and starts it anew."""
    disk = os.path.join(folder, "disk.elf")
    shutil.copy(image.built(f"tests/{driver}.elf"), disk)
    path = os.path.join(folder, driver + ".tar")
    programs = [image.built(name + ".elf") for name in PROGRAMS
                if name not in ("parents/store", "children/disk")]
    image.make_image(path, programs + [disk], None, image.usual_loader())
    return path


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        made = image.make_of_built(os.path.join(folder, "paging.tar"), PROGRAMS)
        bare = image_with(folder, "fickle")
        empty = [os.path.join(folder, name) for name in ("small", "large")]
        for path, mebibytes in zip(empty, (2, 16)):
            with open(path, "wb") as file:
                file.truncate(mebibytes << 20)
        for words, of, parts in (
                ([], made, (policies, few, traps, hostile, relayed, nested,
                      without_time, swaps, in_flight, deep, full, mistakes,
                      inverted)),
                (slow_disk(folder), made, (on_slow_disk,)),
                (disks.words(empty[0]), made, (room_on_disk,)),
                (disks.words(empty[0]), bare, (room_comes_back,)),
                (failing_disk(folder, empty[0]), made, (room_fails,)),
                (disks.words(empty[1]), made, (room_in_a_store,))):
            with machine.Machine(machine.command(KERNEL, of, more=words),
                                 DEADLINE) as computer:
                operator = Operator(computer)
                for part in parts:
                    part(writer, operator)
                said = operator.says("max")
                writer.point(words or any(
                    re.match(r"processes.* 2 +0 +", line) for line in said),
                    "all_comes_back", said)
    writer.end()


if __name__ == "__main__":
    main()

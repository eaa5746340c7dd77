#!/usr/bin/python3
"""The disk's driver on machines whose disks differ: what is written is read,
what cannot be is refused, and what the device says goes to who asked.
"""
import os
import shutil
import subprocess
import sys
import tempfile

from operated import BUILD, HERE, KERNEL, Operator

import disks  # found by way of operated
import image
import machine
import tap

DEADLINE = 60 # seconds, of each machine
PROGRAMS = ("parents/s", "parents/keeper", "children/console",
            "children/crash", "tests/mover", "tests/depot", "tests/impostor",
            "tests/pelter")
MEGABYTE = 1 << 20
SEED = 77
# So many buffers that more wait than the driver has slots.
MOVER = 'new mover size 2M buf 80 prog "mover {}" run'


def depot_lines(argument):
    """The depot in the place of the driver of s."""
    return ("proc disk remove", "new depot size 24M buf 300 internal 20 image "
            f'function all prog "depot {argument}" create load include 8 start',
            "wait depot finished")


class Machines:
    """Machines with the same image, each with a disk of its own."""

    def __init__(self, folder, driver="children/disk"):
        self.folder = folder
        self.image = os.path.join(folder, os.path.basename(driver) + ".tar")
        disk = os.path.join(folder, "disk.elf") # by which s knows it
        shutil.copy(os.path.join(BUILD, f"{driver}.elf"), disk)
        image.make_image(self.image, [os.path.join(BUILD, f"{name}.elf")
                                      for name in PROGRAMS] + [disk],
                         None, image.usual_loader())

    def file(self, name, megabytes=16):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.truncate(megabytes * MEGABYTE)
        return path

    def runs(self, words, tests):
        """What is said while the mover does each of the tests."""
        said = []
        with machine.Machine(machine.command(KERNEL, self.image, more=words),
                             DEADLINE) as computer:
            operator = Operator(computer)
            for test in tests:
                said += operator.says(MOVER.format(test),
                                      "wait mover finished")
            said += operator.says("devices")
        return said


def good(said, count):
    """All that was tried went well, and so much was tried."""
    ends = [line.rsplit(": ", 1)[-1] for line in said if ": " in line]
    return ends.count("good") == count and \
        not any("WRONG" in line for line in said)


def pattern(first, segments, byte_order="little"):
    """As the mover writes it."""
    start = first * disks.SEGMENT // 8
    return b"".join(
        ((start + i) * 0x9e3779b97f4a7c15 % (1 << 64) ^ SEED).to_bytes(
            8, byte_order) for i in range(segments * disks.SEGMENT // 8))


def whole(writer, machines, name, device):
    """All that a client can do, with one form of the device; and what it wrote
    stands in the file."""
    path = machines.file(name)
    said = machines.runs(disks.words(path, device=device), [
        f"write 3 1000 {SEED}", f"read 3 1000 {SEED}", "flight 60", "refusals",
        "regret 70"])
    writer.point(good(said, 24), f"disk.{name}.moves", said)
    with open(path, "rb") as file:
        file.seek(3 * disks.SEGMENT)
        writer.point(file.read(1000 * disks.SEGMENT) == pattern(3, 1000),
                     f"disk.{name}.is_in_the_file")


def read_only(writer, machines):
    path = machines.file("read_only")
    said = machines.runs(disks.words(path, read_only=True), ["try 0"])
    writer.point(
        "sense: 32768 segments, read only, 128 at most, 128 best" in said and
        "input: result 1, status 0, 8 segments: done" in said and
        any(line.startswith("output: result 2, status 66, 0 segments: the disk "
                            "can be read only; `./run") for line in said) and
        "flush: result 1, status 0, 0 segments: done" in said,
        "disk.read_only.refuses_output", said)


def device_error(writer, machines):
    """The third segment cannot be read, nor the fourth written."""
    path = machines.file("error")
    rules = os.path.join(machines.folder, "rules")
    with open(rules, "w", encoding="ascii") as file:
        for kind, sector in (("read", 2), ("write", 3), ("flush", -1)):
            file.write(f'[inject-error]\nevent = "none"\niotype = "{kind}"\n'
                       f'errno = "5"\nsector = "{sector}"\n')
    words = ["-global", "virtio-mmio.force-legacy=false", "-blockdev",
             "driver=file,node-name=under,filename=" + path, "-blockdev",
             "driver=blkdebug,node-name=errors,image=under,config=" + rules,
             "-blockdev", "driver=raw,node-name=disk,file=errors",
             "-device", "virtio-blk-device,drive=disk"]
    said = machines.runs(words, ["try 0", "try 8"])
    failed = "result 4, status 1, 0 segments: the device reports an error"
    done = "result 1, status 0, 8 segments: done"
    writer.point([line for line in said if ": result" in line] ==
                 [f"input: {failed}", f"output: {failed}", f"flush: {failed}",
                  f"input: {done}", f"output: {done}", f"flush: {failed}"],
                 "disk.device_error.is_told", said)
    with machine.Machine(machine.command(KERNEL, machines.image, more=words),
                         DEADLINE) as computer:
        said = Operator(computer).says(*depot_lines("failing"))
    writer.point(good(said, 1), "disk.device_error.of_an_order", said)


def other_slot(writer, machines):
    """Between other devices of the kind, in the second slot."""
    words = disks.words(machines.file("slot"), device="bus=virtio-mmio-bus.1")
    words += ["-device", "virtio-rng-device,bus=virtio-mmio-bus.0",
              "-device", "virtio-rng-device,bus=virtio-mmio-bus.5"]
    said = machines.runs(words, [f"write 0 100 {SEED}", f"read 0 100 {SEED}"])
    writer.point(good(said, 3) and
                 "   2  disk    0x10002000  disk" in said and
                 "   6  virtio  0x10006000  s" in said,
                 "disk.other_slot.is_found", said)


def throttled(words, limit):
    at = words.index("-device")
    return [*words[:at], "-object", f"throttle-group,id=slow,{limit}",
            "-blockdev", "driver=throttle,node-name=slow,throttle-group=slow,"
            "file=disk", *words[at:-1],
            words[-1].replace("drive=disk", "drive=slow")]


def silent(writer, machines):
    """A disk that takes one output, and would take more than an hour for the
    next; input and flush go on.  QEMU's answer to a reset is to do what it
    has at once, which shows that there was one."""
    path = machines.file("silent")
    said = machines.runs(throttled(disks.words(path), "x-bps-write=1"),
                         ["try 0", "try 8", "flight 60",
                          f"write 100 8 {SEED}"])
    done = "result 1, status 0, 8 segments: done"
    late = "result 4, status 3, 0 segments: the device does not answer"
    flush = "flush: result 1, status 0, 0 segments: done"
    writer.point([line for line in said if ": result" in line] ==
                 [f"input: {done}", f"output: {done}", flush,
                  f"input: {done}", f"output: {late}", flush] and
                 "outputs in flight: WRONG" in said and
                 "output: WRONG" in said, "disk.silent.clients_are_answered",
                 said)
    with open(path, "rb") as file:
        file.seek(100 * disks.SEGMENT)
        writer.point(file.read(8 * disks.SEGMENT) == pattern(100, 8),
                     "disk.silent.is_reset")


def blocks(writer, machines):
    """Of more than a segment: what is no whole block is refused."""
    path = machines.file("blocks")
    size = "logical_block_size={0},physical_block_size={0}"
    words = disks.words(path, device=size.format(4096))
    said = machines.runs(words, ["try 8", "try 3", f"write 8 1000 {SEED}",
                                 f"read 8 1000 {SEED}", "flight 60"])
    part = "result 2, status 70, 0 segments: only whole blocks of the disk " \
        "can be moved"
    writer.point(good(said, 5) and said.count(f"input: {part}") == 1 and
                 said.count(f"output: {part}") == 1, "disk.blocks.are_whole",
                 said)
    said = machines.runs(disks.words(path, device=size.format(128 << 10)),
                         ["try 0"])
    writer.point(any("blocks are of no size that a request can move" in line
                     for line in said) and
                 sum("status 67" in line for line in said) == 4,
                 "disk.blocks.too_large", said)


def pelted(writer, machines):
    """By messages of random words; then it goes on."""
    words = disks.words(machines.file("pelted"))
    with machine.Machine(machine.command(KERNEL, machines.image, more=words),
                         DEADLINE) as computer:
        said = Operator(computer).says(
            'new pelter size 2M buf 40 prog "pelter disk 30000 1" run',
            "wait pelter finished", MOVER.format("flight 60"),
            "wait mover finished")
    writer.point(good(said, 3), "disk.pelted", said)


def no_right(writer, machines):
    """Who may not know physical addresses has no disk, and is told once."""
    words = disks.words(machines.file("no_right"))
    with machine.Machine(machine.command(KERNEL, machines.image, more=words),
                         DEADLINE) as computer:
        operator = Operator(computer)
        said = operator.says(
            "proc disk remove", "new inner size 16M buf 200 internal 30 image "
            "prog s create load include 8 start", "wait To begin",
            "to s/inner", MOVER.format("try 0"), "wait mover finished", "list")
    told = " ".join(" ".join(said).split())
    writer.point(
        told.count("not the function physical_address") == 1 and
        sum("status 67" in line for line in said) == 4 and
        "anew" not in told and "broke" not in told,
        "disk.no_right.is_told_once", said)


def depot(writer, machines, name, slow):
    """The driver under a parent that lends it a run, in the place of that of s;
    with requests that stay under way for long, they and their senders die."""
    path = machines.file(name)
    words = disks.words(path)
    if slow:
        words = throttled(words, "x-bps-total=1000000")
    with machine.Machine(machine.command(KERNEL, machines.image, more=words),
                         DEADLINE) as computer:
        said = Operator(computer).says(
            *depot_lines("slow" if slow else ""), "list")
    deaths = 3 * 5 + 4 if slow else 0
    writer.point(good(said, 14 + deaths), f"disk.{name}", said)


def without(writer, machines):
    """A driver that has no device says so, to each client, too."""
    with machine.Machine(machine.command(KERNEL, machines.image),
                         DEADLINE) as computer:
        said = Operator(computer).says(
            "new disk size 2M prog disk run", MOVER.format("try 0"),
            "wait mover finished")
    no = "result 2, status 67, 0 segments: there is no disk behind this name"
    writer.point(
        "disk: there is no disk among the devices that it was lent" in said and
        [line for line in said if ": result" in line] ==
        [f"{what}: {no}" for what in ("sense", "input", "output", "flush")],
        "disk.none.is_told", said)


def ends(writer, machines):
    """A driver whose device is taken away gives up; s starts another one, but
    not for ever."""
    once = ["proc disk exclude 8", "wait disk, the disk's driver, gave up"]
    with machine.Machine(
            machine.command(KERNEL, machines.image,
                            more=disks.words(machines.file("ended"))),
            DEADLINE) as computer:
        operator = Operator(computer)
        said = operator.says(*once, MOVER.format(f"write 0 100 {SEED}"),
                             "wait mover finished")
        writer.point(good(said, 2) and any("s has started it anew" in line
                                           for line in said),
                     "disk.s_starts_it_anew", said)
        said = operator.says(*once * 5, "devices")
        told = " ".join(" ".join(said).split())
        writer.point(told.count("s has started it anew") == 4 and
                     told.count("driver ends again and again") == 1 and
                     "   8  disk    0x10008000  s" in said,
                     "disk.s_has_enough_of_it", said)


def kept(writer, machines):
    """By keeper, which has the device from s, and gives it each time."""
    with machine.Machine(
            machine.command(KERNEL, machines.image,
                            more=disks.words(machines.file("kept"))),
            DEADLINE) as computer:
        said = Operator(computer).says(
            "proc disk remove", "new keeper size 16M internal 40 buf 300 image "
            "function all prog keeper create load include 8 start", "wait help",
            "to s/keeper", "keep crash at most 3 in 1 min quietly device 8 run "
            "crash illegal", "wait crash stays dead", "devices",
            "keep disk at once size 2M device 8", "keep mover never size 2M "
            f"buf 80 run mover write 0 100 {SEED}", "wait mover finished",
            "devices", "keep other never device 9 run crash")
    writer.point(good(said, 2) and
                 "   8  disk    0x10008000  keeper" in said and
                 "   8  disk    0x10008000  disk" in said and
                 "so other is not kept" in said,
                 "disk.keeper_holds_the_device", said)


def impostor(writer, machines):
    """A device that says what no sound one does: nothing is believed."""
    with machine.Machine(machine.command(KERNEL, machines.image),
                         DEADLINE) as computer:
        said = Operator(computer).says(
            "new impostor size 8M buf 60 internal 20 image function all run",
            "wait impostor finished")
    writer.point(good(said, 34), "disk.device_that_lies", said)


def two_runs(writer, machines):
    """On one disk, by ./run: the second is told so; readers do not mind."""
    path = machines.file("shared")
    run = [sys.executable, os.path.join(HERE, "tools", "run.py"), "--image",
           machines.image, "--disk"]

    def second(suffix):
        done = subprocess.run([*run, path + suffix], input="halt\n", text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=DEADLINE)
        return done.returncode, done.stdout

    for read_only in (False, True):
        with machine.Machine(
                machine.command(KERNEL, machines.image,
                                more=disks.words(path, read_only)),
                DEADLINE) as computer:
            Operator(computer).says("devices")
            both = [second(suffix) for suffix in ("", disks.READ_ONLY)]
        told = ["it is in use by another machine" in said for _, said in both]
        writer.point([status for status, _ in both] ==
                     ([1, 0] if read_only else [1, 1]) and
                     told == [True, not read_only],
                     "disk.two_runs." + ("readers" if read_only else "writers"),
                     [line for _, said in both for line in said.split("\n")])


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        machines = Machines(folder)
        whole(writer, machines, "usual", "")
        whole(writer, machines, "chains", "indirect_desc=off")
        read_only(writer, machines)
        device_error(writer, machines)
        other_slot(writer, machines)
        blocks(writer, machines)
        silent(writer, Machines(folder, "tests/impatient"))
        pelted(writer, machines)
        no_right(writer, machines)
        without(writer, machines)
        ends(writer, machines)
        kept(writer, machines)
        impostor(writer, machines)
        two_runs(writer, machines)
        depot(writer, machines, "works_in_the_run_of_its_parent", False)
        depot(writer, machines, "dies_in_flight", True)
    writer.end()


if __name__ == "__main__":
    main()

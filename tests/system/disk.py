#!/usr/bin/python3
"""The disk's driver on machines whose disks differ: what is written is read,
what cannot be is refused, and what the device says goes to who asked.
"""
import os
import tempfile

from operated import BUILD, KERNEL, Operator

import disks  # found by way of operated
import image
import machine
import tap

DEADLINE = 300 # seconds, of each machine
PROGRAMS = ("parents/s", "children/console", "children/disk", "tests/mover")
MEGABYTE = 1 << 20
SEED = 77
# So many buffers that more wait than the driver has slots.
MOVER = 'new mover size 2M buf 80 prog "mover {}" run'


class Machines:
    """Machines with the same image, each with a disk of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.image = os.path.join(folder, "made.tar")
        image.make_image(self.image, [os.path.join(BUILD, f"{name}.elf")
                                      for name in PROGRAMS],
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
        "output: result 2, status 66, 0 segments: it can be read only" in said
        and "flush: result 1, status 0, 0 segments: done" in said,
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


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        machines = Machines(folder)
        whole(writer, machines, "usual", "")
        whole(writer, machines, "chains", "indirect_desc=off")
        read_only(writer, machines)
        device_error(writer, machines)
        other_slot(writer, machines)
    writer.end()


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""Machines whose device tree says something unusual: they come to the prompt,
or are refused in words.

The trees are QEMU's own, changed.  How a tree is read, and what of it is
refused, is tested natively, in tests/unit/device_tree.c and boot.c.
"""
import os
import struct
import subprocess
import tempfile

from operated import BUILD, KERNEL, Operator, refused, said_by

import cross  # found by way of operated
import dialogue
import machine
import tap

DEADLINE = 300 # seconds, of each machine
IMAGE = os.path.join(BUILD, "image.tar")
MEGABYTE = 1 << 20
RAM = 0x80000000
NUCLEUS = 0x80200000
IMAGE_FIRST = 0x84200000 # where QEMU puts it on a machine of 128M


# ---- trees ------------------------------------------------------------------

class Node:
    """A node: properties by name, and nodes in it."""

    def __init__(self, name):
        self.name = name
        self.has = {}
        self.nodes = []

    def find(self, path):
        node = self
        for name in path.strip("/").split("/"):
            node = next(one for one in node.nodes if one.name == name)
        return node

    def add(self, name, **properties):
        node = Node(name)
        node.has = {key.replace("_", "-"): value
                    for key, value in properties.items()}
        self.nodes.append(node)
        return node


def cells(*numbers):
    return struct.pack(f">{len(numbers)}I", *numbers)


def pairs(*numbers):
    return struct.pack(f">{len(numbers)}Q", *numbers)


def read_tree(blob):
    """The root of the tree."""
    structure, strings = struct.unpack_from(">2I", blob, 8)
    above = [Node("above")]
    at = structure
    while True:
        token, = struct.unpack_from(">I", blob, at)
        at += 4
        if token == 1:
            name = blob[at:blob.index(b"\0", at)].decode()
            at += (len(name) + 4) // 4 * 4
            above.append(above[-1].add(name))
        elif token == 2:
            above.pop()
        elif token == 3:
            size, name = struct.unpack_from(">2I", blob, at)
            name += strings
            key = blob[name:blob.index(b"\0", name)].decode()
            above[-1].has[key] = blob[at + 8:at + 8 + size]
            at += 8 + (size + 3) // 4 * 4
        elif token == 9:
            return above[0].nodes[0]


def padded(data):
    return data + bytes(-len(data) % 4)


def structure_of(node, strings):
    text = cells(1) + padded(node.name.encode() + b"\0")
    for name, value in node.has.items():
        if name not in strings:
            strings[name] = sum(len(key) + 1 for key in strings)
        text += cells(3, len(value), strings[name]) + padded(value)
    for one in node.nodes:
        text += structure_of(one, strings)
    return text + cells(2)


def write_tree(root, reserved=()):
    """Its bytes; `reserved` are ranges of the block of reservations."""
    strings = {}
    structure = structure_of(root, strings) + cells(9)
    texts = b"".join(key.encode() + b"\0" for key in strings)
    block = b"".join(pairs(first, last - first) for first, last in reserved) + \
        pairs(0, 0)
    at = 40 + len(block)
    header = cells(0xd00dfeed, at + len(structure) + len(texts), at,
                   at + len(structure), 40, 17, 16, 0, len(texts),
                   len(structure))
    return header + block + structure + texts


def tree_of_qemu(folder, *more):
    path = os.path.join(folder, "qemu.dtb")
    subprocess.run(["qemu-system-riscv64", "-M", f"virt,dumpdtb={path}",
                    "-display", "none", *more],
                   check=True, stderr=subprocess.DEVNULL)
    with open(path, "rb") as file:
        return read_tree(file.read())


# ---- what is booted ---------------------------------------------------------

def memory(tree, *ranges):
    tree.find("memory@80000000").has["reg"] = pairs(*ranges)


def rename(tree, path, name):
    tree.find(path).name = name


def slow_clock(tree):
    """The machine's is faster than that, so a slice is the longest."""
    tree.find("cpus").has["timebase-frequency"] = cells(1000)
    tree.find("chosen").has["bootargs"] = b"slice=10000000 list halt\0"


def good_trees():
    """Name, and what is done to the tree of a machine of 128M, which may give
    ranges for the block of reservations: it boots."""
    def other_names(tree):
        """As QEMU 11 has them, and stranger ones."""
        rename(tree, "soc/plic@c000000", "interrupt-controller@c000000")
        rename(tree, "soc/clint@2000000", "timer@2000000")
        rename(tree, "memory@80000000", "storage")
        rename(tree, "soc/serial@10000000", "memory@10000000")

    def in_pieces(tree):
        memory(tree, RAM, 32 * MEGABYTE, RAM + 64 * MEGABYTE, 64 * MEGABYTE)

    def narrow_cells(tree):
        tree.has["#address-cells"] = tree.has["#size-cells"] = cells(1)
        tree.find("memory@80000000").has["reg"] = cells(RAM, 128 * MEGABYTE)
        tree.find("fw-cfg@10100000").has["reg"] = cells(0x10100000, 24)
        tree.find("flash@20000000").has["reg"] = cells(0x20000000, 0x2000000)

    def reserved(tree):
        """The firmware adds a node of its own, and an image is reserved, too,
        by those who load it; s has it all the same."""
        node = tree.add("reserved-memory", ranges=b"", **{
            "#address-cells": cells(2), "#size-cells": cells(2)})
        node.add("kept@86000000", reg=pairs(0x86000000, MEGABYTE))
        return [(0x87000000, 0x87000001), (IMAGE_FIRST, 0x86000000)]

    yield "other_names", other_names
    yield "reserved", reserved
    yield "in_pieces", in_pieces
    yield "narrow_cells", narrow_cells


def bad_trees():
    """The same; and what is said."""
    def far_too_much(tree):
        memory(tree, RAM, 1 << 40)

    def no_plic(tree):
        tree.find("soc/plic@c000000").has["compatible"] = b"other\0"

    def plic_in_a_hole(tree):
        """Where PCI devices would be, and the firmware does not mind."""
        tree.find("soc/plic@c000000").has["reg"] = pairs(0x50000000, 0x600000)

    yield "far_too_much", far_too_much, "the machine lacks what"
    yield "no_plic", no_plic, "has no PLIC for this hart"
    yield "plic_in_a_hole", plic_in_a_hole, "no PLIC answers"


def bare_processor():
    """Without parts that the tree of the usual one promises.  Newer firmwares
    fail themselves where Sstc is promised and not there."""
    version = subprocess.run(["qemu-system-riscv64", "--version"], check=True,
                             capture_output=True, text=True).stdout
    older = version.startswith("QEMU emulator version 7.")
    return ["-cpu", "rv64,f=off,d=off," + ("sstc=off" if older else "zfa=off")]


def boots(writer, name, command, begin=lambda: None, attempts=()):
    """To the prompt, where s hears, and its children run, and break.
    `attempts`: deadlines of those that may fail before."""
    for deadline in (*attempts, DEADLINE):
        good, said = is_alive(command, begin, deadline)
        if good:
            break
    writer.point(good, f"device_tree.{name}", said)


def is_alive(command, begin, deadline):
    """Whether it does all that; and the lines that came."""
    with machine.Machine(command, deadline) as computer:
        begin()
        operator = Operator(computer)
        try:
            operator.says('new crash prog "crash illegal" run',
                          "wait crash broke: illegal instruction",
                          "new hello run", "wait hello finished")
        except (TimeoutError, dialogue.Ended):
            operator.lines.append(computer.unsaid())
        return any("hello finished, status 0" in line
                   for line in operator.lines), operator.lines


def no_paging(writer):
    """Of the kind that is wanted; then nothing at all can be done."""
    command = machine.command(KERNEL, IMAGE) + ["-cpu", "rv64,mmu=off"]
    words = "boot: this machine lacks Sv39 paging, and halts"
    said = ""
    with machine.Machine(command, DEADLINE, keep_banner=True) as computer:
        try:
            while words not in said:
                said += computer.read() or ""
        except TimeoutError:
            pass
    writer.point(words in said, "device_tree.refuses.no_paging",
                 said.splitlines())


def tree_above(writer, folder):
    """Where newer QEMUs put it: at the end of storage, above 4 GiB."""
    path = os.path.join(folder, "above.dtb")
    address = RAM + 6 * 1024 * MEGABYTE - 2 * MEGABYTE
    first = NUCLEUS + 1024 * MEGABYTE # of the image, behind QEMU's own
    tree = tree_of_qemu(folder, "-m", "6G")
    tree.find("chosen").has.update({
        "linux,initrd-start": pairs(first),
        "linux,initrd-end": pairs(first + os.path.getsize(IMAGE))})
    with open(path, "wb") as file:
        file.write(write_tree(tree))
    port = machine.free_port(3700)
    command = machine.command(
        KERNEL, IMAGE, memory="6G", gdb=port,
        more=["-device", f"loader,file={path},addr={address:#x},force-raw=on",
              "-device", f"loader,file={IMAGE},addr={first:#x},force-raw=on"])
    debugger = [cross.DEBUGGER, "-nx", "-batch"]
    for step in (f"target remote 127.0.0.1:{port}", f"hbreak *{NUCLEUS:#x}",
                 "continue", f"set $a1 = {address:#x}", "detach"):
        debugger += ["-ex", step]
    boots(writer, "tree_above_4_gib", command, lambda: subprocess.run(
        debugger, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        timeout=DEADLINE, check=False))


def power_without_effect(tree):
    """Where the flash memory is, in which single stores do nothing."""
    tree.find("soc/test@100000").has["reg"] = pairs(0x20000000, 0x1000)


def goes_on_in_words(writer, name, command):
    """A machine that `halt` does not end."""
    said = []
    with machine.Machine(command, DEADLINE) as computer:
        typist = dialogue.Typist(computer, show=said.append)
        try:
            typist.line("halt")
            typist.until_ready()
        except (TimeoutError, dialogue.Ended):
            pass
    writer.point("s cannot go on: the machine does not switch itself off"
                 in said, f"device_tree.{name}", said)


def nodes_of_storage(count, megabytes):
    """QEMU's options for so many, each with its own interrupt controller."""
    words = ["-smp", str(count), "-m", f"{count * megabytes}M"]
    for i in range(count):
        words += ["-object", f"memory-backend-ram,id=m{i},size={megabytes}M",
                  "-numa", f"node,memdev=m{i}"]
    return words


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        path = os.path.join(folder, "changed.dtb")
        usual = machine.command(KERNEL, IMAGE)

        def changed(change):
            tree = tree_of_qemu(folder)
            reserved = change(tree) or ()
            with open(path, "wb") as file:
                file.write(write_tree(tree, reserved))
            return usual + ["-dtb", path]

        boots(writer, "promises_too_much", changed(lambda tree: None) +
              bare_processor())
        # On a busy computer the firmware may give the nucleus to the second
        # hart, whose own controller QEMU gives no device's interrupt.
        boots(writer, "two_nodes", usual + nodes_of_storage(2, 64),
              attempts=(20, 20, 20))
        tree_above(writer, folder)
        no_paging(writer)
        for name, change in good_trees():
            boots(writer, name, changed(change))
        # How it ends is another matter: by this clock, s hardly waits.
        said, _ = said_by(changed(slow_clock), DEADLINE)
        writer.point("s switches the machine off" in said,
                     "device_tree.clock_of_1000_hz", said)
        for name, change, words in bad_trees():
            good, why = refused(changed(change), DEADLINE, words)
            writer.point(good, f"device_tree.refuses.{name}", why)
        goes_on_in_words(writer, "power_without_effect",
                         changed(power_without_effect))
    writer.end()


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""Makes, looks at and checks disks of the store: docs/store.md has the format.

    tools/store.py make DISK --size 64M
    tools/store.py import DISK FILE [NAME]
    tools/store.py list DISK
    tools/store.py check DISK
    tools/store.py log LOG [--base DISK] [--subsets 10000]

It shares no line with the store of the system (parents/store/), so that each
finds the other's mistakes.  A disk that a machine is using is not written to.
"""
import argparse
import collections
import os
import re
import struct
import sys
import zlib

import disks
import write_log

SEGMENT = 512
PAGE = 4096
PAGE_SEGMENTS = PAGE // SEGMENT
MAGIC = b"kernesto"
VERSION = 1
ROOTS = 2
ROOT = struct.Struct("<8sQIIIII28x")
POINTER = struct.Struct("<II")
INDEX_PAGES = (SEGMENT - ROOT.size) // POINTER.size
POINTERS = PAGE // POINTER.size
ENTRY = struct.Struct("<16s16sIIQI12s")
ENTRIES = PAGE // ENTRY.size
ENTRIES_MOST = 4096
SLOTS = PAGE // 4
SPARE = 16
PERMANENT = 1
PRIVATE = 2
NAME = re.compile(rb"[a-z][a-z0-9_-]{0,14}")
ZEROS = bytes(PAGE)
SHOWN = 10 # faults of a log


class Fault(Exception):
    """What is wrong with a disk, in words."""


# ---- the format -------------------------------------------------------------

class Geometry:
    """What follows from a disk's pages, entries and slots."""

    def __init__(self, pages, entries, slots):
        self.pages = pages
        self.entries = entries
        self.slots = slots
        self.catalog_pages = -(-entries // ENTRIES)
        self.tables = self.catalog_pages + -(-slots // SLOTS)
        self.index_pages = -(-self.tables // POINTERS)

    def fits(self):
        return (0 < self.entries <= ENTRIES_MOST and
                self.entries % ENTRIES == 0 and self.slots > 0 and
                self.index_pages <= INDEX_PAGES and
                ROOTS + self.slots + 2 * (self.tables + self.index_pages)
                + SPARE <= self.pages)


def most_slots(pages, entries):
    """The geometry with a 32nd of the disk to spare."""
    spare = pages // 32 if pages // 32 >= SPARE else 0
    slots = 0
    for bit in reversed(range(32)):
        if Geometry(pages - spare, entries, slots | 1 << bit).fits():
            slots |= 1 << bit
    geometry = Geometry(pages, entries, slots)
    return geometry if geometry.fits() else None


class Root:
    """A whole root."""

    def __init__(self, data):
        (_, self.generation, self.version, _, self.pages, self.entries,
         self.slots) = ROOT.unpack_from(data)
        self.index = list(POINTER.iter_unpack(data[ROOT.size:SEGMENT]))
        self.rest = data[ROOT.size - 28:ROOT.size]

    @staticmethod
    def sum_of(data):
        return zlib.crc32(data[:20] + bytes(4) + data[24:SEGMENT])

    def packed(self):
        data = ROOT.pack(MAGIC, self.generation, VERSION, 0, self.pages,
                         self.entries, self.slots)
        data += b"".join(POINTER.pack(*pointer) for pointer in self.index)
        return data[:20] + struct.pack("<I", self.sum_of(data)) + data[24:]


def whole_root(data, place):
    """The root that these bytes of page `place` are, or none."""
    if data[:8] != MAGIC:
        return None
    generation, found = struct.unpack_from("<Q4xI", data, 8)
    if generation == 0 or generation % ROOTS != place or \
            Root.sum_of(data) != found:
        return None
    return Root(data)


def newest_root(read):
    """Of what `read` (of a page) gives; none: there is none."""
    found = [whole_root(read(place)[:SEGMENT], place)
             for place in range(ROOTS)]
    return max((root for root in found if root),
               key=lambda root: root.generation, default=None)


Area = collections.namedtuple("Area", "name owner pages first serial flags "
                                      "slots")


def text_of(field):
    name = field.rstrip(b"\0")
    return name if not name or NAME.fullmatch(name) else None


class Store:
    """What the newest root leads to, all of it checked.

    `uses` has what each page is for.
    """

    def __init__(self, read, disk_pages):
        self.read = read
        self.root = newest_root(read)
        if self.root is None:
            blank = all(read(place)[:SEGMENT] == bytes(SEGMENT)
                        for place in range(ROOTS))
            raise Fault("nothing is on the disk: `make` makes a store" if blank
                        else "neither root is whole: it is no store, or "
                             "damaged")
        root = self.root
        self.geometry = Geometry(root.pages, root.entries, root.slots)
        self.check_root(disk_pages)
        self.uses = {0: "root", 1: "root"}
        self.tables = list(self.read_tables())
        self.areas = self.read_areas()

    def check_root(self, disk_pages):
        if self.root.version != VERSION:
            raise Fault(f"its format is of version {self.root.version}, not "
                        f"{VERSION}")
        if self.root.generation >> 63:
            raise Fault("its generation is too high")
        if self.root.pages > disk_pages:
            raise Fault(f"it was made for a disk of {self.root.pages} pages, "
                        f"and this one has {disk_pages}")
        if not self.geometry.fits():
            raise Fault("its root promises more than the disk has room for")
        if any(self.root.rest) or \
                any(map(any, self.root.index[self.geometry.index_pages:])):
            raise Fault("its root has something where nothing is to be")

    def use(self, page, what):
        if not page < self.geometry.pages:
            raise Fault(f"{what} is said to be in page {page}, beyond the disk")
        if page in self.uses:
            raise Fault(f"page {page} is both {self.uses[page]} and {what}")
        self.uses[page] = what

    def follow(self, pointer, what):
        """The page that a pointer leads to."""
        page, found = pointer
        if page == 0:
            if found:
                raise Fault(f"{what} was never written, but has a sum")
            return ZEROS
        self.use(page, what)
        data = self.read(page)
        if zlib.crc32(data) != found:
            raise Fault(f"{what} in page {page} has a wrong sum")
        return data

    def read_tables(self):
        index = b"".join(
            self.follow(pointer, f"index page {number}") for number, pointer
            in enumerate(self.root.index[:self.geometry.index_pages]))
        pointers = list(POINTER.iter_unpack(index))
        if any(map(any, pointers[self.geometry.tables:])):
            raise Fault("behind the last table there is one more")
        for number, pointer in enumerate(pointers[:self.geometry.tables]):
            yield self.follow(pointer, f"table {number}")

    def read_areas(self):
        geometry = self.geometry
        catalog = b"".join(self.tables[:geometry.catalog_pages])
        slots = struct.unpack(
            f"<{(geometry.tables - geometry.catalog_pages) * SLOTS}I",
            b"".join(self.tables[geometry.catalog_pages:]))
        areas = []
        for number in range(geometry.entries):
            data = catalog[number * ENTRY.size:(number + 1) * ENTRY.size]
            if any(data):
                areas.append(self.area(f"entry {number} of the catalog", data,
                                       slots))
        if len({area.name for area in areas}) != len(areas):
            raise Fault("two areas have the same name")
        self.check_slots(areas, slots)
        return areas

    def area(self, what, data, slots):
        name, owner, pages, first, serial, flags, rest = ENTRY.unpack(data)
        if not text_of(name):
            raise Fault(f"{what} has no good name")
        if text_of(owner) is None:
            raise Fault(f"{what} has an owner with no good name")
        if not 0 < serial < 1 << 63:
            raise Fault(f"{what} has no good serial number")
        if any(rest) or flags & ~(PERMANENT | PRIVATE):
            raise Fault(f"{what} has something where nothing is to be")
        if first + pages > self.geometry.slots or (first and not pages):
            raise Fault(f"{what} has slots that are none")
        return Area(text_of(name).decode(), text_of(owner).decode(), pages,
                    first, serial, flags, slots[first:first + pages])

    def check_slots(self, areas, slots):
        end = 0
        for area in sorted((area for area in areas if area.pages),
                           key=lambda area: area.first):
            if area.first < end:
                raise Fault(f"slot {area.first} is of two areas")
            if any(slots[end:area.first]):
                raise Fault("a slot of no area is not empty")
            end = area.first + area.pages
            what = f"of the area {area.name}"
            for page in filter(None, area.slots):
                self.use(page, what)
        if any(slots[end:]):
            raise Fault("a slot of no area is not empty")

    def named(self, name):
        for area in self.areas:
            if area.name == name:
                return area
        raise Fault(f"it has no area {name}")

    def data(self, area):
        for page in area.slots:
            yield self.read(page) if page else ZEROS


# ---- changing a disk --------------------------------------------------------

class Change:
    """Areas become others, all at once: as the store of the system does it."""

    def __init__(self, file, store):
        self.file = file
        self.store = store
        self.areas = list(store.areas)
        self.free = (page for page in range(ROOTS, store.geometry.pages)
                     if page not in store.uses)

    def write(self, data):
        """To a page that no root leads to; which one that is."""
        page = next(self.free, None)
        if page is None:
            raise Fault("no page is free for a copy: start the system once, "
                        "and flush")
        self.file.seek(page * PAGE)
        self.file.write(data)
        return page

    def add(self, name, data):
        geometry = self.store.geometry
        if not NAME.fullmatch(name.encode()):
            raise Fault(f"`{name}` is no name of an area: 1 to 15 characters, "
                        "a to z, then also 0 to 9, _ and -; give one behind "
                        "the file")
        if any(area.name == name for area in self.areas):
            raise Fault(f"it has an area {name} already; `remove` it first")
        if len(self.areas) == geometry.entries:
            raise Fault(f"its catalog is full: {geometry.entries} entries")
        pages = -(-len(data) // PAGE)
        free = geometry.slots - sum(area.pages for area in self.areas)
        if pages > free:
            raise Fault(f"{pages * PAGE_SEGMENTS} segments are wanted, and "
                        f"{free * PAGE_SEGMENTS} are free")
        serial = max((area.serial for area in self.areas), default=0) + 1
        if serial >> 63:
            raise Fault("it has no serial number left for another area")
        slots = []
        for at in range(0, pages * PAGE, PAGE):
            page = data[at:at + PAGE].ljust(PAGE, b"\0")
            slots.append(0 if page == ZEROS else self.write(page))
        self.areas.append(Area(name, "", pages, 0, serial, PERMANENT,
                               tuple(slots)))

    def remove(self, name):
        self.areas.remove(self.store.named(name))

    def new_tables(self):
        """All areas side by side, in the order that they had."""
        geometry = self.store.geometry
        entries = b""
        slots = ()
        for area in self.areas:
            entries += ENTRY.pack(
                area.name.encode(), area.owner.encode(), area.pages,
                len(slots) if area.pages else 0, area.serial, area.flags, b"")
            slots += area.slots
        catalog = entries.ljust(geometry.catalog_pages * PAGE, b"\0")
        packed = struct.pack(f"<{len(slots)}I", *slots).ljust(
            (geometry.tables - geometry.catalog_pages) * PAGE, b"\0")
        return pages_of(catalog + packed)

    def commit(self):
        root = self.store.root
        index = [pointer for page in range(self.store.geometry.index_pages)
                 for pointer in POINTER.iter_unpack(self.index_page(page))]
        for number, table in enumerate(self.new_tables()):
            if table != self.store.tables[number]:
                index[number] = (self.write(table), zlib.crc32(table))
        packed = b"".join(POINTER.pack(*pointer) for pointer in index)
        for number, page in enumerate(pages_of(packed)):
            if page != self.index_page(number):
                root.index[number] = (self.write(page), zlib.crc32(page))
        root.generation += 1
        durable(self.file)
        self.file.seek(root.generation % ROOTS * PAGE)
        self.file.write(root.packed())
        durable(self.file)

    def index_page(self, number):
        page = self.store.root.index[number][0]
        return self.store.read(page) if page else ZEROS


def pages_of(data):
    return [data[at:at + PAGE] for at in range(0, len(data), PAGE)]


def durable(file):
    file.flush()
    os.fsync(file.fileno())


# ---- disks that are files ---------------------------------------------------

def open_disk(path, change=False):
    """The file, and how many pages it has."""
    if not os.path.exists(path):
        raise Fault("there is no such file; `make` makes a disk")
    if change and disks.is_used(path, False):
        raise Fault("a machine is using it: halt that one first")
    file = open(path, "r+b" if change else "rb") # pylint: disable=R1732
    return file, file.seek(0, os.SEEK_END) // PAGE


def reader(file):
    def read(page):
        file.seek(page * PAGE)
        return file.read(PAGE).ljust(PAGE, b"\0")
    return read


def open_store(path, change=False):
    file, pages = open_disk(path, change)
    return file, Store(reader(file), pages)


def counted(number, noun):
    return f"{number} {noun}{'' if number == 1 else 's'}"


def size_of(text):
    size = disks.size_of(text)
    if size is None:
        raise argparse.ArgumentTypeError(
            f"{text} is no size: a number of whole segments, or with k, M, G "
            "or T behind it")
    return size


def make(disk, size, entries):
    """Only where no file is, or an empty one."""
    pages = size // PAGE
    geometry = most_slots(min(pages, (1 << 32) - 1), entries)
    if geometry is None:
        raise Fault(f"{size} bytes are too few for a store with {entries} "
                    f"entries; or the entries are no multiple of {ENTRIES} up "
                    f"to {ENTRIES_MOST}")
    if os.path.exists(disk) and os.path.getsize(disk) > 0:
        raise Fault("it is there already, and is not overwritten: remove the "
                    "file first")
    root = Root(bytes(SEGMENT))
    root.generation = 1
    root.pages, root.entries = geometry.pages, entries
    root.slots = geometry.slots
    with open(disk, "wb") as file:
        file.truncate(pages * PAGE)
        file.seek(root.generation % ROOTS * PAGE)
        file.write(root.packed())
        durable(file)
    print(f"{disk}: {geometry.slots * PAGE_SEGMENTS} segments for areas, "
          f"{entries} entries")


def list_areas(disk):
    _, store = open_store(disk)
    print("name            segments  owner           permanent  private")
    for area in sorted(store.areas):
        print(f"{area.name:15} {area.pages * PAGE_SEGMENTS:8}  "
              f"{area.owner:15} "
              f"{'yes' if area.flags & PERMANENT else 'no':10} "
              f"{'yes' if area.flags & PRIVATE else 'no'}")
    taken = sum(area.pages for area in store.areas)
    print(f"free: {(store.geometry.slots - taken) * PAGE_SEGMENTS} segments, "
          f"{store.geometry.entries - len(store.areas)} entries")


def import_file(disk, path, name):
    with open(path, "rb") as source:
        data = source.read()
    if name is None:
        name = os.path.basename(path)
        name = name[:-4] if name.endswith(".elf") else name
    file, store = open_store(disk, change=True)
    change = Change(file, store)
    change.add(name, data)
    change.commit()
    print(f"{disk}: {name}, {-(-len(data) // PAGE) * PAGE_SEGMENTS} segments")


def export(disk, name, path):
    _, store = open_store(disk)
    area = store.named(name)
    with open(path, "wb") as file:
        file.writelines(store.data(area))


def remove(disk, name):
    file, store = open_store(disk, change=True)
    change = Change(file, store)
    change.remove(name)
    change.commit()


def check(disk):
    _, store = open_store(disk)
    print(f"{disk}: sound; generation {store.root.generation}, "
          f"{counted(len(store.areas), 'area')}, {len(store.uses)} of "
          f"{store.geometry.pages} pages in use")


# ---- logs of writes ---------------------------------------------------------

def check_log(path, base, subsets, seed, no_flushes):
    """Whether each moment of the log leaves a disk that is as it was."""
    first = b""
    if base is not None:
        with open(base, "rb") as file:
            first = file.read()
    try:
        entries = write_log.read(path)
    except ValueError as error:
        raise Fault(error) from None
    if no_flushes:
        entries = [entry for entry in entries if not entry.is_flush]
    trial = write_log.Trial(entries, first, sys.modules[__name__])
    faults = list(trial.prefixes())
    print(f"{trial.writes} writes, {trial.flushes} flushes, "
          f"{len(trial.references)} roots")
    print(f"after each write: {trial.writes} disks, {len(faults)} damaged")
    more = list(trial.subsets(subsets, seed))
    print("with a part of what no flush has followed: "
          f"{subsets if trial.writes else 0} disks, {len(more)} damaged")
    for fault in (faults + more)[:SHOWN]:
        print(f"  {fault}")
    if faults or more:
        raise Fault("a crash can damage what it was written from")


def main():
    parser = argparse.ArgumentParser(
        description="Makes, looks at and checks disks of the store.",
        epilog="Of a disk that a machine is using, what is seen may be old.")
    commands = parser.add_subparsers(dest="command", required=True,
                                     metavar="COMMAND")

    def command(name, function, does, *words):
        added = commands.add_parser(name, help=does, description=does)
        added.set_defaults(function=function)
        for word in words:
            added.add_argument(word[0], **word[1])

    disk = ("disk", {"metavar": "DISK"})
    name = ("name", {"metavar": "NAME"})
    command("make", make, "makes an empty store in a new file", disk,
            ("--size", {"type": size_of, "default": disks.USUAL_SIZE,
                        "help": f"{disks.USUAL_SIZE} unless said"}),
            ("--entries", {"type": int, "default": 512,
                           "help": "of the catalog: 512 unless said"}))
    command("list", list_areas, "lists the areas", disk)
    command("import", import_file, "makes an area of a file", disk,
            ("path", {"metavar": "FILE"}),
            ("name", {"metavar": "NAME", "nargs": "?",
                      "help": "the file's, unless said"}))
    command("export", export, "writes an area's pages to a file", disk, name,
            ("path", {"metavar": "FILE"}))
    command("remove", remove, "removes an area", disk, name)
    command("check", check, "checks all that is on the disk", disk)
    command("log", check_log, "checks a log of QEMU's blklogwrites",
            ("path", {"metavar": "LOG"}),
            ("--base", {"metavar": "DISK",
                        "help": "what was there before; zeros unless said"}),
            ("--subsets", {"type": int, "default": 10000}),
            ("--seed", {"type": int, "default": 1}),
            ("--no-flushes", {"action": "store_true",
                              "help": "as if nothing had been flushed"}))
    words = vars(parser.parse_args())
    function = words.pop("function")
    words.pop("command")
    try:
        function(**words)
    except Fault as fault:
        sys.exit(f"store.py: {words.get('disk') or words.get('path')}: {fault}")
    except OSError as error:
        sys.exit(f"store.py: {error.filename}: {error.strerror}")


if __name__ == "__main__":
    main()

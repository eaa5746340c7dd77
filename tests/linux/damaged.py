#!/usr/bin/python3
"""/store, when what stands in its area is damaged: it is refused in words, and
linux runs on without it, with the storage that it had."""
import contextlib
import io
import os
import struct
import tempfile
import zlib

import made

import disks  # found by way of made
import store
import tap
import volume
from volume import END, ENTRY, FOLDER, LINK, NODE, PAGE, ROOT, SUM

FILE_MODE = volume.FILE_MODE | 0o644
FOLDER_MODE = volume.FOLDER_MODE | 0o755
LINK_MODE = volume.LINK_MODE | 0o777
PAGES = 900   # of an area
TABLE = 512   # pages of a file that have a table
ENOUGH = 64   # frames for other nodes and names
SUMS, TWICE, KIND, GOOD, NOTHING, NO_TREE = (
    "the sum of a page", "led to twice", "of no kind",
    "no good name, kind or size", "a name of nothing", "holds no tree")


def entry(kind, name=b"", mode=0, *, size=0, number=0, behind=b"", length=None):
    length = len(name) if length is None else length
    return ENTRY.pack(kind, length, number, mode, 0, 0, 0, size, 0) + \
        name + behind


def root(magic=b"kernetre", version=1, generation=1, first=1, summed=0):
    words = ROOT.pack(magic, version, generation, first)
    return words + SUM.pack(zlib.crc32(words) ^ summed)


def index(data, chain=None, summed=0):
    """Its pages, from 1 on; `chain`: to which one the first leads."""
    parts = [data[at:at + PAGE - 8] for at in range(0, len(data), PAGE - 8)]
    pages = []
    for number, part in enumerate(parts, 2):
        following = number if number <= len(parts) else 0
        if chain is not None and number == 2:
            following = chain
        part = part.ljust(PAGE - 8, b"\0")
        whole = zlib.crc32(struct.pack("<II", following, 0) + part)
        pages.append(struct.pack("<II", following, whole ^ summed) + part)
    return b"".join(pages)


END_OF_IT = entry(END)
PLAIN = entry(NODE, b"a", FILE_MODE)
LONG = b"".join(entry(NODE, b"%d" % i, FILE_MODE) for i in range(60)) + \
    END_OF_IT


def of_pages(*pages):
    return entry(NODE, b"p", FILE_MODE, size=len(pages) * PAGE,
                 behind=struct.pack(f"<{len(pages)}I", *pages)) + END_OF_IT


def with_many_tables():
    """A file without an end of the tree behind it."""
    numbers = [0] * (1 << 18)
    for i in range(0, len(numbers), TABLE):
        numbers[i] = 300 + i // TABLE
    return of_pages(*numbers)[:-ENTRY.size] + entry(9)


# What is damaged: the words that say so; the root, and the index.
CASES = {
    "magic": (NO_TREE, root(magic=b"kernetrx"), index(END_OF_IT)),
    "version": (NO_TREE, root(version=2), index(END_OF_IT)),
    # Behind the last one would come that of no node's, 0.
    "generation": (NO_TREE, root(generation=(1 << 64) - 1), index(END_OF_IT)),
    "root_sum": (NO_TREE, root(summed=1), index(END_OF_IT)),
    "first_is_root": (TWICE, root(first=0), index(END_OF_IT)),
    "first_is_beyond": (TWICE, root(first=1 << 60), index(END_OF_IT)),
    "page_sum": (SUMS, root(), index(PLAIN + END_OF_IT, summed=1)),
    "chain_is_a_ring": (TWICE, root(), index(LONG, chain=1)),
    "chain_ends": (TWICE, root(), index(LONG, chain=0)),
    "chain_leads_beyond": (TWICE, root(), index(LONG, chain=0xffffffff)),
    "no_kind": (KIND, root(), index(entry(9))),
    "empty": (KIND, root(), index(bytes(PAGE))),
    "slash": (GOOD, root(), index(entry(NODE, b"a/b", FILE_MODE))),
    "dots": (GOOD, root(), index(entry(FOLDER, b"..", FOLDER_MODE))),
    "no_name": (GOOD, root(), index(entry(NODE, b"", FILE_MODE))),
    "long_name": (GOOD, root(), index(entry(NODE, b"a", FILE_MODE,
                                            length=0xffff))),
    "short_name": (GOOD, root(), index(entry(NODE, b"a", FILE_MODE, length=5))),
    "same_names": (GOOD, root(), index(PLAIN + PLAIN + END_OF_IT)),
    "mode": (GOOD, root(), index(entry(NODE, b"a", 0o170000))),
    "file_is_folder": (GOOD, root(), index(entry(NODE, b"a", FOLDER_MODE))),
    "folder_is_file": (GOOD, root(), index(entry(FOLDER, b"a", FILE_MODE))),
    "large_file": (GOOD, root(), index(entry(NODE, b"a", FILE_MODE,
                                             size=1 << 63))),
    "long_target": (GOOD, root(), index(entry(NODE, b"a", LINK_MODE,
                                              size=5000))),
    "page_is_beyond": (TWICE, root(), index(of_pages(PAGES))),
    "page_is_root_of_index": (TWICE, root(), index(of_pages(1))),
    "page_of_two": (TWICE, root(), index(of_pages(8, 9, 8))),
    "name_of_nothing": (NOTHING, root(), index(entry(LINK, b"a", FILE_MODE,
                                                     number=3))),
    "folder_in_itself": (NOTHING, root(), index(
        entry(FOLDER, b"a", FOLDER_MODE, number=3) +
        entry(LINK, b"b", FILE_MODE, number=3) + END_OF_IT + END_OF_IT)),
}


def make_disk(folder, first, pages):
    """A disk whose area has these: the root, and what is from page 1 on."""
    disk = os.path.join(folder, "disk")
    if os.path.exists(disk):
        os.remove(disk)
    with contextlib.redirect_stdout(io.StringIO()):
        store.make(disk, 16 << 20, 128)
    file, found = store.open_store(disk, change=True)
    with file:
        change = store.Change(file, found)
        change.add(volume.AREA, (first.ljust(PAGE, b"\0") +
                             pages).ljust(PAGES * PAGE, b"\0"))
        change.areas[-1] = change.areas[-1]._replace(
            owner="linux", flags=store.PERMANENT | store.PRIVATE)
        change.commit()
    return disk


def said_with(folder, image, first, pages):
    disk = make_disk(folder, first, pages)
    with made.Runs(image, more=disks.words(disk)) as runs:
        return runs.run("/t/kept room")


def frames(lines):
    return [int(line) for line in lines if line.isdigit()]


def main():
    writer = tap.Writer()
    with tempfile.TemporaryDirectory(prefix="kerne-") as folder:
        tree = made.Tree()
        tree.add("t/kept", made.compiled(folder, "kept"))
        image = made.make_image(folder, tree.bytes(),
                                ("parents/store", "children/disk"))
        said = said_with(folder, image, root(), index(of_pages(8, 9)))
        writer.point(not any("no /store" in line for line in said) and
                     "linux finished, status 0" in said, "sound_is_mounted",
                     said)
        for name, (words, first, pages) in CASES.items():
            said = said_with(folder, image, first, pages)
            told = [line for line in said if "there is no /store" in line]
            writer.point(len(told) == 1 and
                         words in " ".join(map(str.strip, said)) and
                         "linux finished, status 0" in said, name, said)
        left = frames(said_with(folder, image, root(), index(entry(9))))
        said = said_with(folder, image, root(), index(with_many_tables()))
        writer.point(left and frames(said) and
                     frames(said)[0] > left[0] - ENOUGH,
                     "what_was_built_is_given_back", [str(left), *said])
    writer.end()


if __name__ == "__main__":
    main()

"""Logs of QEMU's blklogwrites (the format of Linux's dm-log-writes), and what
a disk may hold after a crash at any of their moments.

The log's first segment says how many entries follow; each has a segment that
says where it wrote how much, and whether it was a flush, and then the data.
"""
import random
import struct

MAGIC = 0x6a736677736872
FLUSH, DISCARD, MARK = 1, 4, 8
SEGMENT = 512
LARGEST = 1 << 20 # segments of one write


class Entry:
    """A write of `data` from byte `at` on; or a flush, without data."""

    def __init__(self, at, data, flags):
        self.at = at
        self.data = data
        self.is_flush = bool(flags & FLUSH)


def read(path):
    """The entries; ValueError, in words, if it is no such log."""
    with open(path, "rb") as file:
        magic, version, count, size = struct.unpack(
            "<QQQI", file.read(28).ljust(28, b"\0"))
        if magic != MAGIC or version != 1 or size != SEGMENT:
            raise ValueError("it is no log of writes, version 1, in segments "
                             "of 512 bytes")
        file.seek(size)
        entries = []
        for _ in range(count):
            head = file.read(size)
            if len(head) < size:
                break # the log itself was cut
            at, segments, flags, _ = struct.unpack_from("<QQQQ", head)
            if flags & MARK:
                continue
            if segments > LARGEST:
                raise ValueError(f"entry {len(entries) + 1} of the log has "
                                 f"{segments} segments")
            data = bytes(segments * size) if flags & DISCARD \
                else file.read(segments * size)
            entries.append(Entry(at * size, data, flags))
        return entries


class Trial:
    """Replays a log.  `form` is the module of the format.

    A root that is written refers to pages as they are then: its *reference* has
    for each of them which write was the last one.  After a crash the disk may
    hold any part of what no flush has followed; so a root that is found must be
    known, not older than the one that a flush has made durable, and each page
    of its reference must be as it was.
    """

    def __init__(self, entries, base, form):
        self.form = form
        self.entries = entries
        self.writes = sum(bool(entry.data) for entry in entries)
        self.flushes = sum(entry.is_flush for entry in entries)
        end = max((entry.at + len(entry.data) for entry in entries), default=0)
        self.pages = max(-(-end // form.PAGE), len(base) // form.PAGE,
                         form.ROOTS)
        self.base = base.ljust(self.pages * form.PAGE, b"\0")
        self.references = {} # generation: {page: number of its last write}
        self.pieces = {} # of a write that has a page in part: what is there

    def read_from(self, image, instead=None):
        """What gives a page of the image, or of what is there instead."""
        page_bytes, instead = self.form.PAGE, instead or {}
        return lambda page: bytes(
            instead[page] if page in instead else
            image[page * page_bytes:(page + 1) * page_bytes])

    def pages_of(self, entry):
        if not entry.data:
            return range(0)
        page_bytes = self.form.PAGE
        return range(entry.at // page_bytes,
                     -(-(entry.at + len(entry.data)) // page_bytes))

    def content(self, number, page):
        """Of a page, after the write of this number (0: before all)."""
        at = page * self.form.PAGE
        if number == 0:
            return self.base[at:at + self.form.PAGE]
        piece = self.pieces.get((number, page))
        if piece is not None:
            return piece
        entry = self.entries[number - 1]
        return entry.data[at - entry.at:at - entry.at + self.form.PAGE]

    # ---- every prefix -------------------------------------------------------

    def note_root(self, image, last):
        """The newest root of the image, whose reference is noted; or why it is
        not sound."""
        root = self.form.newest_root(self.read_from(image))
        if root is None:
            return None, None
        if root.generation in self.references:
            return root.generation, None
        try:
            store = self.form.Store(self.read_from(image), self.pages)
        except self.form.Fault as fault:
            return root.generation, str(fault)
        self.references[root.generation] = {
            page: last.get(page, 0) for page in store.uses
            if page >= self.form.ROOTS}
        return root.generation, None

    def prefixes(self):
        """What is wrong with the disk after each write, if all before it is
        there."""
        image = bytearray(self.base)
        last = {}
        generation, fault = self.note_root(image, last)
        for number, entry in enumerate(self.entries, 1):
            image[entry.at:entry.at + len(entry.data)] = entry.data
            pages = self.pages_of(entry)
            reference = self.references.get(generation, {})
            for page in pages:
                at = page * self.form.PAGE
                if entry.at > at or \
                        entry.at + len(entry.data) < at + self.form.PAGE:
                    self.pieces[number, page] = bytes(
                        image[at:at + self.form.PAGE])
                last[page] = number
                if page in reference:
                    fault = (f"page {page}, which root {generation} leads to, "
                             "is written over")
            if pages and pages[0] < self.form.ROOTS:
                before = generation
                generation, found = self.note_root(image, last)
                if before is not None and generation is None:
                    found = "no root is whole any more"
                if found or generation != before:
                    fault = found
            if pages and fault:
                yield f"after write {number}: {fault}"

    # ---- subsets ------------------------------------------------------------

    def epochs(self):
        """For each flush, and the end: the state that it made durable, the
        newest root there, and the writes until the next one."""
        image = bytearray(self.base)
        last = {}
        pending = []
        for number, entry in enumerate(self.entries, 1):
            if entry.data:
                pending.append((number, entry))
            if entry.is_flush:
                yield image, last, pending
                for done, write in pending:
                    image[write.at:write.at + len(write.data)] = write.data
                    last.update(dict.fromkeys(self.pages_of(write), done))
                pending = []
        yield image, last, pending

    def subsets(self, count, seed):
        """What is wrong with so many disks that a crash could leave: of the
        writes that no flush has followed each, in any order, is there, or not,
        or in part."""
        dice = random.Random(seed)
        writes = max(1, self.writes)
        at = 0
        for image, last, pending in self.epochs():
            share = -(count * at // writes)
            at += len(pending)
            share += count * at // writes
            durable = self.form.newest_root(self.read_from(image))
            for _ in range(share):
                until = dice.randint(1, len(pending))
                fault = self.subset(image, last, durable, pending[:until], dice)
                if fault:
                    yield (f"a crash after write {pending[until - 1][0]}: "
                           f"{fault}")

    def torn(self, entry, dice):
        """Which bytes of a write are there: (from, to) in its data."""
        how = dice.randrange(3)
        if how == 0:
            return
        for at in range(0, len(entry.data), SEGMENT):
            if how == 1 or dice.random() < 0.5:
                part = dice.randrange(SEGMENT) if dice.random() < 0.1 \
                    and how == 2 else SEGMENT
                yield at, at + part

    def left_by_crash(self, image, pending, dice):
        """By their numbers, those pages that may not be as in the image."""
        page_bytes = self.form.PAGE
        found = {}
        for _, entry in dice.sample(pending, len(pending)):
            for first, end in self.torn(entry, dice):
                at = entry.at + first
                page = at // page_bytes
                if page not in found:
                    found[page] = bytearray(image[page * page_bytes:
                                                  (page + 1) * page_bytes])
                at %= page_bytes
                found[page][at:at + end - first] = entry.data[first:end]
        return found

    def subset(self, image, last, durable, pending, dice):
        found = self.left_by_crash(image, pending, dice)
        read_page = self.read_from(image, found)
        root = self.form.newest_root(read_page)
        if root is None:
            return durable and "no root is whole any more"
        if durable and root.generation < durable.generation:
            return (f"root {root.generation} is found, though a flush has made "
                    f"{durable.generation} durable")
        reference = self.references.get(root.generation)
        if reference is None:
            return f"root {root.generation} is found, which was never written"
        for page, number in reference.items():
            if page not in found and last.get(page, 0) == number:
                continue
            if read_page(page) != self.content(number, page):
                return (f"root {root.generation} is found, and page {page} is "
                        "not as that root had it")
        return None

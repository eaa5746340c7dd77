"""The nucleus's tables, as the debugger reads them.

Structures are read by symbol and field, and through physical addresses: so
they can be read even while the machine stands in a program.
"""
import os
import re
import struct

import gdb

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
ROOT = 1
PAGE = 4096
ENTRIES = 512
ENTRY_VALID, ENTRY_LEAF = 1, 2 | 4 | 8


def defined(name):
    """A number that kerne.h defines."""
    path = os.path.join(HERE, "nucleus", "abi", "kerne.h")
    with open(path, encoding="utf-8") as file:
        found = re.search(
            rf"#define {name} (?:UINT64_C\()?(0x[0-9a-f]+|\d+)", file.read())
    return int(found[1], 0)


def enumeration(name, prefix):
    """Number -> word, from the debugging information: KERNE_BREAK_PAGE_FAULT is
    "page fault", without its prefix."""
    return {field.enumval: field.name[len(prefix):].lower().replace("_", " ")
            for field in gdb.lookup_type(f"enum {name}").fields()}


class Physical:
    """While it lasts, QEMU takes addresses as physical ones."""

    def __enter__(self):
        self.switch(1)

    def __exit__(self, *_):
        self.switch(0)

    @staticmethod
    def switch(mode):
        gdb.execute(f"maintenance packet Qqemu.PhyMemMode:{mode}",
                    to_string=True)
        gdb.execute("maintenance flush dcache", to_string=True)


class Nucleus:
    """To be used inside `with Physical()`."""

    def __init__(self):
        self.direct = self.address("DIRECT")
        self.record = self.at(self.address("nucleus"), "struct nucleus")
        if int(self.record["process_limit"]) == 0 or self.name(ROOT) == "":
            raise gdb.GdbError("The nucleus has no processes yet: `continue`, "
                               "and interrupt it later.")

    @staticmethod
    def address(symbol):
        return int(gdb.parse_and_eval(f"(unsigned long)&{symbol}"))

    def at(self, address, kind):
        pointer = gdb.lookup_type(kind).pointer()
        return gdb.Value(address - self.direct).cast(pointer).dereference()

    def element(self, table, index, kind):
        size = gdb.lookup_type(kind).sizeof
        return self.at(int(self.record[table]) + index * size, kind)

    def index_in(self, table, pointer, kind):
        """The index of the record that a pointer leads to; 0: none."""
        size = gdb.lookup_type(kind).sizeof
        return (int(pointer) - int(self.record[table])) // size \
            if int(pointer) else 0

    def ring(self, head, kind, member):
        """The addresses of the records of a ring, in order; its head is a
        field that was read from a record."""
        offset = gdb.lookup_type(kind)[member].bitpos // 8
        end = int(head.address) + self.direct
        seen, link = {end}, int(head["next"])
        while link and link not in seen:
            seen.add(link)
            yield link - offset
            link = int(self.at(link, "struct link")["next"])

    # ---- processes ---------------------------------------------------------

    def process(self, index):
        return self.element("processes", index, "struct process")

    def index_of(self, pointer):
        return self.index_in("processes", pointer, "struct process")

    def parent(self, index):
        return self.index_of(self.process(index)["parent"])

    def running(self):
        """The index of the current process; 0: none."""
        hart = self.at(self.address("the_hart"), "struct hart")
        return self.index_of(hart["current"])

    def name(self, index):
        words = self.process(index)["name"]
        text = struct.pack("<QQ", int(words[0]), int(words[1]))
        return text.rstrip(b"\0").decode("ascii", "replace")

    def path(self, index):
        names = []
        while index:
            names.insert(0, self.name(index))
            index = self.parent(index)
        return names

    def children(self, index):
        head = self.process(index)["children"]
        for child in self.ring(head, "struct process", "sibling"):
            yield self.index_of(child)

    def tree(self, index=ROOT, level=0):
        """All processes, parents first: index and level."""
        yield index, level
        for child in self.children(index):
            yield from self.tree(child, level + 1)

    def find(self, wanted):
        """The process that a name, a path or #number means."""
        if re.fullmatch(r"#\d+", wanted):
            found = [index for index, _ in self.tree()
                     if index == int(wanted[1:])]
        else:
            path = wanted.split("/")
            found = [index for index, _ in self.tree()
                     if self.path(index)[-len(path):] == path]
        if not found:
            raise gdb.GdbError(f"No process is called `{wanted}`; "
                               "`kerne tree` lists them.")
        if len(found) > 1:
            raise gdb.GdbError(
                f"Several processes are called `{wanted}`: " + ", ".join(
                    f"#{index} {'/'.join(self.path(index))}"
                    for index in found))
        return found[0]

    def addressed(self, index, address):
        """The child, or name, that an address means to a process."""
        up, number = address >> 16, address & 0xffff
        p = self.process(index)
        if address == defined("KERNE_SELF"):
            return index
        if address == defined("KERNE_PARENT"):
            return self.parent(index)
        if up > int(p["depth"]):
            return None
        above = int(p["display"][int(p["depth"]) - up])
        for child in self.children(above):
            if int(self.process(child)["number"]) == number:
                return child
        return None

    # ---- buffers -----------------------------------------------------------

    def buffer(self, index):
        return self.element("buffers", index, "struct buffer")

    def identified(self, identity):
        """The buffer of this identity; that of buffer 1 shows where to look."""
        shift = int(self.buffer(1)["identity"]).bit_length() - 1
        return self.buffer(identity >> shift)

    def buffers(self, index, head, member="event"):
        """The buffers of a list of a process, in order."""
        first = self.process(index)[head]
        for buffer in self.ring(first, "struct buffer", member):
            yield self.at(buffer, "struct buffer")

    def held(self, index):
        """What a process has received; last, what it works on."""
        yield from self.buffers(index, "held")
        serving = int(self.process(index)["serving"])
        if serving:
            yield self.at(serving, "struct buffer")

    def sent(self, index):
        """The buffers that a process has in use, that of its break too."""
        for buffer in self.buffers(index, "in_use", "claim"):
            if int(buffer["state"]) != 0: # the spare one
                yield buffer
        own = self.at(int(self.process(index)["breaks"]), "struct buffer")
        if int(own["state"]) != 0:
            yield own

    # ---- storage -----------------------------------------------------------

    def node(self, address):
        """Entries and windows of a table node, word by word."""
        size = gdb.lookup_type("struct node").sizeof
        data = bytes(gdb.selected_inferior().read_memory(
            address - self.direct, size))
        words = struct.unpack(f"<{2 * ENTRIES}Q", data)
        return words[:ENTRIES], [word & 0x7fffffff for word in words[ENTRIES:]]

    def node_below(self, entry):
        """The address of the node that an entry leads to; None: none."""
        if not entry & ENTRY_VALID or entry & ENTRY_LEAF:
            return None
        return (entry >> 10) * PAGE + self.direct

    def windows(self, index):
        """(page, page of the parent, rights, whether cached), by page."""
        yield from self.windows_below(
            int(self.process(index)["windows"]), 2, 0)

    def windows_below(self, node, level, base):
        entries, windows = self.node(node)
        for at in range(ENTRIES // 2 if level == 2 else ENTRIES):
            page = base + (at << 9 * level)
            if level:
                below = self.node_below(entries[at])
                if below is not None:
                    yield from self.windows_below(below, level - 1, page)
            elif windows[at]:
                yield (page, windows[at] >> 3, windows[at] & 7,
                       entries[at] != 0)

    def frame(self, index, page):
        """The page frame behind a page of a process; None: none."""
        while index != ROOT:
            p = self.process(index)
            node = int(p["windows"])
            for level in (2, 1):
                entries, _ = self.node(node)
                node = self.node_below(entries[page >> 9 * level & 511])
                if node is None:
                    return None
            _, windows = self.node(node)
            if windows[page & 511] == 0:
                return None
            page = windows[page & 511] >> 3
            index = self.parent(index)
        return page

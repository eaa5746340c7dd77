"""Reads the tree of files that linux keeps in an area of the store.  It shares
no line with parents/linux, so that each finds the other's mistakes."""
import struct
import zlib

PAGE = 4096
AREA = "linux"
ROOT = struct.Struct("<8sQQQ") # magic, version, generation, page of the index
SUM = struct.Struct("<I")
HEAD = struct.Struct("<II") # of a page of the index: the next one, its sum
ENTRY = struct.Struct("<HHIIIIIQQ48x") # kind, bytes of its name, id, mode, ...
MAGIC, VERSION = b"kernetre", 1
NODE, FOLDER, END, LINK = range(1, 5)
FILE_MODE, FOLDER_MODE, LINK_MODE = 0o100000, 0o040000, 0o120000
KIND = 0o170000
SLACK = 4             # pages, see volume.c: needed_by_index()
NUMBERS_OF_A_PAGE = 512


class Fault(Exception):
    """What is wrong with a tree, in words."""


class Tree:
    """What stands in an area, of which `read` gives each of so many pages.

    `names` has for each path its mode, the first path of the same node, and of
    files and links size and sum of what they hold.
    """

    def __init__(self, read, pages):
        self.read = read
        self.pages = pages
        self.names = {}
        self.used = {0} # pages
        self.index_pages = 0
        self.nodes = {} # with several names: the first one's path
        self.stream = b""
        self.next = 0
        first = read(0)[:ROOT.size + SUM.size] if pages else b""
        if any(first):
            magic, version, self.generation, self.next = ROOT.unpack_from(first)
            if magic != MAGIC or version != VERSION or \
                    SUM.unpack_from(first, ROOT.size)[0] != \
                    zlib.crc32(first[:ROOT.size]):
                raise Fault("the area holds no tree")
            self.read_tree()

    def use(self, page):
        if page >= self.pages:
            raise Fault(f"page {page} lies behind the area's end")
        if page in self.used:
            raise Fault(f"page {page} is led to twice")
        self.used.add(page)
        return self.read(page)

    def take(self, count):
        """The next bytes of the index."""
        while len(self.stream) < count:
            if self.next == 0:
                raise Fault("the index ends too early")
            page = self.use(self.next)
            self.next, found = HEAD.unpack_from(page)
            if zlib.crc32(page[:4] + bytes(4) + page[8:]) != found:
                raise Fault("a page of the index has a wrong sum")
            self.stream += page[8:]
            self.index_pages += 1
        taken, self.stream = self.stream[:count], self.stream[count:]
        return taken

    def read_tree(self):
        folders = [""]
        while folders:
            kind, length, number, mode, *_, size, _ = ENTRY.unpack(
                self.take(ENTRY.size))
            if kind == END:
                folders.pop()
                continue
            if not NODE <= kind <= LINK:
                raise Fault("an entry is of no kind")
            path = f"{folders[-1]}/{self.take(length).decode()}"
            if path in self.names:
                raise Fault(f"{path} is there twice")
            self.names[path] = self.node(path, kind, number, mode, size)
            if kind == FOLDER:
                folders.append(path)
        if self.next or any(self.stream):
            raise Fault("something stands behind the end of the tree")

    def node(self, path, kind, number, mode, size):
        if kind == LINK:
            if number not in self.nodes:
                raise Fault(f"{path} is a name of nothing")
            return self.names[self.nodes[number]]
        if number:
            self.nodes[number] = path
        if mode & KIND == LINK_MODE:
            held = zlib.crc32(self.take(size))
        elif mode & KIND == FILE_MODE:
            held = self.content(size)
        else:
            held = size = 0
        return mode, path, size, held

    def content(self, size):
        numbers = struct.iter_unpack("<I", self.take(-(-size // PAGE) * 4))
        found = 0
        for at, (number,) in zip(range(0, size, PAGE), numbers):
            page = self.use(number) if number else bytes(PAGE)
            found = zlib.crc32(page[:size - at], found)
        return found

    def taken(self):
        """Pages that are not free: those that it leads to, and those that the
        next index is to have."""
        files = len(self.used) - 1 - self.index_pages
        return len(self.used) + SLACK + self.index_pages + \
            files // NUMBERS_OF_A_PAGE


def of_store(store):
    """The tree in a store of tools/store.py, or an empty one."""
    for area in store.areas:
        if area.name == AREA:
            return Tree(lambda page: store.read(area.slots[page])
                        if area.slots[page] else bytes(PAGE), area.pages)
    return Tree(None, 0)

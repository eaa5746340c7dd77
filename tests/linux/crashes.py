#!/usr/bin/python3
"""/store after a crash at any moment: the tree is as one of the program's calls
left it, and none that was answered as durable is missing.

A program does at random what programs do to files.  QEMU logs what comes to the
disk; from the log come disks that a crash could leave, with each flush and with
a part of what no flush has followed.  A model knows what the tree there may be;
volume.py reads what it is.  Some of those disks are booted.

The store makes each of its commits whole, so in which order linux writes is to
be seen only where the store commits in between: another client flushes all the
time.  Without that one nothing flushes but what linux asks for.
"""
import collections
import contextlib
import io
import os
import random
import shutil
import struct
import tempfile
import zlib

import made

import disks  # found by way of made
import store
import tap
import volume
import write_log
from volume import PAGE

SEED = 1
LINES = 700
DISK = 1344 << 10 # bytes: so few that linux must commit to have room
MOST = 90         # pages of the tree
SUBSETS = 3       # of each flush
BOOTED = 3
FILES = 12
FOLDERS = 3
FILE_PAGES = 12
MAP = "/store/map"
MAP_PAGES = 8     # as crash.c has it
# Some 12,000 instructions are a slice, so that turns change within a commit.
SLICES, PACE = "slice=100", "shift=3"
LOG_COUNT = struct.Struct("<16xQ") # in the first segment of a log
SHOWN = 5


# ---- the model --------------------------------------------------------------

class Node:
    def __init__(self, mode, held=b""):
        self.mode = mode
        self.held = bytearray(held)

    def told(self):
        return self.mode, len(self.held), \
            0 if self.mode & volume.KIND == volume.FOLDER_MODE else \
            zlib.crc32(self.held)


def canonical(names):
    """Of path: (mode, what nodes have that are one, size, sum)."""
    paths = collections.defaultdict(list)
    for path, (_, node, *_) in names.items():
        paths[node].append(path)
    return frozenset((path, mode, min(paths[node]), *rest)
                     for path, (mode, node, *rest) in names.items())


class Script:
    """Lines for crash.c, and the tree after each step of each line."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.names = {}
        self.lines = []
        self.states = [canonical({})]
        self.last = [0] # by line: its last state
        self.add("w", MAP, 0, MAP_PAGES)
        while len(self.lines) < LINES:
            self.add_any()
        self.add("S")

    def add(self, *words):
        self.lines.append(" ".join(map(str, words)))
        getattr(self, "do_" + words[0], lambda *words: None)(*words[1:])
        self.last.append(len(self.states) - 1)

    def note(self):
        self.states.append(canonical({
            path[len("/store"):]: (told[0], id(node), *told[1:])
            for path, node in self.names.items() for told in (node.told(),)}))

    # ---- what each word does ----

    def file(self, path):
        if path not in self.names:
            self.names[path] = Node(volume.FILE_MODE | 0o600)
            self.note()
        return self.names[path].held

    do_f = do_F = do_y = file

    def put(self, path, at, data):
        held = self.file(path)
        held.extend(bytes(max(0, at - len(held))))
        held[at:at + len(data)] = data
        self.note()

    def do_w(self, path, first, count):
        self.file(path)
        for page in range(first, first + count):
            self.put(path, page * PAGE,
                     struct.pack("<II", len(self.lines), page) * (PAGE // 8))

    do_o = do_w

    def do_b(self, path, at, count):
        self.put(path, at, bytes([len(self.lines) & 0xff]) * count)

    def do_t(self, path, size):
        held = self.file(path)
        del held[size:]
        held.extend(bytes(size - len(held)))
        self.note()

    def do_m(self, path, page):
        self.put(path, page * PAGE, struct.pack("<Q", len(self.lines)))

    def do_d(self, path):
        self.names[path] = Node(volume.FOLDER_MODE | 0o700)
        self.note()

    def do_u(self, path):
        del self.names[path]
        self.note()

    do_D = do_u

    def do_r(self, old, new):
        for path in list(self.names):
            if path == old or path.startswith(old + "/"):
                self.names[new + path[len(old):]] = self.names.pop(path)
        self.note()

    def do_l(self, old, new):
        self.names[new] = self.names[old]
        self.note()

    def do_s(self, target, path):
        self.names[path] = Node(volume.LINK_MODE | 0o777, target.encode())
        self.note()

    # ---- any line that can be done ----

    def of_kind(self, kind):
        return sorted(path for path, node in self.names.items()
                      if node.mode & volume.KIND == kind and path != MAP)

    def free_path(self, what="f"):
        folders = ["/store", *self.of_kind(volume.FOLDER_MODE)]
        path = f"{self.dice.choice(folders)}/{what}{len(self.lines)}"
        return path

    def room(self):
        nodes = {id(node): node for node in self.names.values()}
        return MOST - sum(-(-len(node.held) // PAGE) for node in nodes.values())

    def add_any(self):
        dice, files = self.dice, self.of_kind(volume.FILE_MODE)
        if len(files) < FILES and dice.random() < 0.4 or not files:
            path = self.free_path()
        else:
            path = dice.choice(files)
        is_there = path in self.names
        what = dice.choice("wwwwwwbbbbttmmmurrrllsdDDffFSyoM")
        if self.room() < FILE_PAGES:
            what = "u"
        folders = self.of_kind(volume.FOLDER_MODE)
        empty = [folder for folder in folders
                 if not any(name.startswith(folder + "/")
                            for name in self.names)]
        if what in "wo":
            first = dice.randrange(FILE_PAGES)
            self.add(what, path, first, dice.randint(1, FILE_PAGES - first))
        elif what == "b":
            at = dice.randrange(FILE_PAGES * PAGE)
            self.add(what, path, at, dice.randint(1, PAGE - at % PAGE))
        elif what == "t":
            self.add(what, path, dice.randrange(FILE_PAGES * PAGE))
        elif what == "m":
            self.add(what, MAP, dice.randrange(MAP_PAGES))
        elif what in "fFy":
            self.add(what, path)
        elif what == "S" or what == "M" and any(
                line.startswith("m") for line in self.lines):
            self.add(what)
        elif what == "d" and len(folders) < FOLDERS:
            self.add(what, self.free_path("d"))
        elif what == "D" and empty:
            self.add(what, dice.choice(empty))
        elif what == "s" and dice.random() < 0.3:
            self.add(what, path, self.free_path("s"))
        elif what in "url" and is_there:
            self.add_named(what, path, files, folders)

    def add_named(self, what, path, files, folders):
        """Removes, renames, links."""
        dice = self.dice
        if what == "u":
            self.add(what, dice.choice([
                path, *self.of_kind(volume.LINK_MODE)]))
        elif what == "l" and len(files) < FILES:
            self.add(what, path, self.free_path())
        elif what == "r" and folders and dice.random() < 0.3:
            self.add(what, dice.choice(folders), "/store/" + self.free_path(
                "d").rpartition("/")[2])
        elif what == "r":
            new = dice.choice([self.free_path(), *files])
            if self.names.get(new) is not self.names[path]:
                self.add(what, path, new)


# ---- the run ----------------------------------------------------------------

def make_image(folder, script):
    tree = made.Tree()
    tree.add("t/crash", made.compiled(folder, "crash"))
    tree.add("t/script", "".join(line + "\n" for line in script.lines).encode())
    return made.make_image(folder, tree.bytes(), (
        "parents/store", "children/disk", "tests/keepsake"))


class Run:
    """The script done on a disk whose writes are logged.

    `durable` has, in the order in which they were said, numbers of lines and
    how much was in the log then.
    """

    def __init__(self, folder, path, flusher):
        base = os.path.join(folder, "base")
        self.disk = os.path.join(folder, "disk")
        self.log = os.path.join(folder, "log")
        for name in filter(os.path.exists, (base, self.log)):
            os.remove(name)
        with contextlib.redirect_stdout(io.StringIO()):
            store.make(base, DISK, 64)
        shutil.copy(base, self.disk)
        with open(self.log, "wb"), open(base, "rb") as file:
            self.base = file.read()
        self.durable = []
        with made.Runs(path, append=SLICES, icount=PACE,
                       more=disks.logged_words(
                           self.disk, self.log, ",cache.no-flush=on")) as runs:
            self.lines = runs.operator.lines
            runs.operator.typist.show = self.show
            if flusher:
                runs.operator.says('new flusher size 2M buf 8 '
                                   'prog "keepsake flush" run')
            self.said = runs.run("/t/crash do")

    def show(self, line):
        self.lines.append(line)
        if line.isdigit():
            with open(self.log, "rb") as file:
                head = file.read(LOG_COUNT.size)
            count, = LOG_COUNT.unpack(head.ljust(LOG_COUNT.size, b"\0"))
            self.durable.append((int(line), count))


class Crashes:
    """The disks that crashes could leave of a run, and what is wrong there."""

    def __init__(self, script, run):
        self.script = script
        self.run = run
        written = os.path.getsize(run.log) > 0
        self.trial = write_log.Trial(write_log.read(run.log) if written else [],
                                     run.base, store)
        self.states = {state: number
                       for number, state in enumerate(script.states)}
        self.dice = random.Random(SEED)
        self.count = 0
        self.faults = []
        self.found = set()  # numbers of states
        self.samples = []   # disks, and the trees there

    def tree(self, read_page):
        return volume.of_store(store.Store(read_page, self.trial.pages))

    def look(self, when, number, read_page):
        """At the disk of a crash after this entry of the log."""
        self.count += 1
        line = max((line for line, count in self.run.durable
                    if count <= number), default=0)
        try:
            tree = self.tree(read_page)
        except (volume.Fault, store.Fault) as fault:
            self.faults.append(f"{when}: {fault}")
            return None
        state = self.states.get(canonical(tree.names))
        if state is None:
            self.faults.append(f"{when}: a tree that never was")
        elif state < self.script.last[line]:
            self.faults.append(f"{when}: line {line} was durable, and is not "
                               "there")
        self.found.add(state)
        return tree

    def look_at_all(self):
        number = 0
        epochs = range(self.trial.flushes + 1)
        sampled = self.dice.sample(epochs, min(BOOTED, len(epochs)))
        for flush, (image_bytes, _, pending) in enumerate(self.trial.epochs()):
            number = max([number, *(entry for entry, _ in pending[:1])])
            tree = self.look(f"flush {flush}", number - 1,
                             self.trial.read_from(image_bytes))
            if tree and flush in sampled:
                self.samples.append((bytes(image_bytes), tree))
            for _ in range(SUBSETS if pending else 0):
                until = self.dice.randint(1, len(pending))
                last = pending[until - 1][0]
                self.look(f"write {last}", last, self.trial.read_from(
                    image_bytes, self.trial.left_by_crash(
                        image_bytes, pending[:until], self.dice)))
        return self


def told(tree):
    """As `crash tell` says it."""
    state = canonical(tree.names)
    paths = collections.Counter(first for _, _, first, *_ in state)
    for path, mode, first, size, held in state:
        links = 0 if mode & volume.KIND == volume.FOLDER_MODE else paths[first]
        yield f"= /store{path} {mode} {links} {size} {held}"


def boot(folder, path, disk, tree):
    """What a machine finds on the disk, as far as it is another tree."""
    name = os.path.join(folder, "left")
    with open(name, "wb") as file:
        file.write(disk)
    with made.Runs(path, more=disks.words(name)) as runs:
        said = runs.run("/t/crash tell")
    wanted = {*told(tree), f"room {tree.taken()}"}
    return wanted ^ {line for line in said if line[:2] == "= " or
                     line.startswith("room ")}


def tell(writer, name, crashes):
    script, run = crashes.script, crashes.run
    writer.point(not any(line.startswith("wrong") for line in run.said) and
                 "linux finished, status 0" in run.said and
                 run.durable[-1][0] == len(script.lines), f"{name}.is_done",
                 run.said[-SHOWN:])
    writer.point(not crashes.faults and crashes.count > 100,
                 f"{name}.crashes_leave_what_was", [
                     f"{len(crashes.faults)} of {crashes.count}",
                     *crashes.faults[:SHOWN]])
    tree = crashes.tree(crashes.trial.read_from(run_disk(run)))
    writer.point(f"room {tree.taken()}" in run.said, f"{name}.no_page_is_lost",
                 [f"room {tree.taken()}", *run.said[-SHOWN:]])


def run_disk(run):
    with open(run.disk, "rb") as file:
        return file.read()


def main():
    writer = tap.Writer()
    script = Script(SEED)
    with tempfile.TemporaryDirectory(prefix="kerne-") as folder:
        path = make_image(folder, script)
        alone = Crashes(script, Run(folder, path, False)).look_at_all()
        tell(writer, "alone", alone)
        beside = Crashes(script, Run(folder, path, True)).look_at_all()
        tell(writer, "beside_flushes", beside)
        writer.point(len(beside.found) > 100, "beside_flushes.many_states",
                     [f"{len(beside.found)} states, {beside.count} disks"])
        for number, (disk, tree) in enumerate(beside.samples):
            wrong = boot(folder, path, disk, tree)
            writer.point(not wrong, f"booted.{number}", sorted(wrong)[:SHOWN])
    writer.end()


if __name__ == "__main__":
    main()

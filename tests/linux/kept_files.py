"""For databases.py, and runs in Kerne: what Python does to files of /store.

    python3 kept_files.py make      does it, and says `made` when all is to stay
    python3 kept_files.py look      says what is not as it was left, and `seen`
"""
import hashlib
import mmap
import os
import stat
import sys

FOLDER = "/store/python"
SMALL, PAGE, PAGES = 40, 4096, 300


def some(seed, count):
    """Bytes that can be told again."""
    blocks = (hashlib.sha256(f"{seed} {i}".encode()).digest()
              for i in range(-(-count // 32)))
    return b"".join(blocks)[:count]


def path(*names):
    return os.path.join(FOLDER, *names)


def sync(name):
    """A folder's names, or a file."""
    number = os.open(name, os.O_RDONLY)
    os.fsync(number)
    os.close(number)


def replace(name, data):
    """As editors do: a new file in the place of the old one."""
    with open(name + ".new", "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(name + ".new", name)


def mapped(whole):
    """What is written through a map, over page ends and at both ends."""
    for at in range(0, len(whole), 10 * PAGE):
        whole[at:at + 5] = b"page "
    for at in range(PAGE - 3, len(whole) - PAGE, 37 * PAGE):
        whole[at:at + 6] = b"across"
    whole[-4:] = b"last"


def make():
    os.makedirs(path("small"))
    for i in range(SMALL):
        with open(path("small", f"file {i}"), "wb") as file:
            file.write(some(i, 100 * i))
    for i in range(0, SMALL, 2):
        replace(path("small", f"file {i}"), some(-i, 300 * i))
    os.rename(path("small"), path("renamed"))
    os.unlink(path("renamed", "file 1"))
    os.link(path("renamed", "file 2"), path("linked"))
    os.symlink("renamed/file 3", path("symbolic"))
    with open(path("large"), "wb") as file:
        file.write(some("large", PAGES * PAGE + 100))
        file.truncate(PAGES * PAGE - 1000)
        os.pwrite(file.fileno(), b"behind a gap", 2 * PAGES * PAGE)
        os.fchmod(file.fileno(), 0o640)
    with open(path("mapped"), "w+b") as file:
        file.write(some("mapped", PAGES * PAGE))
        file.flush()
        with mmap.mmap(file.fileno(), 0) as whole:
            mapped(whole)
            whole.flush()
    with open(path("appended"), "ab", buffering=0) as file:
        for i in range(200):
            file.write(some(i, 77))
        os.fdatasync(file.fileno())
    sync(path("large"))
    sync(FOLDER)
    print("made", flush=True)


def wanted():
    """What each file holds."""
    for i in range(SMALL):
        if i != 1:
            yield f"renamed/file {i}", some(i, 100 * i) if i % 2 else \
                some(-i, 300 * i)
    yield "linked", some(-2, 600)
    yield "symbolic", some(3, 300)
    yield "large", some("large", PAGES * PAGE - 1000).ljust(
        2 * PAGES * PAGE, b"\0") + b"behind a gap"
    whole = bytearray(some("mapped", PAGES * PAGE))
    mapped(whole)
    yield "mapped", bytes(whole)
    yield "appended", b"".join(some(i, 77) for i in range(200))


def look():
    held = dict(wanted())
    for name, data in held.items():
        with open(path(name), "rb") as file:
            if file.read() != data:
                print("wrong", name)
    found = {os.path.relpath(os.path.join(folder, name), FOLDER)
             for folder, _, names in os.walk(FOLDER) for name in names}
    state = os.stat(path("large"))
    same = os.path.samefile(path("linked"), path("renamed", "file 2"))
    if found != set(held) or not same or \
            stat.S_IMODE(state.st_mode) != 0o640 or \
            not os.path.islink(path("symbolic")):
        print("wrong names", found ^ set(held), same, oct(state.st_mode))
    print("seen", flush=True)


if __name__ == "__main__":
    {"make": make, "look": look}[sys.argv[1]]()

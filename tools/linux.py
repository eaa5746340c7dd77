#!/usr/bin/python3
"""Debian's programs for ./run --linux: fetched, and made a tree of files.

    tools/linux.py --renew         pin the versions that Debian has now
    tools/linux.py --output FILE PACKAGE...
                                   the tree alone, with these packages in it

tools/linux.pins names what is fetched: package, version, size, SHA256, path at
a mirror of Debian's, and for which of the packages that one may ask for it is
needed.  What is asked for beyond these, and what that needs, is as Debian has
it today.  What has left the mirror is looked for where Debian keeps all that it
ever had.  KERNE_DEBIAN names other mirrors, divided by blanks.
"""
import argparse
import contextlib
import datetime
import fcntl
import hashlib
import os
import re
import sys
import tarfile
import tempfile
import time

import debian
import manners
import root_tree
from manners import give_up, tell

RELEASE, ARCHITECTURE = "trixie", "riscv64"
SNAPSHOT = "http://snapshot.debian.org/archive/debian"
PINS = os.path.join(manners.HERE, "tools", "linux.pins")
BASE = "base" # in the column of reasons: always there
ALWAYS = ["busybox-static", "bash", "ncurses-base"]
PINNED = ["bash-static", "dash", "klibc-utils", "libc-bin", "lua5.4", "mksh",
          "python3", "sqlite3", "zsh-static"]
# What only serves to install packages, or is there in another form; whoever
# asks for one by its name gets it.
TAKEN_AS_THERE = ["base-files", "base-passwd", "debconf", "debianutils",
                  "dpkg", "install-info", "mawk", "media-types", "netbase",
                  "passwd", "perl-base", "tar", "tzdata"]
TAKEN = "+taken" # behind a version of theirs
DAY = 86400 # seconds
KEPT = 8 # trees
MEMBER = "linux.tree" # of a boot image
LEAST = 256 << 20 # bytes of a machine's storage
UNITS = {"K": 10, "M": 20, "G": 30, "T": 40} # as QEMU's option -m has them


def claims(storage):
    """What s gives the personality: of a machine's storage, in bytes, a
    quarter; and window tables, twice what that takes."""
    size = max(storage, LEAST) >> 22 # MiB
    return f"size {size}M buf 40 internal 60 tables {600 + size - 64}"


CLAIMS = claims(LEAST)
# The first line of the root.
START = 'new linux {} image prog "linux date={} /bin/sh" run enter'


class Pins:
    """What tools/linux.pins says."""

    def __init__(self):
        self.packages = {}
        self.reasons = {} # by name: why it is here
        self.snapshot = None
        with open(PINS, encoding="utf-8") as file:
            for line in file:
                words = line.split()
                if line.startswith("snapshot "):
                    self.snapshot = words[1]
                elif words and not line.startswith("#"):
                    self.packages[words[0]] = debian.Package(*words[:5])
                    self.reasons[words[0]] = words[5].split(",")

    def needed(self, names):
        return [package for name, package in self.packages.items()
                if any(reason in (BASE, *names)
                       for reason in self.reasons[name])]

    def offered(self):
        return {reason for reasons in self.reasons.values()
                for reason in reasons} - {BASE}


def folder(*path):
    return os.path.join(manners.cache(), "linux", *path)


@contextlib.contextmanager
def alone():
    """Only one at a time fetches."""
    os.makedirs(folder(), exist_ok=True)
    with open(folder("lock"), "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell(f"Waiting for another that fetches into {folder()} ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def client(snapshot):
    """`snapshot`: the moment at which Debian had what is pinned."""
    mirrors = os.environ.get("KERNE_DEBIAN", "").split() or \
        [debian.MIRROR, f"{SNAPSHOT}/{snapshot}"]
    return debian.Client(folder("apt"), RELEASE, ARCHITECTURE, mirrors)


def size_in_words(size):
    return f"{size / 1e6:.1f} MB"


def is_there(package):
    """Whether its file is in the cache, sound."""
    try:
        with open(folder("packages", package.file()), "rb") as file:
            return hashlib.sha256(file.read()).hexdigest() == package.digest
    except FileNotFoundError:
        return False


def assumed(apt, names):
    """What is taken as there, though it is not, but for these; newer than what
    Debian has, which would come in its place."""
    found = apt.candidates([name for name in TAKEN_AS_THERE
                            if name not in names])
    return {name: package.version + TAKEN for name, package in found.items()}


def resolved(apt, versions, names):
    """These packages and what they need.  What is only taken as there comes,
    too, if one of them wants it in the version that Debian has."""
    while True:
        apt.assume(versions)
        try:
            return apt.resolve(names)
        except debian.Refused as refusal:
            wanted = [name for name, version in
                      debian.UNMET.findall(refusal.said)
                      if versions.get(name) == version and
                      version.endswith(TAKEN)]
            if not wanted:
                raise
            for name in wanted:
                del versions[name]


def chosen(apt, pins, names):
    """All packages of the tree, when these are asked for."""
    for name in names:
        if not debian.NAME.fullmatch(name):
            give_up(f"--linux: `{name}` is no name of a package")
    packages = pins.needed(names)
    more = [name for name in names if name not in pins.offered() and
            name not in [package.name for package in packages]]
    if more:
        tell("Asking Debian for " + ", ".join(more) + " ...")
        apt.update(DAY)
        versions = assumed(apt, names)
        versions.update((package.name, package.version)
                        for package in packages)
        try:
            found = resolved(apt, versions, more)
        except debian.Refused as refusal:
            give_up(f"--linux: Debian {RELEASE} cannot give that: {refusal}")
        instead = {package.name for package in found}
        packages = [package for package in packages
                    if package.name not in instead] + found
    return packages


def fetch(apt, packages):
    """Those that are not there; says what, and how big."""
    missing = [package for package in packages if not is_there(package)]
    if missing:
        size = size_in_words(sum(package.size for package in missing))
        tell(f"Fetching {len(missing)} packages of Debian {RELEASE} for "
             f"{ARCHITECTURE}, {size}, from {apt.mirrors[0]} into "
             f"{folder('packages')}:")
        tell("  " + " ".join(package.name for package in missing))
        apt.fetch(missing, folder("packages"))


def digest_of(packages, more):
    """Of all that a tree is made from: the maker, too."""
    mark = hashlib.sha256()
    with open(root_tree.__file__, "rb") as file:
        mark.update(file.read())
    for package in packages:
        mark.update(package.digest.encode())
    for path, (mode, data) in sorted(more.items()):
        mark.update(f"{path} {mode} {len(data)} ".encode() + data)
    return mark.hexdigest()[:16]


def make_tree(packages, more, path):
    os.makedirs(folder("trees"), exist_ok=True)
    tree_ = root_tree.Tree()
    for package in packages:
        tree_.add_package(folder("packages", package.file()))
    for name, (mode, data) in more.items():
        tree_.put(name, tarfile.REGTYPE, mode, data)
    tree_.add_usual()
    with tempfile.NamedTemporaryFile(dir=folder("trees")) as file:
        tree_.write(file)
        file.flush()
        os.link(file.name, path)


def forget():
    """All trees but those that were used last."""
    paths = [folder("trees", name) for name in os.listdir(folder("trees"))]
    for path in sorted(paths, key=os.path.getmtime)[:-KEPT]:
        os.unlink(path)


def make(names, more):
    """The archive of all files of these packages, and of `more`, by path their
    modes and bytes: its path."""
    with alone():
        pins = Pins()
        apt = client(pins.snapshot)
        packages = chosen(apt, pins, names)
        path = folder("trees", digest_of(packages, more) + ".tar")
        if not os.path.exists(path):
            fetch(apt, packages)
            make_tree(packages, more, path)
            forget()
        os.utime(path)
        return path


def tree(names):
    """The same, for a person; gives up in a sentence."""
    try:
        return make(names, {})
    except debian.Refused as refusal:
        give_up(f"--linux: {refusal}. So there are no Linux programs now; the "
                "rest of Kerne works without. Versions that Debian has no more "
                "are replaced by `tools/linux.py --renew`")


def started(arguments, memory):
    """Boot arguments with the shell as the root's line, if they have none; on a
    machine with so much storage, as -m says it."""
    words = arguments.split()
    size = re.fullmatch("([0-9]+)([KMGT]?)B?", memory.upper())
    storage = int(size[1]) << UNITS[size[2] or "M"] if size else LEAST
    return arguments if any("=" not in word for word in words) else \
        " ".join([*words, START.format(
            claims(storage), int(time.time()))])


def storage_for(size):
    """What a machine with an image of so many bytes is to have."""
    storage = LEAST
    while storage < 4 * size:
        storage *= 2
    return f"{storage >> 20}M"


def add_tree(image, path):
    """A copy of a boot image with the tree as its last member, a file that is
    removed at the end; and the storage of a machine for it."""
    made = tempfile.NamedTemporaryFile(prefix="kerne-", suffix=".tar")
    with tarfile.open(image) as archive:
        last = archive.getmembers()[-1]
        end = last.offset_data + -(-last.size // 512) * 512
    with open(image, "rb") as file:
        made.write(file.read(end))
    with open(path, "rb") as file:
        data = file.read()
    info = tarfile.TarInfo(MEMBER)
    info.size = len(data)
    writer = root_tree.Writer(made)
    writer.member(info, data)
    writer.end()
    made.flush()
    return made, storage_for(writer.at)


def renew():
    """Writes tools/linux.pins anew."""
    with alone():
        apt = client(None)
        apt.update()
        apt.assume(assumed(apt, ALWAYS + PINNED))
        base = apt.resolve(ALWAYS)
        packages = {package.name: package for package in base}
        reasons = {name: [BASE] for name in packages}
        for name in PINNED:
            for package in apt.resolve([name]):
                packages.setdefault(package.name, package)
                why = reasons.setdefault(package.name, [])
                if why != [BASE]:
                    why.append(name)
    today = datetime.datetime.now(datetime.timezone.utc)
    with open(PINS, "w", encoding="utf-8") as file:
        file.write(f"# Of Debian {RELEASE}, for {ARCHITECTURE}; written by "
                   "tools/linux.py --renew\n"
                   "# package, version, bytes, SHA256, path, for what\n"
                   f"snapshot {today:%Y%m%dT%H%M%SZ}\n")
        for package in packages.values():
            file.write(f"{package.name} {package.version} {package.size} "
                       f"{package.digest} {package.path} "
                       f"{','.join(reasons[package.name])}\n")
    tell(f"{manners.shown(PINS)} names {len(packages)} packages, "
         f"{size_in_words(sum(p.size for p in packages.values()))}")


def main():
    parser = argparse.ArgumentParser(
        prog="tools/linux.py", description="Debian's programs, as a tree.")
    parser.add_argument("--renew", action="store_true",
                        help="pin the versions that Debian has now")
    parser.add_argument("--output", metavar="FILE", help="the tree, a tar")
    parser.add_argument("packages", nargs="*", metavar="PACKAGE")
    arguments = parser.parse_args()
    if not (arguments.renew or arguments.output):
        parser.error("nothing to do: --renew, or --output FILE")
    if arguments.renew:
        renew()
    if arguments.output:
        with open(tree(arguments.packages), "rb") as made, \
                open(arguments.output, "wb") as file:
            file.write(made.read())
    return 0


if __name__ == "__main__":
    sys.exit(manners.status_of(main))

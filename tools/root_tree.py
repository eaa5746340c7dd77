"""Makes the tree of files that Linux programs see: one archive of packages.

It is a plain ustar archive, for which `tar -tvf` works.  The bytes of each
file begin at a multiple of a page, counted from the archive's beginning: so
they can be lent where they lie.  What fills the gaps are comments, as POSIX
has them for archives (type x).  Links, modes, owners, times and empty folders
are those of the packages; a hard link stands behind its file.

What the packages' own scripts would do, nobody does: what of it is needed is
here, as files; but which program has a name that several might have, vi, say,
is read in them.
"""
import os
import re
import subprocess
import tarfile

from manners import give_up, tell

BLOCK, PAGE = 512, 4096
# Of no use without a person's tools for them.
LEFT_OUT = re.compile("usr/share/(doc|man|locale|lintian|info|bug)(/|$)")
MERGED = ("bin", "sbin", "lib") # links to what is in usr/
FOLDERS = {"dev": 0o755, "etc": 0o755, "home": 0o755, "mnt": 0o755,
           "proc": 0o555, "root": 0o700, "run": 0o755, "store": 0o755,
           "sys": 0o555, "tmp": 0o1777, "usr": 0o755, "usr/bin": 0o755,
           "usr/lib": 0o755, "usr/sbin": 0o755, "var": 0o755,
           "var/tmp": 0o1777}
FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n"
                  "nobody:x:65534:65534:nobody:/nonexistent:/bin/false\n",
    "etc/group": "root:x:0:\ntty:x:5:\nnogroup:x:65534:\n",
    "etc/hostname": "kerne\n",
    "etc/hosts": "127.0.0.1 localhost kerne\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    "etc/shells": "/bin/sh\n",
    "etc/profile": "export PATH=/usr/local/sbin:/usr/local/bin:"
                   "/usr/sbin:/usr/bin:/sbin:/bin\n",
}
LINKS = {"etc/mtab": "../proc/self/mounts"}
# What takes a name that nothing has, if that is there.
CHOICES = {"usr/bin/mksh-static": "../lib/riscv64-linux-musl/bin/mksh"}
# The same, as the script of a package says it to update-alternatives: the name,
# what takes it, and of several the one with the largest number.
ALTERNATIVE = re.compile(r"--install\s+/([^\s$]+)\s+\S+\s+(/[^\s$]+)\s+(\d+)")


def merged(path):
    """Where a file of a package is, by its name without a slash in front."""
    path = os.path.normpath(path).lstrip("/")
    first = path.split("/")[0]
    return "usr/" + path if first in MERGED else path


class Tree:
    def __init__(self):
        self.members = {} # by path: its TarInfo, and its bytes
        self.choices = [] # number, name, what may take it

    def put(self, path, kind, mode=0o777, data=b"", target=""):
        info = tarfile.TarInfo(path)
        info.type, info.mode, info.linkname = kind, mode, target
        info.size = len(data)
        self.members.setdefault(path, (info, data))

    def add_package(self, package):
        """All files of a package's file; of two of one name, the first."""
        words = ["dpkg-deb", "--fsys-tarfile", package]
        with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
            with tarfile.open(fileobj=process.stdout, mode="r|") as files:
                for info in files:
                    self.add(info, files)
        if process.returncode != 0:
            give_up(f"{package} is no package; remove it, and it is fetched "
                    "anew")
        script = subprocess.run(["dpkg-deb", "--info", package, "postinst"],
                                stdout=subprocess.PIPE, check=False,
                                stderr=subprocess.DEVNULL, text=True,
                                errors="replace").stdout
        self.choices += [(int(number), merged(name), target) for
                         name, target, number in ALTERNATIVE.findall(
                             script.replace("\\\n", " "))]

    def add(self, info, files):
        path = merged(info.name)
        if path == "." or LEFT_OUT.match(path):
            return
        if info.islnk():
            info.linkname = merged(info.linkname)
        info.name = path
        info.pax_headers = {}
        data = files.extractfile(info).read() if info.isreg() else b""
        self.members.setdefault(path, (info, data))

    def add_usual(self):
        """What no package brings."""
        for name in MERGED:
            self.put(name, tarfile.SYMTYPE, target="usr/" + name)
        for path, mode in FOLDERS.items():
            self.put(path, tarfile.DIRTYPE, mode)
        for path, text in FILES.items():
            self.put(path, tarfile.REGTYPE, 0o644, text.encode())
        for path, target in LINKS.items():
            self.put(path, tarfile.SYMTYPE, target=target)
        for _, path, target in sorted(self.choices, reverse=True):
            if self.knows(merged(target)) and not LEFT_OUT.match(path):
                self.put(path, tarfile.SYMTYPE, target=target)
        for path, target in CHOICES.items():
            if self.knows(os.path.join("usr/bin", target)):
                self.put(path, tarfile.SYMTYPE, target=target)
        self.add_applets()
        for path in list(self.members):
            folder = os.path.dirname(path)
            while folder:
                self.put(folder, tarfile.DIRTYPE, 0o755)
                folder = os.path.dirname(folder)

    def knows(self, path):
        return os.path.normpath(path) in self.members

    def add_applets(self):
        """busybox has one name for each thing that it can do, and a table of
        them, in order, which is all that tells them."""
        if not self.knows("usr/bin/busybox"):
            return
        program = self.members["usr/bin/busybox"][1]
        first = program.find(b"[\0[[\0")
        names = program[first:program.find(b"\0\0", first)].split(b"\0")
        if first < 0 or names != sorted(names) or b"sh" not in names:
            tell("This busybox has no table of its names where it is looked "
                 "for: its commands are only there as `busybox NAME`.")
            names = [b"sh"]
        for name in names:
            name = name.decode()
            if not self.knows(f"usr/sbin/{name}"):
                self.put(f"usr/bin/{name}", tarfile.SYMTYPE, target="busybox")

    def ordered(self):
        """Folders before what is in them, hard links behind their files."""
        def sound(info):
            return not info.islnk() or info.linkname in self.members
        members = [self.members[path] for path in sorted(self.members)]
        return [(info, data) for info, data in members if not info.islnk()] + \
            [(info, data) for info, data in members
             if info.islnk() and sound(info)]

    def write(self, file):
        writer = Writer(file)
        for info, data in self.ordered():
            writer.member(info, data)
        writer.end()


class Writer:
    """Of an archive in which the bytes of files begin pages."""

    def __init__(self, file):
        self.file = file
        self.at = file.tell() # 0, or where the archive goes on

    def write(self, data):
        data += bytes(-len(data) % BLOCK)
        self.file.write(data)
        self.at += len(data)

    def align(self):
        """What comes behind the next header is to begin a page."""
        gap = -(self.at + BLOCK) % PAGE
        if gap == BLOCK: # too small for a comment, which has two blocks
            gap += PAGE
        if gap:
            bytes_ = gap - BLOCK
            text = f"{bytes_} comment=".encode()
            text += b" " * (bytes_ - len(text) - 1) + b"\n"
            comment = tarfile.TarInfo("gap")
            comment.type, comment.size = tarfile.XHDTYPE, bytes_
            self.write(comment.tobuf(tarfile.USTAR_FORMAT))
            self.write(text)

    def member(self, info, data):
        if data:
            self.align()
        try:
            header = info.tobuf(tarfile.USTAR_FORMAT)
        except ValueError as error:
            tell(f"{info.name} is left out: {error}.")
            return
        self.write(header)
        self.write(data)

    def end(self):
        self.write(bytes(2 * BLOCK))

"""The machine's disk: a raw file, made when it is missing, and QEMU's words.

QEMU locks the file while it uses it: two machines can read one disk at once,
and only one can write it.
"""
import atexit
import errno
import fcntl
import os
import re
import stat
import struct
import tempfile

import manners
from manners import give_up, shown, tell

SEGMENT = 512
USUAL_SIZE = "64M"
READ_ONLY = ",readonly"
SCRATCH = "scratch"
UNITS = {"": 1, "k": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}

# The bytes of a file that QEMU has locked while it writes it, or while nobody
# else may: block/file-posix.c, RAW_LOCK_PERM_BASE and RAW_LOCK_SHARED_BASE.
LOCKED_BY_WRITER = 101
LOCKED_AGAINST_WRITERS = 201
LOCK = struct.Struct("hhqqi4x") # struct flock


def words(path, read_only=False, device=""):
    """QEMU's words for a disk in virtio's modern form; `device`: more of the
    device's properties."""
    name = path.replace(",", ",,")
    return ["-global", "virtio-mmio.force-legacy=false",
            "-blockdev", "driver=file,node-name=disk-file,filename=" + name +
            (",read-only=on" if read_only else ""),
            "-blockdev", "driver=raw,node-name=disk,file=disk-file" +
            (",read-only=on" if read_only else ""),
            "-device", "virtio-blk-device,drive=disk" +
            ("," + device if device else "")]


def logged_words(path, log, file=""):
    """The same, and each write and flush goes to the log, too, which is a file
    that is there: tools/write_log.py reads it.  `file`: more of the
    properties of both files."""
    return ["-global", "virtio-mmio.force-legacy=false",
            "-blockdev", f"driver=file,node-name=log-file,filename={log}{file}",
            "-blockdev", f"driver=file,node-name=under,filename={path}{file}",
            "-blockdev", "driver=blklogwrites,node-name=logged,file=under,"
            "log=log-file,log-super-update-interval=1",
            "-blockdev", "driver=raw,node-name=disk,file=logged",
            # Each write by itself, also of those that the device is told of at
            # once.
            "-device", "virtio-blk-device,drive=disk,request-merging=off"]


def size_of(text):
    """Bytes; None: it is no size of a disk."""
    found = re.fullmatch("([0-9]{1,15})([kMGT]?)", text)
    size = int(found[1]) * UNITS[found[2]] if found else 0
    return size if 0 < size < 1 << 62 and size % SEGMENT == 0 else None


def usual_path():
    """Of the disk that a person has who has not asked for any: it is kept among
    his data, for a build folder may be made anew.  None: he wants none."""
    named = os.environ.get("KERNE_DISK")
    if named:
        return None if named == "none" else named
    folder = os.environ.get("XDG_DATA_HOME", "")
    if not os.path.isabs(folder):
        folder = os.path.expanduser("~/.local/share")
    return os.path.join(folder, "kerne", "disk.img")


def is_used(path, read_only):
    """Whether another machine has the disk in a way that this one cannot have
    it, too."""
    places = [LOCKED_BY_WRITER] + [LOCKED_AGAINST_WRITERS] * (not read_only)
    with open(path, "rb") as file:
        for place in places:
            lock = LOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, place, 1, 0)
            try:
                lock = fcntl.fcntl(file, fcntl.F_OFD_GETLK, lock)
            except OSError: # there are no locks: QEMU cannot tell either
                return False
            if LOCK.unpack(lock)[0] != fcntl.F_UNLCK:
                return True
    return False


def make(path, size):
    """A new one: it takes room on the host as it is written."""
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    with open(path, "xb") as file:
        try:
            file.truncate(size)
        except OSError:
            os.unlink(path)
            raise
    words = f"{size >> 20} MiB" if size % (1 << 20) == 0 else f"{size} bytes"
    tell(f"The disk {shown(path)} is new; it has {words}, and is blank: s "
         "makes a store there.")


def wanted_size(size):
    wanted = size_of(size or USUAL_SIZE)
    if wanted is None:
        give_up(f"--disk-size: `{size}` is no size of a disk: a number of "
                "bytes, with k, M, G or T behind it, in whole segments of "
                f"{SEGMENT}")
    return wanted


def scratch(size):
    """A disk that is gone when this script has ended."""
    wanted = wanted_size(size)
    try:
        file = tempfile.NamedTemporaryFile(prefix="kerne-", suffix=".img")
        file.truncate(wanted)
    except OSError as error:
        give_up(f"no disk of {wanted} bytes can be made in "
                f"{tempfile.gettempdir()}: {error.strerror}; TMPDIR names "
                "another folder")
    atexit.register(file.close)
    return file.name


def why_not(path, read_only, size):
    """Makes the file, if it is missing; what is wrong with it, as a clause, or
    None."""
    wanted = wanted_size(size)
    name, comma, word = path.rpartition(",")
    try:
        if comma and "/" not in word and not read_only and \
                not os.path.exists(path):
            return f"`,{word}` is no word behind a disk's name; " \
                f"`--disk {shown(name)}{READ_ONLY}` reads it only"
        if not os.path.exists(path) and not read_only:
            make(path, wanted)
        kind = os.stat(path).st_mode
        if not (stat.S_ISREG(kind) or stat.S_ISBLK(kind)):
            return "it is neither a file nor a disk of this computer"
        with open(path, "rb" if read_only else "r+b") as file:
            found = file.seek(0, os.SEEK_END)
    except OSError as error:
        readable = error.errno in (errno.EACCES, errno.EROFS) and \
            os.access(path, os.R_OK)
        return error.strerror + (
            f"; `--disk {shown(path)}{READ_ONLY}` reads it only"
            if readable else "")
    if found == 0 or found % SEGMENT != 0:
        return f"it is none: it has {found} bytes, which is no number of " \
            f"whole segments of {SEGMENT}"
    if size and found != wanted:
        return f"it is there already, and has {found} bytes; --disk-size is " \
            "for a new one"
    if is_used(path, read_only):
        return "it is in use by another machine; end that, or name another disk"
    return None


def chosen_words(disk, no_disk, size, has_usual):
    """QEMU's words for what was chosen: FILE or FILE,readonly; nothing, and
    then, if `has_usual`, the usual one, if that can be had."""
    if no_disk and (disk or size):
        give_up("--no-disk goes with no other word about a disk")
    path = None if no_disk else disk or (usual_path() if has_usual else None)
    if size and not path:
        give_up("--disk-size: there is no disk; --disk FILE makes one")
    if path is None:
        return []
    if path == SCRATCH:
        return words(scratch(size))
    read_only = path.endswith(READ_ONLY)
    path = path.removesuffix(READ_ONLY)
    reason = why_not(path, read_only, size)
    if reason is None:
        return words(path, read_only)
    if disk:
        give_up(f"the disk {shown(path)}: {reason}")
    tell(f"There is no disk. {path}: {reason}")
    return []

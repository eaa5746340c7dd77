"""The build folder: where it is, and what is made in it.

It is build/ in the checkout.  Who cannot write there, or finds there what
somebody else has built, gets a folder in his own cache.  A folder remembers
its checkout, its place and the cross tools; if one of them differs, since it
was copied or renamed, it is made anew.
"""
import contextlib
import errno
import fcntl
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time

import cross
import manners
from manners import HERE, tell

LOCK = ".lock"
CROSS = "cross.ini" # for Meson, beside that of arch/riscv
TOOLS = f"[constants]\nprefix = '{cross.PREFIX}'\n"
# What was tried is in the README.
TRIED = "Debian 12, 13 and testing, Ubuntu 24.04"
TRIED_AS = ("debian 12", "debian 13", "debian ", "ubuntu 24.04")
FAULT = re.compile(r"FAILED|.*ERROR")
OF_NINJA = re.compile(r"\[[0-9]+/|ninja: ")


def folder():
    named = os.environ.get("KERNE_BUILD")
    if named:
        return os.path.realpath(named)
    near = os.path.join(HERE, "build")
    try:
        mine = os.stat(near).st_uid == os.geteuid() and \
            os.access(near, os.W_OK | os.X_OK)
    except FileNotFoundError:
        mine = os.access(HERE, os.W_OK | os.X_OK)
    if mine:
        return os.path.realpath(near)
    mark = hashlib.sha256(os.fsencode(HERE)).hexdigest()[:8]
    return os.path.join(manners.cache(), f"{os.path.basename(HERE)}-{mark}")


def introspected(build, name):
    """What Meson says of the folder; None: it is not configured."""
    path = os.path.join(build, "meson-info", name)
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None


def option(build, name):
    return next(entry["value"] for entry in
                introspected(build, "intro-buildoptions.json")
                if entry["name"] == name)


def cannot_be_used(build, error):
    manners.give_up(f"the build folder {build} cannot be used: "
                    f"{error.strerror}; KERNE_BUILD names another")


@contextlib.contextmanager
def alone(build):
    """Only one at a time uses a build folder."""
    odd = re.search(r"[$\\\n]", HERE + build)
    if odd:
        manners.give_up(f"Meson takes no `{odd[0]}` in the names of folders; "
                        f"rename one of {HERE}, or name another build folder "
                        "by KERNE_BUILD")
    try:
        os.makedirs(build, exist_ok=True)
        lock = os.open(os.path.join(build, LOCK),
                       os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        cannot_be_used(build, error)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell(f"Waiting for another build in {manners.shown(build)} ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        cannot_be_used(build, error)
    finally:
        os.close(lock)


def empty(build):
    for name in os.listdir(build):
        path = os.path.join(build, name)
        if name == LOCK:
            continue
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.unlink(path)


def prepare(build):
    """Whether it is configured for this checkout; what was for another one is
    thrown away."""
    known = introspected(build, "meson-info.json")
    if not known or not os.path.exists(os.path.join(build, "build.ninja")):
        return False
    if introspected(build, "intro-projectinfo.json")["descriptive_name"] \
            != "kerne":
        manners.give_up(f"{build} is the build folder of something else; "
                        "KERNE_BUILD names another")
    where = known["directories"]
    if (where["source"], where["build"]) != (HERE, build):
        other = where["source"]
    elif cross_tools(build) != TOOLS:
        other = "other cross tools"
    else:
        return True
    tell(f"The build folder was made for {other}; it is made anew.")
    empty(build)
    return False


def cross_tools(build):
    try:
        with open(os.path.join(build, CROSS), encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError: # configured by hand
        return TOOLS


def warn_of_system():
    try:
        system = platform.freedesktop_os_release()
    except OSError:
        system = {}
    name = f"{system.get('ID', '')} {system.get('VERSION_ID', '')}"
    if name not in TRIED_AS:
        tell(f"Kerne was tried on {TRIED}; this is another system: "
             f"{name.strip() or 'unknown'}.")


def quietly(words, log, lock):
    """Runs a command; what went wrong is shown when it fails.

    It holds the lock, too, should it outlive us.
    """
    with open(log, "wb") as file:
        status = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=file,
                                stderr=subprocess.STDOUT, pass_fds=[lock],
                                check=False).returncode
    with open(log, encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()
    if status == 0:
        for line in lines:
            if "warning:" in line:
                tell(line)
        return True
    faults = [number for number, line in enumerate(lines)
              if FAULT.match(line)]
    if faults:
        lines = [line for line in lines[faults[0]:]
                 if not OF_NINJA.match(line)]
    for line in lines:
        tell(line)
    tell(f"{manners.name()}: failed: {' '.join(words)}")
    return False


def make(build, targets=(), settings=()):
    """Makes the targets, or everything; whether all went well.

    `settings`: of Meson, `-Doption=value`.
    """
    began = time.monotonic()
    log = os.path.join(build, "build.log")
    with alone(build) as lock:
        if not prepare(build):
            tell(f"Configuring and building in {manners.shown(build)}; "
                 "the first time takes a minute ...")
            warn_of_system()
            with open(os.path.join(build, CROSS), "w",
                      encoding="utf-8") as file:
                file.write(TOOLS)
            setup = ["meson", "setup", build, HERE]
            for path in (HERE, "arch/riscv", CROSS), (build, CROSS):
                setup += ["--cross-file", os.path.join(*path)]
            setup += settings
        else:
            setup = ["meson", "configure", build, *settings] if settings \
                else []
        if setup and not quietly(setup, log, lock):
            raise SystemExit(1)
        good = quietly(["ninja", "-k", "0", "-C", build, *targets], log, lock)
    seconds = time.monotonic() - began
    if seconds >= 5:
        tell(f"Built in {seconds:.0f} s.")
    return good


if __name__ == "__main__":
    manners.run(lambda: int(not make(folder(), sys.argv[1:])))

"""Where QEMU is: the one that is installed, and a newer one.

A newer one comes from a later release of Debian, with its libraries and its
firmware, by apt and from where this computer has its own packages.  It is
unpacked into a folder for such things, once, and nothing is installed.
"""
import fcntl
import os
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(HERE, "tools"))

import debian  # noqa: E402 (found by the path above)
import manners # noqa: E402
from debian import Refused as Missing, run  # noqa: E402

CACHE = manners.cache()
PACKAGES = ("qemu-system-riscv", "opensbi")
OPENSBI = "usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin"


class Qemu:
    def __init__(self, words, firmware):
        self.words = words # of its command, the first ones
        self.firmware = firmware
        said = run(words + ["--version"])
        self.version = said.split("version ")[1].split()[0]


def installed():
    return Qemu(["qemu-system-riscv64"],
                "/usr/share/qemu/opensbi-riscv64-generic-fw_dynamic.bin")


def mirror():
    """Where this computer has the packages of its own release from."""
    targets = [line.split() for line in run([
        "apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)",
        "Identifier: Packages", "Component: main"]).splitlines()]
    own = [uri for uri, release in targets if "-" not in release]
    if not own:
        raise Missing("this computer's own packages are not Debian's")
    return own[0]


def fetch(release, folder):
    """Unpacks the packages, and all that they depend on, into `folder`."""
    with tempfile.TemporaryDirectory(dir=CACHE) as work:
        own = run(["dpkg", "--print-architecture"]).strip()
        apt = debian.Client(work, release, own, [mirror()])
        apt.update()
        packages = apt.resolve(PACKAGES)
        apt.fetch(packages, work)
        root = os.path.join(work, "root")
        for package in packages:
            run(["dpkg-deb", "--extract", os.path.join(work, package.file()),
                 root])
        shutil.move(root, folder)


def of_release(release):
    """That of a release of Debian, by its name."""
    root = os.path.join(CACHE, f"qemu-of-{release}")
    os.makedirs(CACHE, exist_ok=True)
    with open(os.path.join(CACHE, "lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.isdir(root):
            fetch(release, root)
    usr = os.path.join(root, "usr")
    modules = f"QEMU_MODULE_DIR={usr}/lib/x86_64-linux-gnu/qemu"
    return Qemu(["env", modules, f"{usr}/lib64/ld-linux-x86-64.so.2",
                 "--library-path", f"{usr}/lib/x86_64-linux-gnu",
                 f"{usr}/bin/qemu-system-riscv64", "-L", f"{usr}/share/qemu"],
                os.path.join(root, OPENSBI))


def find(name):
    return installed() if name == "installed" else of_release(name)

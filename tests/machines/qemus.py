"""Where QEMU is: the one that is installed, and a newer one.

A newer one comes from a later release of Debian, with its libraries and its
firmware, by apt and from where this computer has its own packages.  It is
unpacked into a folder for such things, once, and nothing is installed.
"""
import fcntl
import glob
import os
import shutil
import subprocess
import tempfile

PATIENCE = 180 # seconds, for all packages
CACHE = os.path.join(os.environ.get("XDG_CACHE_HOME") or
                     os.path.expanduser("~/.cache"), "kerne")
KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
PACKAGES = ("qemu-system-riscv", "opensbi")
OPENSBI = "usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin"
SETTINGS = """\
Dir::State "{0}";
Dir::State::status "{0}/status";
Dir::Cache "{0}";
Dir::Etc::sourcelist "{0}/release.sources";
Dir::Etc::sourceparts "-";
APT::Update::Error-Mode "any";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Retries "0";
Acquire::http::Timeout "20";
Acquire::Languages "none";
"""
SOURCE = """\
Types: deb
URIs: {}
Suites: {}
Components: main
Signed-By: {}
"""


class Missing(Exception):
    """There is no such QEMU to be had; says why."""


class Qemu:
    def __init__(self, words, firmware):
        self.words = words # of its command, the first ones
        self.firmware = firmware
        said = run(words + ["--version"])
        self.version = said.split("version ")[1].split()[0]


def run(words, **more):
    """What a command prints; Missing, if it fails."""
    try:
        return subprocess.run(words, check=True, text=True, timeout=PATIENCE,
                              stdin=subprocess.DEVNULL, capture_output=True,
                              **more).stdout
    except FileNotFoundError as error:
        raise Missing(f"there is no command {words[0]}") from error
    except subprocess.TimeoutExpired as error:
        raise Missing(f"{words[0]} took more than {PATIENCE} s") from error
    except subprocess.CalledProcessError as error:
        said = (error.stdout + error.stderr).splitlines()
        why = [line for line in said if line.startswith("E:")] + said
        raise Missing(f"{words[0]} failed: "
                      f"{why[0] if why else error.returncode}") from error


def installed():
    return Qemu(["qemu-system-riscv64"],
                "/usr/share/qemu/opensbi-riscv64-generic-fw_dynamic.bin")


def mirror():
    """Where this computer has the packages of its own release from."""
    targets = [line.split() for line in run([
        "apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)",
        "Identifier: Packages", "Component: main"]).splitlines()]
    own = [uri for uri, release in targets if "-" not in release]
    if not own or not os.path.exists(KEYS):
        raise Missing("this computer's own packages are not Debian's")
    return own[0]


def fetch(release, folder):
    """Unpacks the packages, and all that they depend on, into `folder`."""
    with tempfile.TemporaryDirectory(dir=CACHE) as work:
        def write(name, text):
            with open(os.path.join(work, name), "w", encoding="utf-8") as file:
                file.write(text)
        write("settings", SETTINGS.format(work))
        write("release.sources", SOURCE.format(mirror(), release, KEYS))
        write("status", "")
        os.makedirs(os.path.join(work, "lists", "partial"))
        os.makedirs(os.path.join(work, "archives", "partial"))
        apt = dict(os.environ, APT_CONFIG=os.path.join(work, "settings"))
        run(["apt-get", "update"], env=apt)
        run(["apt-get", "install", "--download-only", "--yes", *PACKAGES],
            env=apt)
        root = os.path.join(work, "root")
        for package in glob.glob(os.path.join(work, "archives", "*.deb")):
            run(["dpkg-deb", "--extract", package, root])
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

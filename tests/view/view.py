"""For the tests of this folder: where the machine is, and a run of it."""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.path.abspath(os.environ.get("KERNE_BUILD",
                                       os.path.join(HERE, "build")))
sys.path[:0] = [os.path.join(HERE, "tests"), os.path.join(HERE, "tools")]


def built(*names):
    return os.path.join(BUILD, *names)


MACHINE = built("view", "machine", "machine")
KERNE = built("arch", "riscv", "kerne")
CHECKING = built("arch", "riscv", "kerne-checks")
IMAGE = built("image.tar")
# For scripts that start a machine: this one in QEMU's place.
IN_ITS_PLACE = dict(os.environ, KERNE_MACHINE="view")


def run(*options, kernel=KERNE, typed=b"", deadline=60):
    """The command's exit status, and what came on its two outputs."""
    ended = subprocess.run(
        [MACHINE, "-kernel", kernel, "-initrd", IMAGE, *options], input=typed,
        capture_output=True, timeout=deadline, check=False)
    return (ended.returncode, ended.stdout.decode("utf-8", "replace"),
            ended.stderr.decode("utf-8", "replace"))

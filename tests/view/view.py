"""For the tests of this folder: where the machine is, and a run of it."""
import os
import shutil
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


def skip(why):
    """Ends the whole test, which says so."""
    print(f"TAP version 13\n1..0 # SKIP {why}")
    sys.exit(0)


def wants(*commands):
    """Skips the test where one of them is not installed."""
    missing = [name for name in commands if not shutil.which(name)]
    if missing:
        skip(f"no {', '.join(missing)} here")


def wants_page(*commands):
    """The same of what builds the page, and of its libraries.  That it does not
    build is no reason."""
    import page # pylint: disable=import-outside-toplevel # others want no page
    wants("node", "npm", "clang", "wasm-ld", *commands)
    try:
        page.libraries(BUILD)
    except SystemExit:
        skip("the page's libraries cannot be had")


def run(*options, kernel=KERNE, typed=b"", deadline=60):
    """The command's exit status, and what came on its two outputs."""
    ended = subprocess.run(
        [MACHINE, "-kernel", kernel, "-initrd", IMAGE, *options], input=typed,
        capture_output=True, timeout=deadline, check=False)
    return (ended.returncode, ended.stdout.decode("utf-8", "replace"),
            ended.stderr.decode("utf-8", "replace"))

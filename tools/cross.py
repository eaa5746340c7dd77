"""The cross tools and the debugger, as tools/prepare.sh has found them."""
import os
import subprocess

PREFIX = os.environ.get("KERNE_CROSS", "riscv64-unknown-elf-")
COMPILER = PREFIX + "gcc"
STRIP = PREFIX + "strip"
DISASSEMBLER = PREFIX + "objdump"
DEBUGGER = os.environ.get("KERNE_GDB", "gdb-multiarch")

# Of the compiler and the machine with which the figures were measured that the
# pages show and the benches hold.
MEASURED_WITH = "gcc 12 and QEMU 7"


def first_line_of(*command):
    """What a command says first; `unknown`, if it says nothing."""
    try:
        result = subprocess.run(command, capture_output=True, text=True,
                                check=True)
        return result.stdout.splitlines()[0]
    except (OSError, subprocess.CalledProcessError, IndexError):
        return "unknown"


def compiler():
    return "gcc " + first_line_of(COMPILER, "-dumpfullversion")


def qemu():
    said = first_line_of("qemu-system-riscv64", "--version")
    return said.split(" (")[0].replace(" emulator version", "")


def why_not_comparable():
    """Why figures from here are not those of the pages; None: they are."""
    here = " and ".join(said.split(".")[0] for said in (compiler(), qemu()))
    return None if here == MEASURED_WITH else \
        f"it is of {MEASURED_WITH}; here are {here}"


def include_folders():
    """Where the compiler looks for the headers of the C library."""
    said = subprocess.run(
        [COMPILER, "--specs=picolibc.specs", "-E", "-Wp,-v", "-x", "c", "-"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, check=True).stderr
    folders = said.split("search starts here:")[-1].split("End of search")[0]
    return folders.split()

"""The files that the workloads want: Debian's packages, this folder's scripts,
and its programs, compiled by Debian's compiler for Linux."""
import os
import subprocess
import sys
import tempfile

import grove

HERE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ.get("KERNE_BUILD", os.path.join(HERE, "build"))
sys.path[:0] = [os.path.join(HERE, "tests"), os.path.join(HERE, "tools")]

import linux  # noqa: E402 (found by the path above)

FOLDER = os.path.join(HERE, "tests", "linux")
COMPILER = "riscv64-linux-gnu-gcc"
OPTIONS = ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Wno-unused-result"]
LINKED = { # program: its source, and how it is linked
    "t-nolibc": ("t-nolibc.c", ["-static", "-nostdlib", "-ffreestanding"]),
    "t-hello-static": ("t-hello.c", ["-static"]),
    "t-hello-dyn": ("t-hello.c", []),
}
USUAL = ["-static", "-pthread"]


class Missing(Exception):
    """Something that is needed is not there; says what."""


def workloads():
    """The list: for each workload its name and its command."""
    with open(os.path.join(FOLDER, "workloads", "list"),
              encoding="utf-8") as file:
        return dict(line.strip().split(None, 1) for line in file
                    if line.strip() and not line.startswith("#"))


def compiled():
    """The programs, by name; the compiler is as quick as it is to look whether
    it has to."""
    sources = os.path.join(FOLDER, "programs")
    made = {os.path.splitext(name)[0]: (name, USUAL)
            for name in sorted(os.listdir(sources)) if name != "t-hello.c"}
    made.update(LINKED)
    programs = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, (source, options) in made.items():
            path = os.path.join(folder, name)
            try:
                done = subprocess.run(
                    [COMPILER, *OPTIONS, *options, "-o", path,
                     os.path.join(sources, source)], check=False, text=True,
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            except FileNotFoundError as error:
                raise Missing(f"there is no {COMPILER}; the packages gcc-"
                              "riscv64-linux-gnu and libc6-dev-riscv64-cross "
                              "have it") from error
            if done.returncode != 0 or done.stdout:
                raise SystemExit(f"{source} does not compile cleanly:\n"
                                 f"{done.stdout}")
            with open(path, "rb") as file:
                programs[name] = file.read()
    return programs


def files():
    """What stands in /tests: modes and bytes, by path."""
    found = {"tests/tree.tar": (0o644, grove.archive())}
    for name, data in compiled().items():
        found[f"tests/{name}"] = (0o755, data)
    scripts = os.path.join(FOLDER, "workloads")
    for name in sorted(os.listdir(scripts)):
        with open(os.path.join(scripts, name), "rb") as file:
            found[f"tests/{name}"] = (0o755, file.read())
    return found


def make(more=()):
    """The archive's path; `more` files."""
    try:
        return linux.make(linux.PINNED, dict(files(), **dict(more)))
    except linux.debian.Refused as refusal:
        raise Missing(f"Debian's packages are not to be had: {refusal}") \
            from refusal
